//! How the keys with which parties sign are kept: sealed under a secret of the node, or with a keeper outside who signs and gives
//! nothing out. What is decided here is decided on values; files, programs and the store belong to others.
//!
//! Whoever signs sees [`kervan_dossier::Signatory`] alone, which has no way to give a private key out.
//!
//! ```
//! use kervan_custody::Sealer;
//! use kervan_dossier::PartyKey;
//! use kervan_identity::{PasswordCost, Secret};
//!
//! let secret = Secret::new("four words that do not belong");
//! let cost = PasswordCost { memory: 64, passes: 1, lanes: 1 }; // `PasswordCost::TODAY`, in a node
//! let (sealer, header) = Sealer::make(&secret, [1; 16], [2; 32], cost).unwrap(); // fresh random bytes, in a node
//! let key = PartyKey::from_seed([7; 32]);
//! let sealed = sealer.seal("silkline", &key).unwrap();
//!
//! let again = Sealer::open(&secret, &header).unwrap();
//! assert_eq!(again.unseal("silkline", &sealed).unwrap().did(), key.did());
//! assert!(again.unseal("caspian-line", &sealed).is_err(), "a sealed key is one party's alone");
//! assert!(Sealer::open(&Secret::new("four words that do not belone"), &header).is_err());
//! ```

pub mod limits;

mod keeper;
mod kept;
mod protocol;
mod seal;
mod text;

pub use keeper::{Keeper, KeptOutside, Locked};
pub use kept::Kept;
pub use protocol::{Answer, PROTOCOL, Request};
pub use seal::{SealFault, Sealer, check_secret};
pub use text::KeptText;
