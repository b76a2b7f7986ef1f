//! The authority table: which role may assert which kind of fact, and about what. It is data.

use crate::consent_table::{ConsentRow, read_rows};
use crate::facts::Fact;
use crate::header::Author;
use kervan_model::{EntryKind, Finding, PartyId, Reference, Role};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What an assertion may speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Anything in the dossier.
    Any,
    /// The author's own party, such as its keys.
    OwnParty,
    /// The territory that the author acts for.
    OwnTerritory,
    /// A movement of this dossier's consignment.
    OwnMovement,
    /// The consignment, by the party that declared it.
    OwnConsignment,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRow {
    /// The kind of fact.
    pub kind: EntryKind,
    /// The role that may assert it.
    pub role: Role,
    /// What it may speak of.
    pub scope: Scope,
    /// Why: law, convention or our own rule.
    pub source: String,
}

/// Which role may assert which kind of fact.
#[derive(Clone, Debug, Default)]
pub struct AuthorityTable {
    rows: BTreeMap<(EntryKind, Role), Vec<AuthorityRow>>,
    consent: Vec<ConsentRow>,
}

/// What a scope is judged against.
#[derive(Clone, Copy)]
pub(crate) struct ScopeContext<'a> {
    /// Who declared the consignment.
    pub(crate) declarant: &'a PartyId,
    /// The consignment's reference, if this copy shows it.
    pub(crate) reference: Option<&'a Reference>,
}

#[derive(Deserialize)]
struct RowFile {
    kind: EntryKind,
    role: Role,
    scope: Scope,
    source: String,
}

impl AuthorityTable {
    /// Reads the table: CSV with the columns `kind`, `role`, `scope`, `source`.
    ///
    /// Errors: all findings, if a row cannot be read, stands twice, has no source, or a kind has no row at all.
    pub fn load(text: &str) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut table = Self::default();
        for (index, row) in csv::Reader::from_reader(text.as_bytes()).deserialize::<RowFile>().enumerate() {
            let path = format!("authority.csv:{}", index + 2);
            match row {
                Err(error) => {
                    let message = format!("the row cannot be read: {}", kervan_model::in_plain_words(&error));
                    findings.push(Finding::error("authority.row", message).at(path));
                }
                Ok(row) => findings.extend(table.add(row).map(|finding| finding.at(path))),
            }
        }
        for kind in EntryKind::ALL {
            if !table.rows.keys().any(|(known, _)| *known == kind) {
                let message = format!("no role may assert `{kind}`");
                findings.push(Finding::error("authority.kind-without-role", message).at("authority.csv"));
            }
        }
        if findings.is_empty() { Ok(table) } else { Err(findings) }
    }

    /// With the table that says whose consent an amendment needs: CSV with the columns `path`, `role`, `source`,
    /// `confidence`. Without it no amendment needs any.
    ///
    /// Errors: all findings, if a row cannot be read, is no pointer, has no source or stands twice.
    pub fn with_consent(self, text: &str) -> Result<Self, Vec<Finding>> {
        Ok(Self { consent: read_rows(text)?, ..self })
    }

    /// The rows that say whose consent an amendment needs.
    pub fn list_consent_rows(&self) -> &[ConsentRow] {
        &self.consent
    }

    fn add(&mut self, row: RowFile) -> Option<Finding> {
        let RowFile { kind, role, scope, source } = row;
        let rows = self.rows.entry((kind, role)).or_default();
        if source.trim().is_empty() {
            return Some(Finding::error("authority.no-source", "the row has no source"));
        }
        if rows.iter().any(|row| row.scope == scope) {
            return Some(Finding::error(
                "authority.row-twice",
                format!("`{kind}` by {role} stands here twice"),
            ));
        }
        rows.push(AuthorityRow { kind, role, scope, source });
        None
    }

    /// Every row, by kind and role.
    pub fn list_rows(&self) -> impl Iterator<Item = &AuthorityRow> {
        self.rows.values().flatten()
    }

    /// Judges whether an author may state a fact; `fact` is `None` where the copy withholds it, and then only kind and role
    /// can be judged.
    pub(crate) fn judge(
        &self,
        kind: EntryKind,
        author: &Author,
        fact: Option<&Fact>,
        context: ScopeContext<'_>,
    ) -> Result<(), Finding> {
        let Some(rows) = self.rows.get(&(kind, author.role)) else {
            let roles: Vec<_> = Role::ALL
                .into_iter()
                .filter(|role| self.rows.contains_key(&(kind, *role)))
                .map(Role::word)
                .collect();
            let message = format!("{author} may not assert `{kind}`; that is for {}", roles.join(", "));
            return Err(outside(message));
        };
        if rows.iter().any(|row| row.scope.covers(author, fact, context)) {
            return Ok(());
        }
        let scopes: Vec<_> = rows.iter().map(|row| row.scope.in_words()).collect();
        let message = format!("{author} may assert `{kind}` only of {}", scopes.join(" or "));
        Err(rows.iter().fold(outside(message), |finding, row| finding.source(row.source.clone())))
    }
}

fn outside(message: String) -> Finding {
    Finding::warning("dossier.outside-authority", message)
        .rule("authority.csv")
        .remedy("the entry is kept and ignored; the party that has the authority must state the fact")
}

impl Scope {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::OwnParty => "its own party",
            Self::OwnTerritory => "its own territory",
            Self::OwnMovement => "a movement of this consignment",
            Self::OwnConsignment => "a consignment that it declared itself",
        }
    }

    fn covers(self, author: &Author, fact: Option<&Fact>, context: ScopeContext<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::OwnConsignment => author.party == *context.declarant,
            Self::OwnParty => fact.is_none_or(|fact| match fact {
                Fact::KeyRotated(fact) => fact.party == author.party,
                Fact::KeyRevoked(fact) => fact.party == author.party,
                Fact::ParticipantsWithdrawn(fact) => fact.parties.iter().all(|party| *party == author.party),
                _ => false,
            }),
            Self::OwnTerritory => author.territory.as_ref().is_some_and(|own| {
                fact.is_none_or(|fact| match fact {
                    Fact::TransitDeclared(fact) => fact.territory == *own,
                    Fact::TransitDecided(fact) => fact.territory == *own,
                    _ => false,
                })
            }),
            Self::OwnMovement => fact.is_none_or(|fact| {
                let movement = match fact {
                    Fact::TransitDeclared(fact) => &fact.movement,
                    Fact::TransitDecided(fact) => &fact.movement,
                    _ => return false,
                };
                let of = movement.as_str().rsplit_once('/').map(|(reference, _)| reference);
                context.reference.is_none_or(|reference| of == Some(reference.as_str()))
            }),
        }
    }
}
