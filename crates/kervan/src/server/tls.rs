//! TLS of the node: its certificate and key, read again when the files change.

use super::certificate::Certificate;
use super::{Secure, Wire};
use crate::cli::Failure;
use crate::clock::Clock;
use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);
/// After how many looks it is told again that a certificate runs out: a day.
const LOOKS_UNTIL_TOLD: u32 = 2 * 60 * 24;

/// The certificate that is shown at the moment.
#[derive(Debug)]
struct Shown {
    certificate: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Certificate>,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).certified))
    }
}

impl Shown {
    /// When the files were changed last.
    fn changed(&self) -> Option<(SystemTime, SystemTime)> {
        let of = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
        Some((of(&self.certificate)?, of(&self.key)?))
    }

    /// Until when the certificate counts that is shown.
    fn until(&self) -> Timestamp {
        self.current.read().unwrap_or_else(PoisonError::into_inner).until
    }
}

/// Reads certificate and key, and makes what turns sockets into streams under TLS 1.2 or 1.3.
///
/// `until` is kept at the instant until which the certificate counts. Errors: a file cannot be read, holds nothing of the kind, or
/// the key is not the certificate's.
pub fn secure(certificate: &Path, key: &Path, until: Arc<AtomicI64>) -> Result<Secure, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let current = Certificate::read(certificate, key, &provider)?;
    current.tell(Clock::Wall.now());
    until.store(current.until.as_second(), Ordering::Relaxed);
    let current = RwLock::new(current);
    let (certificate, key) = (certificate.to_owned(), key.to_owned());
    let shown = Arc::new(Shown { certificate, key, provider: Arc::clone(&provider), current });
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::new(format!("TLS cannot be set up: {error}")))?;
    let watched = Arc::clone(&shown);
    let config = config.with_no_client_auth().with_cert_resolver(shown);
    tokio::spawn(watch(watched, until));
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
async fn watch(shown: Arc<Shown>, until: Arc<AtomicI64>) {
    let mut seen = shown.changed();
    let mut looking = tokio::time::interval(LOOK);
    let mut looks = 0;
    loop {
        looking.tick().await;
        looks += 1;
        let changed = shown.changed();
        if changed != seen {
            seen = changed;
            take(&shown);
            until.store(shown.until().as_second(), Ordering::Relaxed);
            looks = 0;
        } else if looks % LOOKS_UNTIL_TOLD == 0 {
            shown.current.read().unwrap_or_else(PoisonError::into_inner).tell_age(Clock::Wall.now());
        }
    }
}

/// Shows what stands in the files from now on, if it can be used.
fn take(shown: &Shown) {
    match Certificate::read(&shown.certificate, &shown.key, &shown.provider) {
        Ok(new) => {
            tracing::info!("a new certificate is shown from now on");
            new.tell(Clock::Wall.now());
            *shown.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        }
        Err(failure) => tracing::error!(%failure, "the new certificate cannot be used; the old one stays"),
    }
}
