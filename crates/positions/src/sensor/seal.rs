//! The chain of seals: each seal that was put on is closed until somebody who may do so takes it off.

use crate::observation::Observation;
use crate::report::SealState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that was said of a seal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealEvent {
    /// When.
    pub at: Timestamp,
    /// Number on the seal.
    pub number: String,
    /// Its state afterwards.
    pub state: SealState,
    /// Whether somebody reported it as their act: affixed, checked, taken off. What only a sensor says is no act.
    pub is_act: bool,
}

/// How a chain of seals is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealFault {
    /// It was seen broken.
    Broken,
    /// It was seen open, and nobody reported that they opened it.
    OpenedByNobody,
    /// It was seen, and nobody reported that they put it on.
    NotAffixed,
    /// It was seen closed after it was reported taken off: a number that is used again.
    ClosedAgain,
}

impl SealFault {
    /// For people.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Broken => "it was seen broken",
            Self::OpenedByNobody => "it was seen open, and nobody reported that they opened it",
            Self::NotAffixed => "it was seen, and nobody reported that they put it on",
            Self::ClosedAgain => "it was seen closed after it was reported taken off",
        }
    }
}

/// The breaks of the chain: `affixed` are the seals of the dossier, `events` what was said since, in any order. Each fault of a
/// seal is told once.
pub fn assess_seals(affixed: &[String], events: &[SealEvent]) -> Vec<Observation> {
    let mut sorted: Vec<&SealEvent> = events.iter().collect();
    // An act at the instant of a reading explains it.
    sorted.sort_by_key(|event| (event.at, !event.is_act, &event.number));
    let mut states: BTreeMap<&str, SealState> =
        affixed.iter().map(|number| (number.as_str(), SealState::Closed)).collect();
    let mut told: Vec<(&str, SealFault)> = Vec::new();
    let mut found = Vec::new();
    for event in sorted {
        let before = states.get(event.number.as_str()).copied();
        let fault = match (before, event.state, event.is_act) {
            (_, SealState::Broken, _) => Some(SealFault::Broken),
            (Some(SealState::Closed), SealState::Open, false) => Some(SealFault::OpenedByNobody),
            (Some(SealState::Open | SealState::Broken), SealState::Closed, _) => Some(SealFault::ClosedAgain),
            (None, _, false) => Some(SealFault::NotAffixed),
            (_, SealState::Closed | SealState::Open, _) => None,
        };
        states.insert(&event.number, event.state);
        if let Some(fault) = fault
            && !told.contains(&(event.number.as_str(), fault))
        {
            told.push((&event.number, fault));
            found.push(Observation::SealChainBroken { number: event.number.clone(), fault, at: event.at });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_break_is_told_once() {
        use SealState::{Broken, Closed, Open};
        for (said, wanted) in [
            (&[("A", Closed, false), ("A", Open, true), ("A", Open, false)][..], &[][..]),
            (&[("A", Open, false), ("A", Open, false)], &[SealFault::OpenedByNobody][..]),
            (&[("A", Broken, true), ("A", Broken, false)], &[SealFault::Broken]),
            (&[("B", Closed, true), ("B", Closed, false)], &[]),
            (&[("B", Closed, false)], &[SealFault::NotAffixed]),
            (&[("A", Open, true), ("A", Closed, false)], &[SealFault::ClosedAgain]),
        ] {
            let events: Vec<_> = said
                .iter()
                .enumerate()
                .map(|(step, (number, state, is_act))| SealEvent {
                    at: Timestamp::from_second(step as i64 * 60).unwrap(),
                    number: (*number).to_owned(),
                    state: *state,
                    is_act: *is_act,
                })
                .collect();
            let found = assess_seals(&["A".to_owned()], &events);
            let faults: Vec<_> = found
                .iter()
                .map(|found| match found {
                    Observation::SealChainBroken { fault, .. } => *fault,
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(faults, wanted, "{said:?}");
        }
    }
}
