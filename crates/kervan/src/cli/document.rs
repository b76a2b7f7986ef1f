//! `kervan document`: the legal documents of a consignment.

use super::{Failure, Outcome, package};
use crate::facts::Facts;
use clap::Subcommand;

/// Make the legal documents of a consignment.
#[derive(Debug, Subcommand)]
pub(super) enum DocumentCommand {
    /// Write every document of a consignment as one PDF: cover, contents, documents, signatures.
    Package(package::PackageCommand),
}

/// Runs a document command.
pub(super) fn run(command: &DocumentCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        DocumentCommand::Package(command) => package::run(command, facts),
    }
}
