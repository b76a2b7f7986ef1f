//! TLS to a broker: whom it must prove to be, and what we prove of ourselves.

use crate::cli::Failure;
use crate::pem;
use rumqttc::TlsConfiguration;
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// Reads certificates and key. `own` are the files of our certificates and their key.
///
/// Errors: a file cannot be read, or holds no certificate or key in PEM.
pub(super) fn read(ca: Option<&Path>, own: Option<(&Path, &Path)>) -> Result<TlsConfiguration, Failure> {
    let mut roots = RootCertStore::empty();
    match ca {
        Some(path) => {
            for certificate in pem::certificates(path)? {
                roots.add(certificate).map_err(|error| unusable(path, &error))?;
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots);
    let config = match own {
        Some((certificate, key)) => {
            let of_key = pem::private_key(key)?;
            config
                .with_client_auth_cert(pem::certificates(certificate)?, of_key)
                .map_err(|error| unusable(certificate, &error))?
        }
        None => config.with_no_client_auth(),
    };
    Ok(TlsConfiguration::Rustls(Arc::new(config)))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{} cannot be used: {error}", path.display()))
        .remedy("give certificates and keys in PEM")
}
