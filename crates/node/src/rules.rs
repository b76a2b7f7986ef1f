//! The facts that decisions rest on: authority table, territories, rule packs, tolerances.

use crate::Parameters;
use crate::retention::{RetentionRow, parse_retention};
use kervan_customs::{RulePacks, Territories};
use kervan_documents::Tolerances;
use kervan_dossier::AuthorityTable;
use kervan_model::{DANGEROUS_TABLE, DangerousTable, Finding};
use kervan_positions::Figures;
use kervan_positions::words::WordBook;
use kervan_rights::{Rights, RightsFiles};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Everything that decisions rest on. Immutable once loaded.
pub struct Rules {
    /// Which role may assert which kind of entry.
    pub authority: AuthorityTable,
    /// Customs territories, regimes, offices.
    pub territories: Territories,
    packs: RwLock<Arc<RulePacks>>,
    /// How far documents may differ.
    pub tolerances: Tolerances,
    /// Figures that nobody publishes.
    pub parameters: Parameters,
    /// How names of parties are compared across papers.
    pub names: Arc<kervan_screening::Tables>,
    /// The dangerous goods list, as far as it is held.
    pub dangerous: DangerousTable,
    /// Speeds, tolerances and fences of tracking.
    pub figures: Figures,
    /// Event words of others.
    pub words: WordBook,
    /// How estimates are learned, scored and watched.
    pub tracking: kervan_tracking::Parameters,
    /// How long what is kept, and by which law.
    pub retention: Vec<RetentionRow>,
    policies: RightsFiles,
    rights: OnceLock<Option<Rights>>,
}

impl Rules {
    /// Loads everything; `find` gives the text of a file such as `rules/ge.yaml`, `packs` lists the files of the
    /// rule folder.
    ///
    /// Errors: every finding of every file at once; nothing is loaded half.
    pub fn load(find: impl Fn(&str) -> Option<String>, packs: &[String]) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let authority = find("authority/authority.csv").unwrap_or_default();
        let consent = find("authority/consent.csv").unwrap_or_default();
        let authority = AuthorityTable::load(&authority).and_then(|table| table.with_consent(&consent));
        let authority = keep(authority, &mut findings);
        let territories = keep(Territories::load(|name| find(&format!("customs/{name}"))), &mut findings);
        let tolerances = keep(Tolerances::built_in(), &mut findings);
        let names = keep(kervan_screening::Tables::load(&find), &mut findings);
        let packs = keep(RulePacks::load(&read_rule_files(&find, packs)), &mut findings);
        let parameters =
            keep(Parameters::load(&find("node/parameters.json").unwrap_or_default()), &mut findings);
        let dangerous = DangerousTable::read(&find(DANGEROUS_TABLE).unwrap_or_default());
        let dangerous = keep(
            dangerous.map_err(|error| {
                vec![Finding::error("dangerous.table", error.to_string()).at(DANGEROUS_TABLE)]
            }),
            &mut findings,
        );
        let figures = keep(Figures::load(&find), &mut findings);
        let words = keep(WordBook::load(&find), &mut findings);
        let tracking =
            keep(kervan_tracking::Parameters::load(|name| find(&format!("tracking/{name}"))), &mut findings);
        let retention =
            keep(parse_retention(&find("retention/retention.csv").unwrap_or_default()), &mut findings);
        let loaded = (|| {
            let (figures, words, retention) = (figures?, words?, retention?);
            let (authority, territories) = (authority?, territories?);
            let (packs, tolerances, parameters) = (packs?, tolerances?, parameters?);
            let names = Arc::new(names?);
            let packs = RwLock::new(Arc::new(packs));
            Some(Self {
                authority,
                territories,
                packs,
                tolerances,
                parameters,
                names,
                dangerous: dangerous?,
                figures,
                words,
                tracking: tracking?,
                retention,
                policies: RightsFiles::read(&find, false),
                rights: OnceLock::new(),
            })
        })();
        loaded.ok_or(findings)
    }
}

impl Rules {
    /// The rule packs of the administrations, as they are now. A decision takes them once and keeps them to its end.
    pub fn packs(&self) -> Arc<RulePacks> {
        Arc::clone(&self.packs.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts other policies in the place of those that come with the facts; before anybody has asked.
    ///
    /// Errors: every finding of every file; then nothing is permitted to anybody.
    pub fn use_policies(&mut self, files: RightsFiles) -> Result<(), Vec<Finding>> {
        self.policies = files;
        self.rights = OnceLock::new();
        let rights = Rights::load(&self.policies)?;
        let _ = self.rights.set(Some(rights));
        Ok(())
    }

    /// The policies. They are read when somebody asks for the first time: most commands ask nobody. Policies that cannot be
    /// read permit nothing to anybody.
    pub fn rights(&self) -> Option<&Rights> {
        self.rights.get_or_init(|| Rights::load(&self.policies).ok()).as_ref()
    }

    /// Reads the policies now. Errors: every finding of every file.
    pub fn check_policies(&self) -> Result<(), Vec<Finding>> {
        if self.rights().is_some() { Ok(()) } else { Rights::load(&self.policies).map(drop) }
    }

    /// Puts other packs in the place of all of them, at once.
    pub(crate) fn replace_packs(&self, packs: RulePacks) {
        *self.packs.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(packs);
    }
}

/// The files of a rule folder by name.
pub fn read_rule_files(find: impl Fn(&str) -> Option<String>, paths: &[String]) -> BTreeMap<String, String> {
    paths.iter().filter_map(|path| Some((path.rsplit('/').next()?.to_owned(), find(path)?))).collect()
}

fn keep<T>(loaded: Result<T, Vec<Finding>>, findings: &mut Vec<Finding>) -> Option<T> {
    loaded.map_err(|mut found| findings.append(&mut found)).ok()
}
