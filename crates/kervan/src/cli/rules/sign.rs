//! `kervan rules sign`: an administration signs its pack.

use super::super::{Failure, Outcome, output};
use super::files::read;
use crate::clock::Clock;
use crate::facts::Facts;
use clap::Args;
use kervan_dossier::PartyKey;
use kervan_node::sign_pack;
use std::path::PathBuf;

/// Sign a pack as the administration that decides by it.
#[derive(Debug, Args)]
pub(in crate::cli) struct SignCommand {
    /// The pack.
    pack: PathBuf,
    /// The administration's private key, PKCS#8 PEM.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where to write the signature; beside the pack as PACK.signature.json if absent.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(command: &SignCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let packs = read(facts, Some(&command.pack))?.load_or_fail()?;
    let mut all = packs.list();
    let (Some(pack), None) = (all.next(), all.next()) else {
        return Err(Failure::new("give one pack, not a folder"));
    };
    let pem = std::fs::read_to_string(&command.key).map_err(Failure::unread(&command.key))?;
    let key = PartyKey::from_pkcs8_pem(&pem).map_err(|error| Failure::new(error.to_string()))?;
    let signature =
        sign_pack(pack, &key, Clock::Wall.now()).map_err(|error| Failure::new(error.to_string()))?;
    let beside = || command.pack.with_file_name(format!("{}.signature.json", pack.reference().id));
    let out = command.out.clone().unwrap_or_else(beside);
    let text = serde_json::to_string_pretty(&signature).map_err(|error| Failure::new(error.to_string()))?;
    std::fs::write(&out, text + "\n").map_err(|error| Failure::new(format!("{}: {error}", out.display())))?;
    let reference = pack.reference();
    output::line(&format!(
        "{} {} {} signed by {}",
        reference.id,
        reference.version,
        reference.hash,
        key.id()
    ));
    output::line(&format!("wrote {}", out.display()));
    Ok(Outcome::Done)
}
