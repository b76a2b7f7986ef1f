//! Reading the files of a rule folder for the command line.

use super::super::Failure;
use crate::facts::Facts;
use kervan_customs::RulePack;
use kervan_customs::RulePacks;
use kervan_customs::rules::{PackTestReport, run_pack_tests};
use kervan_model::Finding;
use kervan_node::read_rule_files;
use std::collections::BTreeMap;
use std::path::Path;

/// Name of the case from which every test begins.
const SPECIMEN: &str = "specimen.case.yaml";

/// The files of a rule folder, and the one pack that was asked for, if it was one.
pub(super) struct RuleFiles {
    pub(super) files: BTreeMap<String, String>,
    only: Option<String>,
}

/// Reads a folder, or the folder of one pack, or the shipped packs.
pub(super) fn read(facts: &Facts, path: Option<&Path>) -> Result<RuleFiles, Failure> {
    let Some(path) = path else {
        let files = read_rule_files(|path| facts.find(path), &facts.list("rules/"));
        return Ok(RuleFiles { files, only: None });
    };
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("{} cannot be read: {}", path.display(), kervan_model::in_plain_words(&error)))
            .remedy("give a folder of packs, or one pack; without any the shipped packs are taken")
    };
    let is_file = std::fs::metadata(path).map_err(unreadable)?.is_file();
    let only = path.file_name().filter(|_| is_file).map(|name| name.to_string_lossy().into_owned());
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = if is_file { parent } else { path };
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?.path();
        let (Some(name), true) = (entry.file_name().and_then(|name| name.to_str()), entry.is_file()) else {
            continue;
        };
        if let Ok(text) = std::fs::read_to_string(&entry) {
            files.insert(name.to_owned(), text);
        }
    }
    // A pack may be tried on the shipped specimen and with the shipped libraries; what stands beside it comes first.
    for shipped in facts.list("rules/") {
        let name = shipped.trim_start_matches("rules/");
        let lent = name == SPECIMEN || name.ends_with(".library.yaml") || name.ends_with(".words.yaml");
        if lent
            && !files.contains_key(name)
            && let Some(text) = facts.find(&shipped)
        {
            files.insert(name.to_owned(), text);
        }
    }
    Ok(RuleFiles { files, only })
}

impl RuleFiles {
    /// Loads the packs that were asked for. Errors: every finding.
    pub(super) fn load(&self) -> Result<RulePacks, Vec<Finding>> {
        let Some(only) = &self.only else { return RulePacks::load(&self.files) };
        let is_beside = |name: &str| {
            name == only || [".library.yaml", ".words.yaml", ".csv"].iter().any(|end| name.ends_with(end))
        };
        let files = self.files.iter().filter(|(name, _)| is_beside(name));
        RulePacks::load(&files.map(|(name, text)| (name.clone(), text.clone())).collect())
    }

    /// Loads the packs or says that they cannot be.
    pub(super) fn load_or_fail(&self) -> Result<RulePacks, Failure> {
        self.load().map_err(|findings| {
            let first = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
            Failure::new(format!("the packs cannot be loaded: {first} ({} findings)", findings.len()))
                .remedy("kervan rules check, with the same path, lists every fault")
        })
    }

    /// The specimen case.
    pub(super) fn specimen(&self) -> &str {
        self.files.get(SPECIMEN).map(String::as_str).unwrap_or_default()
    }

    /// The test cases of a pack, if there are any.
    pub(super) fn find_tests(&self, pack: &RulePack) -> Option<&str> {
        self.files.get(&format!("{}.tests.yaml", pack.reference().id)).map(String::as_str)
    }

    /// Runs the tests of a pack.
    pub(super) fn run_tests(&self, pack: &RulePack) -> Option<PackTestReport> {
        self.find_tests(pack).map(|tests| run_pack_tests(pack, self.specimen(), tests))
    }
}
