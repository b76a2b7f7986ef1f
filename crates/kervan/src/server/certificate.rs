//! The node's own certificate: read with its key, held against each other, and what is told of it.

use crate::cli::Failure;
use crate::pem;
use jiff::Timestamp;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use std::path::Path;
use std::sync::Arc;
use x509_parser::prelude::{FromDer, GeneralName, ParsedExtension, X509Certificate};

/// From when on it is told that a certificate runs out. Unit: second.
const SOON: i64 = 14 * 24 * 3600;

/// A certificate with its key, and what is told of it.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    /// What TLS shows.
    pub certified: Arc<CertifiedKey>,
    /// For whom it is.
    names: String,
    from: Timestamp,
    /// The last instant at which it counts.
    pub until: Timestamp,
    /// Who made the last certificate of the chain: a root that callers must know.
    leads_to: String,
    /// What is wrong with the order of the chain.
    gap: Option<String>,
}

/// What callers will say to a certificate at some instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// Nothing: it counts.
    Counts,
    /// That it counts from a later instant on.
    Early,
    /// Nothing yet, and something in some days.
    Soon,
    /// That it has run out.
    Over,
}

impl Certificate {
    /// Reads certificate and key.
    ///
    /// Errors: a file cannot be read, holds nothing of the kind, or the key is not the certificate's.
    pub(super) fn read(certificate: &Path, key: &Path, provider: &CryptoProvider) -> Result<Self, Failure> {
        let chain = pem::certificates(certificate)?;
        let secret = pem::private_key(key)?;
        let parsed = parsed(&chain).map_err(|says| {
            Failure::new(format!("{} cannot be used: {says}", certificate.display()))
                .remedy("take the certificate again from who made it")
        })?;
        let Some(own) = parsed.first() else { return Err(Failure::new("a chain without a certificate")) };
        let signing = provider.key_provider.load_private_key(secret).map_err(|_| {
            Failure::new(format!("{} holds a key of a kind that is not used in TLS here", key.display()))
                .remedy("make one with RSA of 2048 to 8192 bits, P-256, P-384 or Ed25519")
        })?;
        if let Some(public) = signing.public_key() {
            let whose = parsed.iter().position(|one| one.public_key().raw == public.as_ref());
            refuse_other(whose, (certificate, own), key)?;
        }
        let (names, leads_to) = (names(own), parsed.last().map(|last| last.issuer().to_string()));
        let (from, until) = (own.validity().not_before, own.validity().not_after);
        let instant = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        let (from, until) = (instant(from.timestamp()), instant(until.timestamp()));
        let gap = gap(&parsed);
        drop(parsed);
        let certified = Arc::new(CertifiedKey::new(chain, signing));
        Ok(Self { certified, names, from, until, leads_to: leads_to.unwrap_or_default(), gap })
    }

    /// What callers say to it.
    pub(super) fn age(&self, now: Timestamp) -> Age {
        if now < self.from {
            Age::Early
        } else if now > self.until {
            Age::Over
        } else if self.until.as_second() - now.as_second() < SOON {
            Age::Soon
        } else {
            Age::Counts
        }
    }

    /// Says in the log whose it is, until when it counts, and what callers will not take.
    pub(super) fn tell(&self, now: Timestamp) {
        let (names, until, leads_to) = (&self.names, self.until, &self.leads_to);
        tracing::info!(%names, %until, %leads_to, "the certificate of this node");
        self.tell_age(now);
        if let Some(gap) = &self.gap {
            tracing::warn!(
                gap,
                "the chain of the certificate is broken; each stands before that of who made it"
            );
        }
    }

    /// Says in the log what callers will not take for its time.
    pub(super) fn tell_age(&self, now: Timestamp) {
        let (from, until) = (self.from, self.until);
        match self.age(now) {
            Age::Counts => {}
            Age::Early => tracing::warn!(%from, "the certificate does not count yet: callers refuse it"),
            Age::Soon => {
                tracing::warn!(%until, "the certificate runs out soon; a new file is taken without a restart")
            }
            Age::Over => {
                tracing::error!(%until, "the certificate has run out: callers refuse it; a new file is taken without a restart")
            }
        }
    }
}

/// Ends if the key is not the certificate's. `whose`: the place of the certificate in the chain that has the key.
fn refuse_other(
    whose: Option<usize>,
    (file, own): (&Path, &X509Certificate<'_>),
    key: &Path,
) -> Result<(), Failure> {
    let (file, key) = (file.display(), key.display());
    match whose {
        Some(0) => Ok(()),
        Some(place) => Err(Failure::new(format!(
            "the first certificate of {file} is that of {}, and {key} belongs to number {}",
            own.subject(),
            place + 1
        ))
        .remedy("the node's own certificate stands first, before those of who made it")),
        None => Err(Failure::new(format!(
            "{key} is not the key of the certificate in {file} ({})",
            own.subject()
        ))
        .remedy(
            "give the key with which the certificate was requested, or have a certificate made for this key",
        )),
    }
}

fn parsed<'a>(chain: &'a [CertificateDer<'_>]) -> Result<Vec<X509Certificate<'a>>, String> {
    let read = |(place, der): (usize, &'a CertificateDer<'_>)| match X509Certificate::from_der(der) {
        Ok((_, certificate)) => Ok(certificate),
        Err(_) => Err(format!("certificate number {} is damaged", place + 1)),
    };
    chain.iter().enumerate().map(read).collect()
}

/// The names of computers and addresses for which it is; the name of its subject if none stand in it.
fn names(own: &X509Certificate<'_>) -> String {
    let mut names = Vec::new();
    for extension in own.extensions() {
        if let ParsedExtension::SubjectAlternativeName(alternative) = extension.parsed_extension() {
            for name in &alternative.general_names {
                match name {
                    GeneralName::DNSName(name) => names.push((*name).to_owned()),
                    GeneralName::IPAddress(bytes) => names.extend(address(bytes)),
                    _ => {}
                }
            }
        }
    }
    if names.is_empty() { own.subject().to_string() } else { names.join(", ") }
}

fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| std::net::Ipv4Addr::from(bytes).to_string());
    let six = || <[u8; 16]>::try_from(bytes).map(|bytes| std::net::Ipv6Addr::from(bytes).to_string());
    four.or_else(|_| six()).ok()
}

/// The first certificate that was not made by the next.
fn gap(chain: &[X509Certificate<'_>]) -> Option<String> {
    let of = |pair: &[X509Certificate<'_>]| match pair {
        [made, maker] if made.issuer().as_raw() != maker.subject().as_raw() => Some(format!(
            "{} was made by {}, and {} comes next",
            made.subject(),
            made.issuer(),
            maker.subject()
        )),
        _ => None,
    };
    chain.windows(2).find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
    use std::path::PathBuf;

    struct Made {
        folder: tempfile::TempDir,
    }

    impl Made {
        /// An authority, a certificate of it that counts through 2026, and the key of somebody else.
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (above, own, other) =
                (KeyPair::generate().unwrap(), KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
            let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
            authority.distinguished_name.push(DnType::CommonName, "Authority");
            authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let authority_pem = authority.clone().self_signed(&above).unwrap().pem();
            let mut node =
                CertificateParams::new(["desk.example".to_owned(), "10.0.0.7".to_owned()]).unwrap();
            node.distinguished_name.push(DnType::CommonName, "desk");
            (node.not_before, node.not_after) = (date_time_ymd(2026, 1, 1), date_time_ymd(2026, 12, 31));
            let node_pem = node.signed_by(&own, &Issuer::new(authority, &above)).unwrap().pem();
            let made = Self { folder };
            made.put("own.pem", &node_pem);
            made.put("chain.pem", &format!("{node_pem}{authority_pem}"));
            made.put("turned.pem", &format!("{authority_pem}{node_pem}"));
            made.put("twice.pem", &format!("{node_pem}{node_pem}"));
            made.put("own.key", &own.serialize_pem());
            made.put("other.key", &other.serialize_pem());
            made
        }

        fn at(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn put(&self, name: &str, text: &str) {
            std::fs::write(self.at(name), text).unwrap();
        }

        fn read(&self, certificate: &str, key: &str) -> Result<Certificate, String> {
            let provider = rustls::crypto::ring::default_provider();
            let folder = format!("{}/", self.folder.path().display());
            Certificate::read(&self.at(certificate), &self.at(key), &provider)
                .map_err(|failure| failure.to_string().replace(&folder, ""))
        }
    }

    #[test]
    fn a_key_that_is_not_the_certificates_is_told_with_whose_it_is() {
        let made = Made::new();
        assert_eq!(
            made.read("chain.pem", "other.key").unwrap_err(),
            "other.key is not the key of the certificate in chain.pem (CN=desk)"
        );
        assert_eq!(
            made.read("turned.pem", "own.key").unwrap_err(),
            "the first certificate of turned.pem is that of CN=Authority, and own.key belongs to number 2"
        );
        assert!(made.read("own.key", "own.key").unwrap_err().contains("no certificate"));
        assert!(made.read("missing.pem", "own.key").unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn what_is_told_of_a_certificate_is_what_callers_see() {
        let made = Made::new();
        let whole = made.read("chain.pem", "own.key").unwrap();
        assert_eq!(whole.names, "desk.example, 10.0.0.7");
        assert_eq!((whole.leads_to.as_str(), &whole.gap), ("CN=Authority", &None));
        assert_eq!(whole.until.to_string(), "2026-12-31T00:00:00Z");
        let cases = [
            ("2025-12-31T23:59:59Z", Age::Early),
            ("2026-01-01T00:00:00Z", Age::Counts),
            ("2026-12-16T23:59:59Z", Age::Counts),
            ("2026-12-17T00:00:01Z", Age::Soon),
            ("2026-12-31T00:00:00Z", Age::Soon),
            ("2026-12-31T00:00:01Z", Age::Over),
        ];
        for (now, age) in cases {
            assert_eq!(whole.age(now.parse().unwrap()), age, "{now}");
        }
        let gap = made.read("twice.pem", "own.key").unwrap().gap;
        assert_eq!(gap.unwrap(), "CN=desk was made by CN=Authority, and CN=desk comes next");
    }
}
