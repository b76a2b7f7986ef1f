//! `kervan key new` and `kervan key show`: key files of parties.

use super::dossier_file::{read_bytes, write_new};
use super::output;
use super::{Failure, Outcome};
use crate::random::Random;
use clap::{Args, Subcommand};
use kervan_dossier::PartyKey;
use std::path::{Path, PathBuf};

/// Make and look at the key files with which parties sign.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key. The file is PKCS#8 PEM (Ed25519); nobody else may read it.
    #[command(after_help = "Examples:
  kervan key new --out mover.pem
  KERVAN_PASSPHRASE=... kervan key new --out mover.pem")]
    New {
        /// The file to write; it must not be there yet.
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        passphrase: Passphrase,
    },
    /// Print the identifier of a key.
    #[command(after_help = "Example:\n  kervan key show mover.pem")]
    Show {
        /// The key file.
        file: PathBuf,
        #[command(flatten)]
        passphrase: Passphrase,
    },
}

/// Where the passphrase of a key file comes from.
#[derive(Debug, Default, Args)]
pub(super) struct Passphrase {
    /// File with the passphrase of the key file in its first line; without it, the environment's KERVAN_PASSPHRASE if it is
    /// set.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Passphrase {
    #[expect(clippy::disallowed_methods, reason = "the binary reads the environment")]
    fn read(&self) -> Result<Option<String>, Failure> {
        if let Some(file) = &self.passphrase_file {
            let text = String::from_utf8_lossy(&read_bytes(file)?).into_owned();
            return Ok(Some(text.lines().next().unwrap_or_default().to_owned()));
        }
        Ok(std::env::var("KERVAN_PASSPHRASE").ok().filter(|text| !text.is_empty()))
    }
}

/// Reads a key file.
pub(super) fn read_key(file: &Path, passphrase: &Passphrase) -> Result<PartyKey, Failure> {
    let text = String::from_utf8_lossy(&read_bytes(file)?).into_owned();
    let failure = |error: kervan_dossier::KeyError| Failure::new(format!("{}: {error}", file.display()));
    if !PartyKey::is_encrypted(&text) {
        return PartyKey::from_pkcs8_pem(&text)
            .map_err(|error| failure(error).remedy("kervan key new --out FILE"));
    }
    let passphrase = passphrase.read()?.ok_or_else(|| {
        Failure::new(format!("{} is under a passphrase", file.display()))
            .remedy("give it with --passphrase-file FILE or in KERVAN_PASSPHRASE")
    })?;
    PartyKey::from_encrypted_pem(&text, &passphrase)
        .map_err(|error| failure(error).remedy("is it the passphrase of this file?"))
}

/// Runs a key command.
pub(super) fn run(command: &KeyCommand) -> Result<Outcome, Failure> {
    match command {
        KeyCommand::New { out, passphrase } => {
            let key = PartyKey::from_seed(Random::System.secret("key"));
            let pem = match passphrase.read()? {
                Some(passphrase) => key.to_encrypted_pem(&passphrase, &mut *Random::System.salts("key")),
                None => key.to_pkcs8_pem(),
            };
            let pem = pem.map_err(|error| Failure::new(error.to_string()))?;
            write_new(out, pem.as_bytes())?;
            output::line(&format!("did: {}", key.did()));
        }
        KeyCommand::Show { file, passphrase } => {
            let key = read_key(file, passphrase)?;
            output::line(&format!("did: {}", key.did()));
            output::line(&format!("key: {}", key.id()));
        }
    }
    Ok(Outcome::Done)
}
