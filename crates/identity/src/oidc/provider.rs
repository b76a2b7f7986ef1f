//! What a provider says of itself.

use super::OidcFault;
use crate::limits::LARGEST_PROVIDER_DOCUMENT;
use serde::Deserialize;

/// A provider, as its description says. Source: OpenID Connect Discovery 1.0, 3.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Provider {
    /// Its name for itself, which stands in every token.
    pub issuer: String,
    /// Where people are sent to sign in.
    pub authorization_endpoint: String,
    /// Where a code is exchanged for a token.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Whether its answers name it (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Provider {
    /// Where the description of an issuer is.
    pub fn description_of(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// Reads a description. It must be of the issuer that was asked, and everything in it must be reached as safely as that.
    ///
    /// Errors: [`OidcFault::Provider`] says what is wrong.
    pub fn read(issuer: &str, text: &str) -> Result<Self, OidcFault> {
        let fault = |says: String| OidcFault::Provider(says);
        if text.len() > LARGEST_PROVIDER_DOCUMENT {
            return Err(fault("its description is too large".into()));
        }
        let provider: Self = serde_json::from_str(text).map_err(|error| {
            fault(format!("its description cannot be read: {}", kervan_model::in_plain_words(&error)))
        })?;
        if provider.issuer != issuer {
            return Err(fault("it calls itself otherwise than the configuration does".into()));
        }
        let clear = issuer.starts_with("http://");
        for url in [&provider.authorization_endpoint, &provider.token_endpoint, &provider.jwks_uri] {
            if !(url.starts_with("https://") || clear && url.starts_with("http://")) {
                return Err(fault("it names an address that is not https".into()));
            }
        }
        Ok(provider)
    }
}
