//! What the kinds of document share.
//!
//! Rules of the UN/CEFACT JSON encoding, which the schemas themselves enforce only in part: a scalar is an object with
//! `content`; numbers are strings; most instants are plain RFC 3339 strings; many single values are arrays. Nothing is ever
//! written as an empty object or array, and a missing fact is left out.

pub(crate) mod filling;
mod load;
pub(crate) mod scalar;
pub(crate) mod text;

pub(crate) use load::find_load;
