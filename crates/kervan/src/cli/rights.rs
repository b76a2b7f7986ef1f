//! `kervan rights`: the policies of who may do what.

use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::{Args, Subcommand};
use kervan_rights::{PolicyTest, Rights, RightsFiles, run_policy_tests, schema, write_table};
use std::path::{Path, PathBuf};

/// Check and explain the policies of who may do what.
#[derive(Debug, Subcommand)]
pub(super) enum RightsCommand {
    /// Check a folder of policies and run its tests.
    #[command(after_help = "Examples:
  kervan rights check
  kervan rights check my-policies

A folder holds *.cedar, parts.csv, parameters.csv and tests.csv, as data/rights does. Exit codes: 0 everything holds,
1 findings, 2 the folder cannot be read.")]
    Check(FolderArguments),
    /// Say who decides a question: which policy permits it, or that none does.
    #[command(after_help = "Examples:
  kervan rights explain party,rail-az,carrier,,get-consignment,participant
  kervan rights explain visitor,,,,get-network,

The question is a line of tests.csv: standing,party,roles,territory,action,relations. Exit codes: 0 permitted, 1 not.")]
    Explain {
        /// The question.
        question: String,
        #[command(flatten)]
        folder: FolderArguments,
    },
    /// Print the table of rights of the policies that come with the program, in Markdown.
    Table,
    /// Print the schema of policies: what they may name.
    Schema,
}

/// Which policies.
#[derive(Debug, Args)]
pub(super) struct FolderArguments {
    /// Folder of policies; those that come with the program if absent.
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl FolderArguments {
    fn read(&self, facts: &Facts) -> Result<(RightsFiles, String), Failure> {
        match &self.folder {
            Some(folder) => {
                let tests = std::fs::read_to_string(folder.join("tests.csv")).unwrap_or_default();
                Ok((read_policies(folder)?, tests))
            }
            None => {
                let tests = facts.find("rights/tests.csv").unwrap_or_default();
                Ok((RightsFiles::read(|path| facts.find(path), false), tests))
            }
        }
    }
}

/// Reads a folder of policies. Errors: it cannot be read, or holds none.
pub(super) fn read_policies(folder: &Path) -> Result<RightsFiles, Failure> {
    let shown = folder.display();
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("{shown} cannot be read: {}", kervan_model::in_plain_words(&error)))
    };
    let mut files = RightsFiles::default();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else { continue };
        if path.extension().is_some_and(|ending| ending == "cedar") {
            files.policies.insert(name, std::fs::read_to_string(&path).map_err(unreadable)?);
        }
    }
    if files.policies.is_empty() {
        let failure = Failure::new(format!("{shown} holds no policies"));
        return Err(failure.remedy("copy data/rights and change the copy; docs/rights.md shows how"));
    }
    for (name, text) in [("parts.csv", &mut files.parts), ("parameters.csv", &mut files.parameters)] {
        *text = std::fs::read_to_string(folder.join(name)).map_err(|error| {
            Failure::new(format!("{shown}/{name} cannot be read: {}", kervan_model::in_plain_words(&error)))
                .remedy("copy it from data/rights")
        })?;
    }
    Ok(files)
}

/// Runs the command.
pub(super) fn run(command: &RightsCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        RightsCommand::Check(folder) => {
            let (files, tests) = folder.read(facts)?;
            let (rights, mut findings) = match Rights::load(&files) {
                Ok(rights) => (Some(rights), Vec::new()),
                Err(findings) => (None, findings),
            };
            let mut count = 0;
            if let Some(rights) = &rights {
                let (ran, failed) = run_policy_tests(rights, &tests);
                (count, findings) = (ran, failed);
            }
            output::findings(&findings);
            let of = files.policies.len();
            output::line(&format!("{of} files, {count} tests, {} findings", findings.len()));
            Ok(if findings.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
        }
        RightsCommand::Explain { question, folder } => {
            let (files, _) = folder.read(facts)?;
            let rights = load(&files)?;
            let asked = PolicyTest::read(&format!("{question},"), 1).map_err(|finding| {
                Failure::new(finding.message).remedy("write standing,party,roles,territory,action,relations")
            })?;
            let decision = rights.decide(&asked.caller, asked.action, asked.relations);
            let said = if decision.permitted { "permitted" } else { "not permitted" };
            output::line(&format!("{said}: {}", decision.reason()));
            Ok(if decision.permitted { Outcome::Done } else { Outcome::FoundErrors })
        }
        RightsCommand::Table => {
            let table = write_table().map_err(|findings| failed(&findings))?;
            output::line(table.trim_end());
            Ok(Outcome::Done)
        }
        RightsCommand::Schema => {
            output::line(schema().trim_end());
            Ok(Outcome::Done)
        }
    }
}

fn load(files: &RightsFiles) -> Result<Rights, Failure> {
    Rights::load(files).map_err(|findings| failed(&findings))
}

fn failed(findings: &[kervan_model::Finding]) -> Failure {
    let lines: Vec<_> = findings.iter().map(|finding| finding.message.clone()).collect();
    Failure::new(lines.join("; ")).remedy("kervan rights check DIR lists every fault")
}
