//! The data of each document in the shape of the UN/CEFACT D23B JSON schemas.
//!
//! Rules of that encoding, which the schemas themselves enforce only in part: a scalar is an object with `content`;
//! numbers are strings; most instants are plain RFC 3339 strings; many single values are arrays. Nothing is ever written
//! as an empty object or array, and a missing fact is left out.

pub(crate) mod cim_smgs;
pub(crate) mod commercial_invoice;
pub(crate) mod packing_list;
mod scalar;
