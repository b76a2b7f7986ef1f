//! The provider of OpenID Connect, asked over the network. What is believed of its answers stands in `identity`.

use crate::clock::Clock;
use data_encoding::BASE64;
use jiff::Timestamp;
use kervan_identity::limits::{LARGEST_PROVIDER_DOCUMENT, MOST_THROTTLED};
use kervan_identity::oidc::{
    Claims, Expected, Login, LoginAnswer, Mappings, OidcFault, Provider, ProviderKeys, check_id_token,
};
use kervan_identity::{Secret, SecretHash};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// How long a provider may take for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the keys of a provider are asked for at most: a token with an invented key must not make the node ask. Unit: second.
const KEYS_ASKED_EVERY: i64 = 60;

/// What is configured of a provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its name for itself.
    pub issuer: String,
    /// The name of this node there.
    pub client: String,
    /// The secret of this node there; none for one that proves itself by PKCE alone.
    pub secret: Option<Secret>,
    /// The roots to which its certificate must lead; those of the Mozilla list if none are named.
    pub roots: Option<Vec<Certificate<'static>>>,
    /// Where people see this node, such as `https://desk.example`.
    pub origin: String,
    /// What stands on the button.
    pub label: String,
    /// Who somebody is here whom it knows.
    pub mappings: Mappings,
}

/// A provider with what is known of it.
pub struct ProviderClient {
    settings: ProviderSettings,
    agent: Agent,
    known: Mutex<Option<Known>>,
    logins: Mutex<BTreeMap<SecretHash, Login>>,
}

#[derive(Clone)]
struct Known {
    provider: Arc<Provider>,
    keys: Arc<ProviderKeys>,
    asked: Timestamp,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Secret,
}

impl ProviderClient {
    /// A provider that is asked when somebody signs in.
    pub fn new(settings: ProviderSettings) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .https_only(settings.issuer.starts_with("https://"))
            .max_redirects(0)
            .max_redirects_will_error(true)
            .tls_config(tls(settings.roots.as_deref()))
            .build();
        Self {
            settings,
            agent: Agent::new_with_config(config),
            known: Mutex::default(),
            logins: Mutex::default(),
        }
    }

    /// What stands on the button.
    pub fn label(&self) -> &str {
        &self.settings.label
    }

    /// Who somebody is here whom it knows.
    pub fn mappings(&self) -> &Mappings {
        &self.settings.mappings
    }

    fn back(&self) -> String {
        format!("{}/api/sign-in/back", self.settings.origin.trim_end_matches('/'))
    }

    /// Begins a login: where the browser goes, and what it keeps until it comes back. Asks the provider the first time.
    ///
    /// Errors: the provider cannot be used.
    pub fn begin(&self, random: [[u8; 32]; 3], now: Timestamp) -> Result<(String, Secret), OidcFault> {
        let known = self.known(now)?;
        let login = Login::begin(random, now);
        let url = login.to_url(&known.provider, &self.settings.client, &self.back());
        let state = login.state.clone();
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        logins.retain(|_, login| login.is_open(now));
        if logins.len() >= MOST_THROTTLED {
            logins.pop_first();
        }
        logins.insert(state.hash(), login);
        Ok((url, state))
    }

    /// Ends a login: who it is, by what the browser brings back. `kept`: what the browser kept. A login is answered once.
    ///
    /// Errors: why nobody has signed in.
    pub fn finish(
        &self,
        answer: &LoginAnswer,
        kept: Option<&str>,
        clock: &Clock,
    ) -> Result<Claims, OidcFault> {
        let kept = SecretHash::of(kept.ok_or(OidcFault::State)?);
        let login = self
            .logins
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&kept)
            .ok_or(OidcFault::State)?;
        let now = clock.now();
        let known = self.known(now)?;
        let code = login.code_of(answer, &known.provider, now)?;
        let token = self.exchange(&known.provider, &login, &code)?;
        let now = clock.now();
        let (issuer, client) = (&self.settings.issuer, &self.settings.client);
        let expected = Expected { issuer, client, nonce: login.nonce.reveal(), now };
        match check_id_token(token.reveal(), &known.keys, &expected) {
            Err(OidcFault::UnknownKey) if now.duration_since(known.asked).as_secs() >= KEYS_ASKED_EVERY => {
                let known = self.ask(now)?;
                check_id_token(token.reveal(), &known.keys, &expected)
            }
            checked => checked,
        }
    }

    fn known(&self, now: Timestamp) -> Result<Known, OidcFault> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.map_or_else(|| self.ask(now), Ok)
    }

    fn ask(&self, now: Timestamp) -> Result<Known, OidcFault> {
        let issuer = &self.settings.issuer;
        let provider = Provider::read(issuer, &self.get(&Provider::description_of(issuer))?)?;
        let keys = ProviderKeys::read(&self.get(&provider.jwks_uri)?)?;
        let known = Known { provider: Arc::new(provider), keys: Arc::new(keys), asked: now };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    fn get(&self, url: &str) -> Result<String, OidcFault> {
        let answer = self.agent.get(url).header("accept", "application/json").call().map_err(unreachable)?;
        read(answer)
    }

    fn exchange(&self, provider: &Provider, login: &Login, code: &Secret) -> Result<Secret, OidcFault> {
        let form = login.to_token_request(code, &self.settings.client, &self.back());
        let mut request = self
            .agent
            .post(&provider.token_endpoint)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(secret) = &self.settings.secret {
            // Source: RFC 6749, 2.3.1.
            let pair = BASE64.encode(format!("{}:{}", self.settings.client, secret.reveal()).as_bytes());
            request = request.header("authorization", format!("Basic {pair}"));
        }
        let text = read(request.send(form.reveal()).map_err(unreachable)?)?;
        let answer: TokenAnswer = serde_json::from_str(&text)
            .map_err(|_| OidcFault::Provider("its answer holds no ID token".into()))?;
        Ok(answer.id_token)
    }
}

fn tls(roots: Option<&[Certificate<'static>]>) -> TlsConfig {
    match roots {
        None => TlsConfig::default(),
        Some(roots) => TlsConfig::builder().root_certs(RootCerts::new_with_certs(roots)).build(),
    }
}

/// The certificates of a file; none if there are none, or one cannot be read.
pub fn read_roots(pem: &str) -> Option<Vec<Certificate<'static>>> {
    let mut roots = Vec::new();
    for item in parse_pem(pem.as_bytes()) {
        match item.ok()? {
            PemItem::Certificate(certificate) => roots.push(certificate),
            // A key does not belong into it, and is no root.
            _ => return None,
        }
    }
    (!roots.is_empty()).then_some(roots)
}

fn unreachable(error: ureq::Error) -> OidcFault {
    // Of an address no more is told than its fault: a query may hold a code.
    OidcFault::Provider(match error {
        ureq::Error::StatusCode(status) => format!("it answers with status {status}"),
        ureq::Error::Timeout(_) => "it does not answer in time".to_owned(),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "its TLS cannot be believed".to_owned(),
        _ => "it cannot be reached".to_owned(),
    })
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Result<String, OidcFault> {
    let body = answer.body_mut().with_config().limit(LARGEST_PROVIDER_DOCUMENT as u64);
    body.read_to_string()
        .map_err(|_| OidcFault::Provider("its answer cannot be read, or is too large".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    /// A provider under TLS with a certificate of its own making; its name for itself.
    fn serve(made: &rcgen::CertifiedKey<rcgen::KeyPair>) -> String {
        let key = PrivateKeyDer::from_pem_slice(made.signing_key.serialize_pem().as_bytes()).unwrap();
        let certificates = vec![made.cert.der().clone()];
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(certificates, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let told = issuer.clone();
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let mut stream =
                    StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), socket.unwrap());
                let mut first = String::new();
                let mut reader = BufReader::new(&mut stream);
                // Whoever does not believe the certificate says nothing.
                if reader.read_line(&mut first).is_err() || first.is_empty() {
                    continue;
                }
                let mut line = String::from("-");
                while line.trim() != "" {
                    line.clear();
                    reader.read_line(&mut line).unwrap();
                }
                let key = r#"{"kty":"OKP","crv":"Ed25519","kid":"one","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
                let answer = if first.contains("openid-configuration") {
                    format!(
                        r#"{{"issuer":"{told}","authorization_endpoint":"{told}/a","token_endpoint":"{told}/t","jwks_uri":"{told}/keys"}}"#
                    )
                } else {
                    format!(r#"{{"keys":[{key}]}}"#)
                };
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length";
                write!(stream, "{head}: {}\r\n\r\n{answer}", answer.len()).unwrap();
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        issuer
    }

    #[test]
    fn a_provider_is_believed_by_the_roots_that_are_named_alone() {
        let (own, other) = (
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap(),
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap(),
        );
        let elsewhere = rcgen::generate_simple_self_signed(["elsewhere.example".to_owned()]).unwrap();
        let (issuer, named_otherwise) = (serve(&own), serve(&elsewhere));
        let ask = |issuer: &str, roots: Option<&str>| {
            let client = ProviderClient::new(ProviderSettings {
                issuer: issuer.to_owned(),
                client: "kervan".into(),
                secret: None,
                roots: roots.map(|pem| read_roots(pem).unwrap()),
                origin: "https://desk.example".into(),
                label: "State login".into(),
                mappings: Mappings::default(),
            });
            client.begin([[1; 32], [2; 32], [3; 32]], Timestamp::UNIX_EPOCH).map(|(url, _)| url)
        };
        let begun = ask(&issuer, Some(&own.cert.pem())).unwrap();
        assert!(begun.starts_with(&format!("{issuer}/a?")), "{begun}");
        let both = own.cert.pem() + &other.cert.pem();
        assert!(ask(&issuer, Some(&both)).is_ok());
        for (issuer, roots) in [
            (&issuer, None),
            (&issuer, Some(other.cert.pem())),
            // A certificate of a known root that is for another name.
            (&named_otherwise, Some(elsewhere.cert.pem())),
        ] {
            assert!(ask(issuer, roots.as_deref()).is_err(), "{issuer} {roots:?}");
        }
        for pem in ["", "no certificate", own.signing_key.serialize_pem().as_str()] {
            assert!(read_roots(pem).is_none(), "{pem}");
        }
    }
}
