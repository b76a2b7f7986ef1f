//! One login, from the button to the way back.

use super::{OidcFault, Provider};
use crate::limits::LOGIN_WITHIN;
use crate::secret::Secret;
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A login that has begun: what must come back is bound to the browser that began it.
#[derive(Clone, Debug)]
pub struct Login {
    /// Comes back with the answer; the browser keeps it in a cookie.
    pub state: Secret,
    /// Comes back inside of the ID token.
    pub nonce: Secret,
    /// Proves to the provider that who began is who asks for the token (PKCE).
    pub verifier: Secret,
    /// When it began.
    pub began: Timestamp,
}

/// What a provider sends a browser back with.
#[derive(Clone, Debug, Default)]
pub struct LoginAnswer {
    /// The code.
    pub code: Option<Secret>,
    /// What was sent along.
    pub state: Option<Secret>,
    /// Who answers (RFC 9207).
    pub issuer: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl Login {
    /// A new login. `random`: three times 32 fresh random bytes.
    pub fn begin(random: [[u8; 32]; 3], now: Timestamp) -> Self {
        let [state, nonce, verifier] = random.map(|bytes| Secret::of_bytes(&bytes));
        Self { state, nonce, verifier, began: now }
    }

    /// Where the browser is sent.
    pub fn to_url(&self, provider: &Provider, client: &str, back: &str) -> String {
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(self.verifier.reveal().as_bytes()));
        let query = form(&[
            ("response_type", "code"),
            ("client_id", client),
            ("redirect_uri", back),
            ("scope", "openid profile"),
            ("state", self.state.reveal()),
            ("nonce", self.nonce.reveal()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let joint = if provider.authorization_endpoint.contains('?') { '&' } else { '?' };
        format!("{}{joint}{query}", provider.authorization_endpoint)
    }

    /// Whether the login may still be answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let since = now.duration_since(self.began).as_secs();
        (0..LOGIN_WITHIN).contains(&since)
    }

    /// The code of an answer to this login.
    ///
    /// Errors: it answers another login, comes too late or from another provider, or holds no code.
    pub fn code_of(
        &self,
        answer: &LoginAnswer,
        provider: &Provider,
        now: Timestamp,
    ) -> Result<Secret, OidcFault> {
        let ours = answer.state.as_ref().is_some_and(|state| state.is(self.state.reveal()));
        if !ours || !self.is_open(now) {
            return Err(OidcFault::State);
        }
        match &answer.issuer {
            Some(issuer) if *issuer != provider.issuer => return Err(OidcFault::Issuer),
            None if provider.authorization_response_iss_parameter_supported => return Err(OidcFault::Issuer),
            Some(_) | None => {}
        }
        if answer.error.is_some() {
            return Err(OidcFault::Refused);
        }
        answer.code.clone().ok_or(OidcFault::Refused)
    }

    /// What is sent to the provider for the token, as a form.
    pub fn to_token_request(&self, code: &Secret, client: &str, back: &str) -> Secret {
        Secret::new(form(&[
            ("grant_type", "authorization_code"),
            ("code", code.reveal()),
            ("redirect_uri", back),
            ("client_id", client),
            ("code_verifier", self.verifier.reveal()),
        ]))
    }
}

/// How a client shows its secret to a provider: what stands behind `Basic` before it is encoded. Both are escaped as in a form, or a
/// secret with a plus sign or a per cent sign would be another one there. Source: RFC 6749, 2.3.1.
pub fn to_basic(client: &str, secret: &Secret) -> Secret {
    Secret::new(format!("{}:{}", escaped(client), escaped(secret.reveal())))
}

/// Pairs as a form. Source: URL Standard, application/x-www-form-urlencoded; a space as `%20`, which every reader takes.
fn form(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
