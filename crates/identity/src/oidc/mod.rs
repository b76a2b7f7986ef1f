//! Login at a provider of OpenID Connect: the code flow with PKCE, as values.
//!
//! What is asked and answered over the network is the caller's business. Here stands what is asked for, what is believed of an
//! answer, and who somebody is here whom a provider knows.
//!
//! Sources: OpenID Connect Core 1.0, OpenID Connect Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (`iss` in answers), RFC 9700 (best
//! current practice), RFC 7515 and RFC 7517 (JWS and JWK).

mod flow;
mod id_token;
mod keys;
mod mapping;
mod provider;

#[cfg(test)]
mod tests;

pub use flow::{Login, LoginAnswer, to_basic};
pub use id_token::{Claims, Expected, OidcFault, check_id_token};
pub use keys::ProviderKeys;
pub use mapping::{Mapping, Mappings};
pub use provider::Provider;
