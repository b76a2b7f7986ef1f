//! What services and places take: dangerous goods, goods under temperature control, long and heavy equipment.

use crate::{Network, Place, RowAt, Service};
use kervan_codes::PlaceCode;
use kervan_model::{Mode, Provenance, ServiceId, TrafficClass};
use kervan_units::Mass;
use std::fmt;
use std::str::FromStr;

/// What a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One directed service.
    Service(ServiceId),
    /// A place.
    Place(PlaceCode),
    /// Every service of a mode and class.
    Class {
        /// The mode.
        mode: Mode,
        /// The class.
        class: TrafficClass,
    },
}

impl Scope {
    /// Whether the row is about a service.
    pub fn is_of_service(&self, service: &Service) -> bool {
        match self {
            Self::Service(id) => *id == service.id,
            Self::Place(_) => false,
            Self::Class { mode, class } => (*mode, *class) == (service.mode, service.class),
        }
    }

    /// Whether the row is about a place.
    pub fn is_of_place(&self, place: &Place) -> bool {
        matches!(self, Self::Place(code) if *code == place.code)
    }
}

/// A class or division of dangerous goods. Shape: a digit from 1 to 9, or two parted by a dot, such as `3` or `6.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DangerClass {
    class: u8,
    division: u8,
}

/// Divisions of each class, by its number less one. Source: UN Model Regulations, 2.0.1.1.
const DIVISIONS: [u8; 9] = [6, 3, 0, 3, 2, 2, 0, 0, 0];

impl DangerClass {
    /// Whether this class holds the other one: `2` holds `2.1`.
    pub fn holds(self, other: Self) -> bool {
        self == other || (self.division == 0 && self.class == other.class)
    }
}

/// The text is no class of dangerous goods.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no class of dangerous goods (1 to 9, or a division such as 2.1 or 6.1)")]
pub struct NoDangerClass(String);

impl FromStr for DangerClass {
    type Err = NoDangerClass;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || NoDangerClass(text.chars().take(20).collect());
        let digit = |text: &str| text.parse::<u8>().ok().filter(|_| text.len() == 1).ok_or_else(error);
        let (class, division) = match text.split_once('.') {
            Some((class, division)) => (digit(class)?, Some(digit(division)?)),
            None => (digit(text)?, None),
        };
        let most = DIVISIONS.get(usize::from(class).wrapping_sub(1)).ok_or_else(error)?;
        match division {
            Some(division) if !(1..=*most).contains(&division) => Err(error()),
            _ => Ok(Self { class, division: division.unwrap_or(0) }),
        }
    }
}

impl fmt::Display for DangerClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.division {
            0 => write!(f, "{}", self.class),
            division => write!(f, "{}.{division}", self.class),
        }
    }
}

/// Which dangerous goods are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DangerousAccepted {
    /// Every class.
    All,
    /// None.
    None,
    /// These classes only.
    Only(Vec<DangerClass>),
}

/// What a service or a place takes. `None` in a field: not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Id of the row.
    pub id: String,
    /// What it is about.
    pub scope: Scope,
    /// Dangerous goods.
    pub dangerous: Option<DangerousAccepted>,
    /// Whether goods under temperature control are taken: plugs or generators are there.
    pub reefer: Option<bool>,
    /// How many plugs, where that is known.
    pub reefer_plugs: Option<u32>,
    /// Longest container. Unit: foot.
    pub longest_ft: Option<u16>,
    /// Heaviest container with its goods. Unit: gram.
    pub heaviest: Option<Mass>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

impl Acceptance {
    /// Whether a class of dangerous goods is taken; `None` if that is not known.
    pub fn takes_dangerous(&self, class: DangerClass) -> Option<bool> {
        self.dangerous.as_ref().map(|accepted| match accepted {
            DangerousAccepted::All => true,
            DangerousAccepted::None => false,
            DangerousAccepted::Only(classes) => classes.iter().any(|held| held.holds(class)),
        })
    }
}

impl Network {
    /// Every row on what is taken, in the order of the table.
    pub fn list_acceptances(&self) -> impl Iterator<Item = &Acceptance> {
        self.acceptances.iter()
    }

    /// What is known of what a service takes: its own row first, then that of its mode and class.
    pub fn acceptances_of_service(&self, service: &Service) -> impl Iterator<Item = &Acceptance> {
        let own =
            |row: &&Acceptance| matches!(row.scope, Scope::Service(_)) && row.scope.is_of_service(service);
        let of_class =
            |row: &&Acceptance| matches!(row.scope, Scope::Class { .. }) && row.scope.is_of_service(service);
        self.acceptances.iter().filter(own).chain(self.acceptances.iter().filter(of_class))
    }

    /// What is known of what a place takes.
    pub fn acceptances_of_place(&self, place: &Place) -> impl Iterator<Item = &Acceptance> {
        self.acceptances.iter().filter(|row| row.scope.is_of_place(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_model_regulations() {
        for text in ["1", "1.4", "2", "2.1", "3", "4.3", "5.2", "6.1", "7", "9"] {
            assert_eq!(text.parse::<DangerClass>().unwrap().to_string(), text);
        }
        for text in ["", "0", "10", "3.1", "2.4", "2.", ".1", "x", "2.1.1", "02"] {
            assert!(text.parse::<DangerClass>().is_err(), "{text}");
        }
        let class = |text: &str| text.parse::<DangerClass>().unwrap();
        assert!(class("2").holds(class("2.1")) && !class("2.1").holds(class("2")));
        assert!(class("3").holds(class("3")) && !class("3").holds(class("4.1")));
    }
}
