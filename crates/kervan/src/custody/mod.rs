//! Where the keys of parties are kept: the secret that opens them, a folder of key files, a program that signs.

mod folder;
mod program;

pub use folder::FolderKeeper;
pub use program::ProgramKeeper;

use crate::cli::Failure;
use crate::random::fresh;
use kervan_custody::Keeper;
use kervan_identity::{PasswordCost, Secret};
use kervan_node::{Custody, FreshSeal, Refusal};
use kervan_store::Store;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The variable that holds the secret itself. A file is better: a variable is inherited and shown by the system.
pub const SECRET: &str = "KERVAN_KEYS_SECRET";

/// The name of the secret among the credentials that systemd gives a service.
const CREDENTIAL: &str = "kervan-keys";

/// What was said of where keys are kept. Nothing of it is read before a store is opened.
#[derive(Clone, Debug, Default)]
pub struct KeySource {
    /// The file with the secret.
    pub secret_file: Option<PathBuf>,
    /// The secret itself, from the environment.
    pub secret: Option<Secret>,
    /// The folder of credentials of this service.
    pub credentials: Option<PathBuf>,
    /// The folder of key files.
    pub folder: Option<PathBuf>,
    /// The program that signs, with its arguments.
    pub signer: Vec<String>,
}

impl KeySource {
    /// What the environment says.
    pub fn of_environment(find: impl Fn(&str) -> Option<String>) -> Self {
        let path = |name: &str| find(name).filter(|text| !text.is_empty()).map(PathBuf::from);
        let signer = find("KERVAN_KEYS_SIGNER").unwrap_or_default();
        Self {
            secret_file: path("KERVAN_KEYS_SECRET_FILE"),
            secret: find(SECRET).filter(|text| !text.is_empty()).map(Secret::new),
            credentials: path("CREDENTIALS_DIRECTORY"),
            folder: path("KERVAN_KEYS_FOLDER"),
            signer: signer
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The secret: of the file, else of the environment, else of the service's credentials.
    ///
    /// Errors: the file cannot be read, or others may.
    pub fn read_secret(&self) -> Result<Option<Secret>, Failure> {
        if let Some(file) = &self.secret_file {
            return read_secret_file(file).map(Some);
        }
        if self.secret.is_some() {
            return Ok(self.secret.clone());
        }
        let credential = self.credentials.as_ref().map(|folder| folder.join(CREDENTIAL));
        credential.filter(|file| file.is_file()).map(|file| read_secret_file(&file)).transpose()
    }

    /// Whether anything but the clear was asked for.
    pub fn is_strict(&self) -> Result<bool, Failure> {
        Ok(self.folder.is_some() || !self.signer.is_empty() || self.read_secret()?.is_some())
    }

    fn keeper(&self, secret: Option<&Secret>) -> Result<Option<Arc<dyn Keeper>>, Failure> {
        match (&self.folder, self.signer.as_slice(), secret) {
            (Some(_), [_, ..], _) => {
                Err(Failure::new("keys.folder and keys.signer both say who keeps the keys of parties")
                    .remedy("leave one of them empty"))
            }
            (Some(folder), [], Some(secret)) => Ok(Some(Arc::new(FolderKeeper::new(folder, secret.clone())))),
            (Some(_), [], None) => {
                Err(Failure::new("the key files of keys.folder are under a secret, and none is given")
                    .remedy("set keys.secret_file, or KERVAN_KEYS_SECRET"))
            }
            (None, command @ [_, ..], _) => Ok(Some(Arc::new(ProgramKeeper::new(command.to_vec())))),
            (None, [], _) => Ok(None),
        }
    }

    /// The custody of a store.
    ///
    /// Errors: the secret cannot be read or is another one; what to do.
    pub fn open(&self, store: &Store) -> Result<Custody, Failure> {
        let secret = self.read_secret()?;
        let keeper = self.keeper(secret.as_ref())?;
        Custody::open(store, secret.as_ref(), keeper, fresh_seal()).map_err(|refusal| {
            let failure = Failure::new(refusal.to_string());
            match refusal {
                Refusal::NotSigned(_) => failure.remedy(
                    "give the secret with which they were sealed: keys.secret_file, or KERVAN_KEYS_SECRET (docs/identity.md, Keys \
                     that sign)",
                ),
                _ => failure,
            }
        })
    }
}

/// Random bytes for a new seal.
pub fn fresh_seal() -> FreshSeal {
    FreshSeal { salt: fresh(), box_key: fresh(), cost: PasswordCost::TODAY }
}

/// The secret in the first line of a file.
///
/// Errors: it cannot be read, holds none, or everybody may read it.
pub fn read_secret_file(file: &Path) -> Result<Secret, Failure> {
    let shown = file.display();
    let unread = |error: std::io::Error| {
        Failure::new(format!("{shown} cannot be read: {}", kervan_model::in_plain_words(&error)))
    };
    let mode = std::fs::metadata(file).map_err(unread)?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(Failure::new(format!(
            "{shown} holds the secret of keys, and everybody here may read it"
        ))
        .remedy(format!("chmod 600 {shown}")));
    }
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(file).map_err(unread)?);
    match text.lines().next().map(str::trim) {
        None | Some("") => Err(Failure::new(format!("{shown} holds no secret in its first line"))
            .remedy("openssl rand -base64 32 makes a good one")),
        Some(line) => Ok(Secret::new(line)),
    }
}
