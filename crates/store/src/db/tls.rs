//! TLS to a PostgreSQL server: with the library and the roots that everything else here has.
//!
//! Where TLS is asked for the server's certificate must be for the name in the URL and lead to a root; there is no half of it that
//! encrypts and believes anybody. Without a word of TLS in the URL a session is as it was: in the clear.

use crate::StoreError;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::future::Future;
use std::io::Result as IoResult;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::Socket;
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

/// What an URL says of TLS, taken out of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// The URL as the client of the database reads it.
    pub(super) url: String,
    /// Whether TLS was asked for.
    pub(super) wanted: bool,
    /// The file with the roots of the server's certificate, if it is not one of the Mozilla list.
    pub(super) roots: Option<String>,
}

/// Reads what an URL says of TLS: `sslmode` (`disable`, `prefer`, `require`, `verify-full`) and `sslrootcert`. `require` is as
/// strict as `verify-full`.
pub(super) fn read(url: &str) -> Said {
    let Some((place, query)) = url.split_once('?') else {
        return Said { url: url.to_owned(), wanted: false, roots: None };
    };
    let (mut said, mut kept) = (Said { url: String::new(), wanted: false, roots: None }, Vec::new());
    for pair in query.split('&') {
        match pair.split_once('=') {
            Some(("sslmode", "require" | "verify-full")) => {
                said.wanted = true;
                kept.push("sslmode=require");
            }
            Some(("sslrootcert", file)) => said.roots = Some(file.replace("%2F", "/").replace("%2f", "/")),
            _ => kept.push(pair),
        }
    }
    // Whoever names a root means TLS.
    if said.roots.is_some() && !said.wanted {
        said.wanted = true;
        kept.retain(|pair| !pair.starts_with("sslmode="));
        kept.push("sslmode=require");
    }
    said.url = if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) };
    said
}

/// Makes streams under TLS.
#[derive(Clone)]
pub(crate) struct Tls(Arc<ClientConfig>);

impl Tls {
    /// TLS with the roots of a file, or those of the Mozilla list. Errors: the file holds no certificate.
    pub(super) fn new(roots: Option<&str>) -> Result<Self, StoreError> {
        let unusable = |reason: String| StoreError::Url { reason };
        let mut store = RootCertStore::empty();
        match roots {
            None => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Some(file) => {
                let read =
                    CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
                let read = read.map_err(|error| unusable(format!("sslrootcert {file}: {error}")))?;
                if store.add_parsable_certificates(read).0 == 0 {
                    return Err(unusable(format!("sslrootcert {file} holds no certificate")));
                }
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| unusable(error.to_string()))?;
        Ok(Self(Arc::new(config.with_root_certificates(store).with_no_client_auth())))
    }
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Secured;
    type TlsConnect = Greeting;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Greeting, InvalidDnsNameError> {
        Ok(Greeting { config: Arc::clone(&self.0), host: ServerName::try_from(host.to_owned())? })
    }
}

/// A handshake that is about to begin.
pub(crate) struct Greeting {
    config: Arc<ClientConfig>,
    host: ServerName<'static>,
}

impl TlsConnect<Socket> for Greeting {
    type Stream = Secured;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = IoResult<Secured>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        let greeted = TlsConnector::from(self.config).connect(self.host, socket);
        Box::pin(async move { greeted.await.map(Secured) })
    }
}

/// A stream under TLS.
pub(crate) struct Secured(tokio_rustls::client::TlsStream<Socket>);

impl TlsStream for Secured {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Secured {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<IoResult<()>> {
        Pin::new(&mut self.get_mut().0).poll_read(context, into)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<IoResult<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<IoResult<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<IoResult<()>> {
        Pin::new(&mut self.get_mut().0).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_url_says_of_tls() {
        let clear = |url: &str| Said { url: url.to_owned(), wanted: false, roots: None };
        let cases = [
            ("postgres://a@b/c", clear("postgres://a@b/c")),
            ("postgres://a@b/c?sslmode=prefer&x=y", clear("postgres://a@b/c?sslmode=prefer&x=y")),
            (
                "postgres://a@b/c?sslmode=verify-full&sslrootcert=%2Fetc%2Froot.pem",
                Said {
                    url: "postgres://a@b/c?sslmode=require".to_owned(),
                    wanted: true,
                    roots: Some("/etc/root.pem".to_owned()),
                },
            ),
            (
                "postgres://a@b/c?sslmode=prefer&sslrootcert=root.pem",
                Said {
                    url: "postgres://a@b/c?sslmode=require".to_owned(),
                    wanted: true,
                    roots: Some("root.pem".to_owned()),
                },
            ),
            (
                "postgres://a@b/c?options=-cx&sslmode=require",
                Said {
                    url: "postgres://a@b/c?options=-cx&sslmode=require".to_owned(),
                    wanted: true,
                    roots: None,
                },
            ),
        ];
        for (url, expected) in cases {
            assert_eq!(read(url), expected, "{url}");
        }
    }

    #[test]
    fn a_file_without_a_certificate_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty.pem");
        std::fs::write(&file, "").unwrap();
        for file in [file.to_str().unwrap(), "/nowhere/root.pem"] {
            let Err(error) = Tls::new(Some(file)) else { panic!("{file} was taken") };
            assert!(error.to_string().contains(file), "{error}");
        }
        assert!(Tls::new(None).is_ok());
    }
}
