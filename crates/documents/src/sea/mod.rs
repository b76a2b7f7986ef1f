//! What the documents of carriage by sea share: boxes of a bill of lading or sea waybill, and the facts of a voyage.

pub(crate) mod data;
pub(crate) mod form;
pub(crate) mod parts;

use crate::definition::Draft;
use crate::run::{Means, Run};

/// The ship of a voyage, as far as it is known.
pub(crate) struct Voyage<'a> {
    /// Its legs: one by sea.
    pub(crate) run: Run<'a>,
    /// The ship.
    pub(crate) ship: Option<Means<'a>>,
}

/// The voyage that a document covers.
pub(crate) fn voyage<'a>(draft: &Draft<'a>) -> Voyage<'a> {
    let run = draft.run();
    let ship = run.means().into_iter().next();
    Voyage { run, ship }
}

impl Voyage<'_> {
    /// `Professor Gül (8919271) · 26-114`: name, IMO number and voyage; empty if the ship is not known.
    pub(crate) fn describe(&self) -> Option<String> {
        let ship = self.ship.as_ref()?;
        let name = ship.name.map_or_else(
            || ship.identification.to_owned(),
            |name| format!("{name} ({})", ship.identification),
        );
        let flag = ship.nationality.map(|country| format!(", {country}")).unwrap_or_default();
        let journey = ship.journey.map(|journey| format!(" · {journey}")).unwrap_or_default();
        Some(format!("{name}{flag}{journey}"))
    }
}
