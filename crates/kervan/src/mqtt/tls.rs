//! TLS to a broker: whom it must prove to be, and what we prove of ourselves.

use crate::cli::Failure;
use rumqttc::TlsConfiguration;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
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
            for certificate in certificates(path)? {
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
            let of_key = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, &error))?;
            config
                .with_client_auth_cert(certificates(certificate)?, of_key)
                .map_err(|error| unusable(certificate, &error))?
        }
        None => config.with_no_client_auth(),
    };
    Ok(TlsConfiguration::Rustls(Arc::new(config)))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = found.map_err(|error| unusable(path, &error))?;
    if found.is_empty() {
        let failure = Failure::new(format!("{} holds no certificate", path.display()));
        return Err(failure.remedy("give certificates in PEM"));
    }
    Ok(found)
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{} cannot be used: {error}", path.display()))
        .remedy("give certificates and keys in PEM")
}
