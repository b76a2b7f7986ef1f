//! TLS of the node: its certificate and key, read again when the files change.

use super::{Secure, Wire};
use crate::cli::Failure;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// The certificate that is shown at the moment.
#[derive(Debug)]
struct Shown {
    certificate: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Shown {
    /// When the files were changed last.
    fn changed(&self) -> Option<(SystemTime, SystemTime)> {
        let of = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
        Some((of(&self.certificate)?, of(&self.key)?))
    }
}

/// Reads certificate and key, and makes what turns sockets into streams under TLS 1.2 or 1.3.
///
/// Errors: a file cannot be read, holds nothing of the kind, or the key is not the certificate's.
pub fn secure(certificate: &Path, key: &Path) -> Result<Secure, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let current = RwLock::new(read(certificate, key, &provider)?);
    let (certificate, key) = (certificate.to_owned(), key.to_owned());
    let shown = Arc::new(Shown { certificate, key, provider: Arc::clone(&provider), current });
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::new(format!("TLS cannot be set up: {error}")))?;
    let watched = Arc::clone(&shown);
    let config = config.with_no_client_auth().with_cert_resolver(shown);
    tokio::spawn(watch(watched));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Ok(Arc::new(move |socket| {
        let accepting = acceptor.accept(socket);
        Box::pin(async move {
            let wire: Box<dyn Wire> = Box::new(accepting.await?);
            Ok(wire)
        })
    }))
}

/// Takes new files in the place of the old ones; files that cannot be used are told of, and the old ones stay.
async fn watch(shown: Arc<Shown>) {
    let mut seen = shown.changed();
    let mut looking = tokio::time::interval(LOOK);
    loop {
        looking.tick().await;
        let changed = shown.changed();
        if changed == seen {
            continue;
        }
        seen = changed;
        match read(&shown.certificate, &shown.key, &shown.provider) {
            Ok(new) => {
                *shown.current.write().unwrap_or_else(PoisonError::into_inner) = new;
                tracing::info!("a new certificate is shown from now on");
            }
            Err(failure) => {
                tracing::error!(%failure, "the new certificate cannot be used; the old one stays")
            }
        }
    }
}

fn read(certificate: &Path, key: &Path, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, Failure> {
    let unusable = |path: &Path, error: &dyn std::fmt::Display| {
        let failure = Failure::new(format!("{} cannot be used: {error}", path.display()));
        failure
            .remedy("tls.certificate and tls.key name files in PEM; the certificate stands before its chain")
    };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| unusable(certificate, &error))?;
    if chain.is_empty() {
        return Err(unusable(certificate, &"it holds no certificate"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
    let certified = CertifiedKey::from_der(chain, secret, provider).map_err(|error| unusable(key, &error))?;
    Ok(Arc::new(certified))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
        let made = rcgen::generate_simple_self_signed([format!("{name}.example")]).unwrap();
        let (certificate, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        (certificate, key)
    }

    #[test]
    fn only_a_certificate_and_its_own_key_are_taken() {
        let folder = tempfile::tempdir().unwrap();
        let ((certificate, key), (_, other)) = (pair(folder.path(), "one"), pair(folder.path(), "two"));
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "").unwrap();
        let missing = folder.path().join("missing.pem");
        let provider = rustls::crypto::ring::default_provider();
        let cases = [
            (&certificate, &key, true),
            (&certificate, &other, false),
            (&empty, &key, false),
            (&certificate, &empty, false),
            (&missing, &key, false),
            (&key, &certificate, false),
        ];
        for (certificate, key, good) in cases {
            let taken = read(certificate, key, &provider);
            assert_eq!(taken.is_ok(), good, "{} {}", certificate.display(), key.display());
        }
    }
}
