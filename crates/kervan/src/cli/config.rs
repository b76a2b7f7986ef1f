//! `kervan config`: what a node is configured to, where each value came from, and whether a file is right.

use super::{Failure, Outcome, output};
use crate::config::{Config, print, show, warn_of_variables};
use clap::Args;
use kervan_model::Finding;
use std::path::{Path, PathBuf};

/// Print the configuration of a node: every key with what it does, its value and where that came from.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan config --default > kervan.toml      a whole file to start from
  kervan config --check kervan.toml          every fault of a file
  kervan config --config kervan.toml --json  what a node with this file would run with, for programs

A flag of kervan serve overrides the environment (KERVAN_LIMITS_BURST), which overrides the file, which overrides the defaults.")]
pub(super) struct ConfigCommand {
    /// Read this file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only the defaults: neither a file nor the environment.
    #[arg(long, conflicts_with_all = ["config", "check"])]
    default: bool,
    /// Only say whether a file is right, and every fault of it.
    #[arg(long, value_name = "FILE", conflicts_with = "config")]
    check: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &ConfigCommand) -> Result<Outcome, Failure> {
    let mut config = Config::default();
    let mut findings = Vec::new();
    if let Some(file) = command.check.as_ref().or(command.config.as_ref()) {
        findings.extend(read(&mut config, file)?);
    }
    if !command.default && command.check.is_none() {
        findings.extend(read_environment(&mut config));
    }
    // A file is half of what a node runs with: the other half of a pair may stand in the environment.
    let mut whole = config.clone();
    if !command.default {
        read_environment(&mut whole);
    }
    findings.extend(whole.check());
    if !command.default {
        for finding in warn_of_environment() {
            output::error(&output::sentence(&finding));
        }
    }
    if !findings.is_empty() {
        if command.json {
            output::json(&findings);
        } else {
            output::findings(&findings);
        }
        return Ok(Outcome::FoundErrors);
    }
    match (&command.check, command.json) {
        (Some(file), false) => output::line(&format!("{} is right", file.display())),
        (Some(_), true) => output::json(&findings),
        (None, true) => output::json(&show(&config)),
        (None, false) => output::line(print(&config).trim_end()),
    }
    Ok(Outcome::Done)
}

/// Takes what a file says; gives its faults. Errors: it cannot be read.
pub(super) fn read(config: &mut Config, file: &Path) -> Result<Vec<Finding>, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(format!("{name} cannot be read: {}", kervan_model::in_plain_words(&error)))
            .remedy("kervan config --default prints a whole file")
    })?;
    Ok(config.read_file(&name, &text))
}

/// Takes what the environment says; gives its faults.
#[expect(
    clippy::disallowed_methods,
    reason = "the configuration of the binary; nothing below it reads the environment"
)]
pub(super) fn read_environment(config: &mut Config) -> Vec<Finding> {
    config.read_environment(|name| std::env::var(name).ok())
}

/// Variables of the environment that are near to the one of a key and are none.
pub(super) fn warn_of_environment() -> Vec<Finding> {
    warn_of_variables(std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()))
}
