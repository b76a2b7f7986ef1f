//! Keys in a folder: one file of PKCS#8 under a passphrase (PBES2 with scrypt and AES-256) for each party, which every tool reads.

use crate::random::Random;
use kervan_custody::Keeper;
use kervan_dossier::{KeyError, KeyId, PartyKey};
use kervan_identity::Secret;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps keys in files. A file is opened when its key signs for the first time.
#[derive(Debug)]
pub struct FolderKeeper {
    folder: PathBuf,
    secret: Secret,
    open: Mutex<BTreeMap<String, Arc<PartyKey>>>,
}

impl FolderKeeper {
    /// A folder, and the secret of its files.
    pub fn new(folder: &Path, secret: Secret) -> Self {
        Self { folder: folder.to_owned(), secret, open: Mutex::default() }
    }

    fn file_of(&self, holder: &str) -> Result<PathBuf, KeyError> {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if holder.starts_with('.') || !holder.bytes().all(inner) {
            return Err(KeyError::NotSigned(format!("`{holder}` cannot name a key file")));
        }
        Ok(self.folder.join(format!("{holder}.pem")))
    }

    fn read(&self, holder: &str, file: &Path) -> Result<Arc<PartyKey>, KeyError> {
        let failed = |why: &dyn std::fmt::Display| KeyError::NotSigned(format!("{}: {why}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| failed(&error))?;
        let key = PartyKey::from_encrypted_pem(&text, self.secret.reveal())
            .map_err(|error| failed(&format!("{error}; is it under the secret of keys.secret_file?")))?;
        let key = Arc::new(key);
        self.lock().insert(holder.to_owned(), Arc::clone(&key));
        Ok(key)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<PartyKey>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a file beside and puts it in its place, so that a stop in between loses no key.
    fn write(&self, file: &Path, key: &PartyKey, secret: &Secret) -> Result<(), KeyError> {
        let failed = |error: std::io::Error| KeyError::NotSigned(format!("{}: {error}", file.display()));
        let pem = key.to_encrypted_pem(secret.reveal(), &mut *Random::System.salts("key"))?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).map_err(failed)?;
        let beside = file.with_extension("pem.new");
        let mut open = OpenOptions::new();
        let mut out =
            open.write(true).create(true).truncate(true).mode(0o600).open(&beside).map_err(failed)?;
        out.write_all(pem.as_bytes()).and_then(|()| out.sync_all()).map_err(failed)?;
        std::fs::rename(&beside, file).map_err(failed)?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    /// Puts the files under another secret. What was written before a stop is taken as it is, so that it can be told again.
    ///
    /// Errors: a file opens under neither, or cannot be written.
    pub fn change_secret(&self, new: &Secret) -> Result<usize, KeyError> {
        let failed =
            |error: std::io::Error| KeyError::NotSigned(format!("{}: {error}", self.folder.display()));
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(failed)? {
            files.push(entry.map_err(failed)?.path());
        }
        files.retain(|file| file.extension().is_some_and(|ending| ending == "pem"));
        files.sort();
        for file in &files {
            let text = std::fs::read_to_string(file).map_err(failed)?;
            if PartyKey::from_encrypted_pem(&text, new.reveal()).is_err() {
                let key = PartyKey::from_encrypted_pem(&text, self.secret.reveal())
                    .map_err(|error| KeyError::NotSigned(format!("{}: {error}", file.display())))?;
                self.write(file, &key, new)?;
            }
        }
        Ok(files.len())
    }
}

impl Keeper for FolderKeeper {
    fn keep(&self, holder: &str, fresh: PartyKey) -> Result<KeyId, KeyError> {
        let file = self.file_of(holder)?;
        if file.exists() {
            let there = self.read(holder, &file)?;
            if there.id() != fresh.id() {
                let text = format!("{} holds another key of {holder}; move it away first", file.display());
                return Err(KeyError::NotSigned(text));
            }
        } else {
            self.write(&file, &fresh, &self.secret)?;
        }
        Ok(fresh.id().clone())
    }

    fn takes_keys(&self) -> bool {
        true
    }

    fn sign(&self, holder: &str, id: &KeyId, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let known = self.lock().get(holder).cloned();
        let key = match known {
            Some(key) => key,
            None => self.read(holder, &self.file_of(holder)?)?,
        };
        if key.id() != id {
            return Err(KeyError::NotSigned(format!("the key file of {holder} holds another key than {id}")));
        }
        Ok(key.sign(message))
    }

    fn shown(&self) -> String {
        format!("the folder {}", self.folder.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_keys_under_its_secret_and_under_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) =
            (Secret::new("correct horse battery staple"), Secret::new("wrong horse battery staple"));
        let key = PartyKey::from_seed([7; 32]);
        let keeper = FolderKeeper::new(folder.path(), old.clone());
        let id = keeper.keep("rail-az", key.clone()).unwrap();
        assert_eq!(keeper.keep("rail-az", key.clone()).unwrap(), id, "told again after a stop");
        assert!(keeper.keep("rail-az", PartyKey::from_seed([8; 32])).is_err(), "a key is not written over");
        assert!(keeper.keep("../rail-az", key.clone()).is_err());
        let text = std::fs::read_to_string(folder.path().join("rail-az.pem")).unwrap();
        assert!(PartyKey::is_encrypted(&text));
        let signs =
            |secret: &Secret| FolderKeeper::new(folder.path(), secret.clone()).sign("rail-az", &id, b"text");
        assert_eq!(signs(&old).unwrap(), key.sign(b"text"));
        assert!(signs(&new).unwrap_err().to_string().contains("rail-az.pem"));
        for _ in 0..2 {
            assert_eq!(keeper.change_secret(&new), Ok(1), "and again after a stop");
        }
        assert!(signs(&old).is_err());
        assert_eq!(signs(&new).unwrap(), key.sign(b"text"));
    }
}
