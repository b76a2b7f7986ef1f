//! The provider of OpenID Connect, asked over the network. What is believed of its answers stands in `identity`.

use crate::clock::Clock;
use data_encoding::BASE64;
use jiff::Timestamp;
use kervan_identity::limits::{LARGEST_PROVIDER_DOCUMENT, MOST_THROTTLED};
use kervan_identity::oidc::{
    Claims, Expected, Login, LoginAnswer, Mappings, OidcFault, Provider, ProviderKeys, check_id_token,
    to_basic,
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

/// Why a provider gives no token.
#[derive(Deserialize)]
struct TokenRefusal {
    error: String,
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
        let answer = self.agent.get(url).header("accept", "application/json").call();
        read(answer.map_err(|error| unreachable(url, error))?)
    }

    fn exchange(&self, provider: &Provider, login: &Login, code: &Secret) -> Result<Secret, OidcFault> {
        let form = login.to_token_request(code, &self.settings.client, &self.back());
        let endpoint = &provider.token_endpoint;
        // What it says of a refusal tells what to mend.
        let mut request = self.agent.post(endpoint).config().http_status_as_error(false).build();
        request = request
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(secret) = &self.settings.secret {
            let pair = BASE64.encode(to_basic(&self.settings.client, secret).reveal().as_bytes());
            request = request.header("authorization", format!("Basic {pair}"));
        }
        let answer = request.send(form.reveal()).map_err(|error| unreachable(endpoint, error))?;
        let status = answer.status();
        let text = read(answer)?;
        if !status.is_success() {
            return Err(refused(endpoint, status.as_u16(), &text));
        }
        let answer: TokenAnswer = serde_json::from_str(&text)
            .map_err(|_| OidcFault::Provider(format!("the answer of {endpoint} holds no ID token")))?;
        Ok(answer.id_token)
    }
}

/// Why a provider gives no token for a code. Source: RFC 6749, 5.2.
fn refused(endpoint: &str, status: u16, text: &str) -> OidcFault {
    let word = serde_json::from_str::<TokenRefusal>(text).map(|refusal| refusal.error).unwrap_or_default();
    match word.as_str() {
        // The code has run out, or was used.
        "invalid_grant" => OidcFault::State,
        "invalid_client" | "unauthorized_client" => OidcFault::Provider(format!(
            "{endpoint} does not take this node ({word}); look at sign_in.client and sign_in.client_secret_file"
        )),
        // Only words of the standard are repeated: the rest may hold anything.
        "invalid_request" | "unsupported_grant_type" | "invalid_scope" => {
            OidcFault::Provider(format!("{endpoint} answers with status {status} ({word})"))
        }
        _ => OidcFault::Provider(format!("{endpoint} answers with status {status}")),
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

/// What is wrong with an address of the provider, which holds nothing of a login.
fn unreachable(url: &str, error: ureq::Error) -> OidcFault {
    OidcFault::Provider(match error {
        ureq::Error::StatusCode(status) => format!("{url} answers with status {status}"),
        ureq::Error::Timeout(_) => format!("{url} does not answer in time"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            format!("the certificate of {url} cannot be believed; look at sign_in.ca")
        }
        _ => format!("{url} cannot be reached"),
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

    const KEYS: &str = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"one",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    /// A provider without TLS that gives one answer at its token endpoint; its name for itself, and the heads that it was sent there.
    fn refuse(status: &'static str, answer: &'static str) -> (String, std::sync::mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let (told, (sent, heads)) = (issuer.clone(), std::sync::mpsc::channel());
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let socket = socket.unwrap();
                let lines = BufReader::new(socket.try_clone().unwrap()).lines();
                let head: Vec<String> =
                    lines.map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
                let first = head.first().cloned().unwrap_or_default();
                let (status, answer) = if first.contains("openid-configuration") {
                    let at = |name: &str| format!("{told}/{name}");
                    let (authorize, token, keys) = (at("authorize"), at("token"), at("keys"));
                    (
                        "200 OK",
                        format!(
                            r#"{{"issuer":"{told}","authorization_endpoint":"{authorize}","token_endpoint":"{token}","jwks_uri":"{keys}"}}"#
                        ),
                    )
                } else if first.contains("/token") {
                    let _ = sent.send(head.join("\n"));
                    (status, answer.to_owned())
                } else {
                    ("200 OK", KEYS.to_owned())
                };
                let length = answer.len();
                let _ = write!(
                    &socket,
                    "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{answer}"
                );
            }
        });
        (issuer, heads)
    }

    #[test]
    fn a_provider_that_gives_no_token_is_told_of_with_what_to_look_at() {
        let cases = [
            ("401 Unauthorized", r#"{"error":"invalid_client"}"#, "sign_in.client_secret_file"),
            ("400 Bad Request", r#"{"error":"invalid_grant"}"#, "comes too late"),
            (
                "400 Bad Request",
                r#"{"error":"invalid_request"}"#,
                "/token answers with status 400 (invalid_request)",
            ),
            ("500 Oops", r#"{"error":"<b>anything</b>"}"#, "/token answers with status 500"),
            ("502 Bad Gateway", "<html>", "/token answers with status 502"),
            ("200 OK", "{}", "/token holds no ID token"),
        ];
        for (status, answer, says) in cases {
            let (issuer, heads) = refuse(status, answer);
            let client = ProviderClient::new(ProviderSettings {
                issuer,
                client: "kervan".into(),
                secret: Some(Secret::new("a+b/c=%41 d")),
                roots: None,
                origin: "https://desk.example".into(),
                label: "State login".into(),
                mappings: Mappings::default(),
            });
            let clock = Clock::play(Timestamp::UNIX_EPOCH);
            let (_, state) = client.begin([[1; 32], [2; 32], [3; 32]], clock.now()).unwrap();
            let back = LoginAnswer {
                code: Some(Secret::new("c")),
                state: Some(state.clone()),
                issuer: None,
                error: None,
            };
            let fault = client.finish(&back, Some(state.reveal()), &clock).unwrap_err().to_string();
            assert!(fault.contains(says) && !fault.contains("anything"), "{fault}");
            // The secret as the standard has it: escaped as in a form, and then encoded.
            let shown = BASE64.encode(b"kervan:a%2Bb%2Fc%3D%2541%20d");
            assert!(heads.recv().unwrap().contains(&shown), "{answer}");
        }
    }
}
