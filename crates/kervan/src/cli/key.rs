//! `kervan key`: key files of parties, and how the keys of a node are kept.

use super::dossier_file::{read_bytes, write_new};
use super::serve::DATA;
use super::{Failure, Outcome};
use super::{key_custody, output};
use crate::facts::Facts;
use crate::random::Random;
use clap::{Args, Subcommand};
use kervan_dossier::PartyKey;
use kervan_identity::Secret;
use std::path::{Path, PathBuf};

/// Make and look at the keys with which parties sign, and how a node keeps them.
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
    /// List the keys with which a node signs, and how each is kept: in the clear, sealed, or outside of the store.
    #[command(after_help = "Examples:\n  kervan key list\n  kervan key list --json --data /var/lib/kervan")]
    List {
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Seal the keys of a node that stand in its store in the clear; with KERVAN_KEYS_FOLDER they go into key files.
    #[command(after_help = "Example:
  openssl rand -base64 32 > /etc/kervan/keys-secret; chmod 600 /etc/kervan/keys-secret
  KERVAN_KEYS_SECRET_FILE=/etc/kervan/keys-secret kervan key encrypt --data /var/lib/kervan

Stop the node first. A node that starts with a secret does the same. The file of the store is written anew, so that nothing of the
keys is left in it; copies from before still hold them. Without the secret nobody can sign again: keep it apart from backups.

Exit codes: 0 no key is in the clear, 1 some are (a signer takes no keys that were made elsewhere), 2 refused or failed.")]
    Encrypt {
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Put the keys of a node under another secret.
    #[command(after_help = "Example:
  KERVAN_KEYS_SECRET_FILE=old-secret kervan key change-secret --new-file new-secret --data /var/lib/kervan

Stop the node first, and give it the new secret before it starts again.")]
    ChangeSecret {
        /// File with the new secret in its first line.
        #[arg(long, value_name = "FILE")]
        new_file: PathBuf,
        /// Folder of the store.
        #[arg(long, value_name = "DIR", default_value = DATA)]
        data: PathBuf,
    },
    /// Make keys and sign for a node that asks on standard input: what keys.signer names. It gives no private key out.
    #[command(after_help = "Example, in kervan.toml:
  keys.signer = [\"sudo\", \"-u\", \"signer\", \"kervan\", \"key\", \"signer\", \"--folder\", \"/var/lib/signer\",
                 \"--passphrase-file\", \"/etc/signer/secret\"]

The protocol is a line for a line, so that a program in front of a hardware module fits as well: docs/identity.md, Keys that sign.")]
    Signer {
        /// Folder of its key files; made if it is missing.
        #[arg(long, value_name = "DIR")]
        folder: PathBuf,
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
pub(super) fn run(command: &KeyCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        KeyCommand::New { out, passphrase } => {
            let key = PartyKey::from_seed(Random::System.secret("key"));
            let pem = match passphrase.read()? {
                Some(passphrase) => key.to_encrypted_pem(&passphrase, &mut *Random::System.salts("key")),
                None => key.to_pkcs8_pem().map(|pem| pem.to_string()),
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
        KeyCommand::List { data, json } => return key_custody::list(facts, data, *json),
        KeyCommand::Encrypt { data } => return key_custody::encrypt(facts, data),
        KeyCommand::ChangeSecret { new_file, data } => return key_custody::change(facts, data, new_file),
        KeyCommand::Signer { folder, passphrase } => {
            let secret = passphrase.read()?.ok_or_else(|| {
                Failure::new("the key files of a signer are under a passphrase, and none is given")
                    .remedy("--passphrase-file FILE, or KERVAN_PASSPHRASE")
            })?;
            return key_custody::sign_for(folder, Secret::new(secret));
        }
    }
    Ok(Outcome::Done)
}
