//! Who somebody is: people and the parties that they act for, passwords, keys of the API, sessions, login by OpenID Connect.
//!
//! A person is one thing, whoever they act for: an officer is a person of a customs administration, an operator a person of the node
//! itself. A [`Person`] shows who they are with a password ([`is_password`]) or at a provider ([`oidc`]), and then holds a
//! [`Session`]; a program shows an [`ApiKey`] of a party or of a person. What somebody may do is for `rights` to say.
//!
//! Absent here: clocks, randomness, sockets, the store. `now` and random bytes are arguments, and no secret leaves a value but by
//! [`Secret::reveal`].
//!
//! ```
//! use kervan_identity::{PasswordCost, PasswordHash, Secret, is_password};
//!
//! let officer = "4711@customs-ge".parse().unwrap();
//! let cheap = PasswordCost { memory: 64, passes: 1, lanes: 1 };
//! let password = Secret::new("river lantern copper ninety");
//! let kept = PasswordHash::make(&password, &officer, [7; 16], cheap).unwrap();
//! assert!(is_password(Some(&kept), &password));
//! // Nobody of that name: the same work, and no.
//! assert!(!is_password(None, &password));
//! assert_eq!(format!("{password:?} {kept:?}"), "Secret PasswordHash");
//! ```

mod api_key;
pub mod limits;
pub mod oidc;
mod origin;
mod password;
mod person;
mod secret;
mod session;
mod throttle;

pub use api_key::{ApiKey, KeyFault, KeyOwner, Scope};
pub use origin::{Said, is_from_own_page};
pub use password::{PasswordCost, PasswordHash, is_password};
pub use person::{Duty, Link, Person, PersonName};
pub use secret::{Secret, SecretHash};
pub use session::{Session, SessionLimits, SessionState, SignedInBy};
pub use throttle::Throttle;
