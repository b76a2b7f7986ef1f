//! The network: what the caller says, what is wrong with it, and the arrays that the search reads.

mod check;
mod compile;
mod model;
mod parts;
mod risk;

pub use check::Fault;
pub use parts::{Change, Departure, Line, LineStop, Parts, Runs, Stay, Stop, Storage, Window};

pub(crate) use check::check_stay;
pub(crate) use compile::{Compiled, NONE, Position};
pub(crate) use model::{Gated, mirror_tick};

use model::Model;
use std::sync::OnceLock;

/// Stops, lines and what lies between them, ready to be searched.
///
/// Made once and searched many times. The mirror in which time runs back is made when the first query asks to arrive by
/// an instant.
#[derive(Debug)]
pub struct Network {
    parts: Parts,
    forward: Compiled,
    mirror: OnceLock<Compiled>,
}

impl Network {
    /// Makes a network of its parts.
    ///
    /// Errors: every fault of the parts.
    pub fn new(parts: Parts) -> Result<Self, Vec<Fault>> {
        let faults = check::list_faults(&parts);
        if !faults.is_empty() {
            return Err(faults);
        }
        let forward = Compiled::new(&Model::new(&parts, false));
        Ok(Self { parts, forward, mirror: OnceLock::new() })
    }

    /// What it was made of.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    pub(crate) fn compiled(&self, mirrored: bool) -> &Compiled {
        match mirrored {
            false => &self.forward,
            true => self.mirror.get_or_init(|| Compiled::new(&Model::new(&self.parts, true))),
        }
    }
}
