//! All packs of a directory.

use super::pack::RulePack;
use super::reading::Reading;
use crate::Procedure;
use jiff::civil::Date;
use kervan_model::{Finding, TerritoryId};
use std::collections::BTreeMap;

/// Rule packs by id.
#[derive(Debug, Default)]
pub struct RulePacks {
    packs: BTreeMap<String, RulePack>,
}

/// How the name of a library ends; libraries are no packs of their own.
const LIBRARY: &str = ".library.yaml";
/// How the name of the words of a language ends.
const WORDS: &str = ".words.yaml";
/// How the name of a file of test cases ends.
const TESTS: &str = ".tests.yaml";
/// How the name of the specimen case ends.
const SPECIMEN: &str = ".case.yaml";

impl RulePacks {
    /// Reads every pack among files given by name: those that end in `.yaml` and are no library, tests or case.
    ///
    /// Errors: the findings of all packs; if one has a fault, none is loaded.
    pub fn load(files: &BTreeMap<String, String>) -> Result<Self, Vec<Finding>> {
        let mut packs: BTreeMap<String, RulePack> = BTreeMap::new();
        let mut findings = Vec::new();
        let find = |name: &str| files.get(name).cloned();
        let reading = Reading::new(&find);
        for (name, text) in files {
            let pack = name.ends_with(".yaml")
                && ![LIBRARY, TESTS, SPECIMEN, WORDS].iter().any(|end| name.ends_with(end));
            if !pack {
                continue;
            }
            match RulePack::read(text, &reading) {
                Ok(pack) => {
                    let id = pack.reference().id.clone();
                    if packs.insert(id.clone(), pack).is_some() {
                        let message = format!("two packs are called `{id}`");
                        findings.push(Finding::error("rules.pack-twice", message).at(name.clone()));
                    }
                }
                Err(more) => findings.extend(more.into_iter().map(|mut finding| {
                    finding.path = Some(match finding.path {
                        Some(path) => format!("{name}: {path}"),
                        None => name.clone(),
                    });
                    finding
                })),
            }
        }
        if findings.is_empty() { Ok(Self { packs }) } else { Err(findings) }
    }

    /// A pack by its id.
    pub fn find(&self, id: &str) -> Option<&RulePack> {
        self.packs.get(id)
    }

    /// Every pack, by id.
    pub fn list(&self) -> impl Iterator<Item = &RulePack> {
        self.packs.values()
    }

    /// The pack by which a territory decides on a procedure for goods that enter on a day: the one in force, and of
    /// several the one that came into force last.
    pub fn find_for(&self, territory: &TerritoryId, procedure: Procedure, day: Date) -> Option<&RulePack> {
        self.packs
            .values()
            .filter(|pack| pack.serves(territory, procedure, day))
            .max_by_key(|pack| (pack.effective().since, &pack.reference().id))
    }
}
