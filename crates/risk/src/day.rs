//! One case against the others of its day: whether the control team has room for it, as far as is known when it is decided.

use crate::{Candidate, Capacity, DrawSeed, choose_controls};

/// Where a case of the day stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Rules demand its control.
    ByRules,
    /// It was selected and its goods are there: nothing takes its place any more.
    Kept,
    /// It was selected and its goods are still to come: a case of a higher value may take its place.
    Waiting,
}

impl Claim {
    /// The word used in storage.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ByRules => "by_rules",
            Self::Kept => "kept",
            Self::Waiting => "waiting",
        }
    }

    /// A claim by its word.
    pub fn find(word: &str) -> Option<Self> {
        [Self::ByRules, Self::Kept, Self::Waiting].into_iter().find(|claim| claim.word() == word)
    }
}

/// Another case of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCase {
    /// Its name.
    pub case: String,
    /// What its control is worth. Unit: a thousandth.
    pub value: u32,
    /// Where it stands.
    pub claim: Claim,
}

/// Whether there is room for a case, with what was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRuling {
    /// Controls that are taken: by rules, and by cases whose goods are there.
    pub taken: usize,
    /// Waiting cases that come before this one.
    pub ahead: usize,
    /// Whether there is room.
    pub room: bool,
}

/// Rules on a case that was selected and that no rule demands to be controlled. It has room if it is among the controls that
/// [`choose_controls`] chooses of the whole day: what is taken first, then by value, then by name.
///
/// A case keeps its room until its goods are there only if no case of a higher value comes meanwhile; ruled on again when
/// its goods are there, it is kept or let pass for good. Kept cases are never more than the capacity leaves.
pub fn rule_on_day(case: &str, value: u32, others: &[DayCase], controls: usize) -> DayRuling {
    let mut candidates: Vec<Candidate> = others
        .iter()
        .filter(|other| other.case != case)
        .map(|other| candidate(&other.case, other.value, other.claim != Claim::Waiting))
        .collect();
    let taken = candidates.iter().filter(|other| other.asked_by_rules).count();
    candidates.push(candidate(case, value, false));
    // The lot has its own proof (`DrawSeed::draws`); a drawn case comes with the highest value.
    let capacity = Capacity { controls, by_lot_permille: 0, threshold_permille: 0 };
    let chosen = choose_controls(&candidates, capacity, &DrawSeed::new([0; 32]));
    let room = chosen.iter().any(|chosen| chosen.case == case);
    let before = |other: &&Candidate| {
        !other.asked_by_rules
            && (other.chance_permille > value || other.chance_permille == value && other.case.as_str() < case)
    };
    DayRuling { taken, ahead: candidates.iter().filter(before).count(), room }
}

fn candidate(case: &str, value: u32, taken: bool) -> Candidate {
    Candidate { case: case.to_owned(), chance_permille: value, worth: 1, asked_by_rules: taken }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lowest_value_is_let_pass() {
        let other = |name: &str, value: u32, claim: Claim| DayCase { case: name.into(), value, claim };
        let others =
            [other("a", 500, Claim::Waiting), other("b", 300, Claim::Waiting), other("c", 0, Claim::ByRules)];
        let cases = [
            (400, 3, true, 1),
            (200, 3, false, 2),
            (400, 2, false, 1),
            (600, 2, true, 0),
            (600, 1, false, 0),
        ];
        for (value, controls, room, ahead) in cases {
            let ruling = rule_on_day("x", value, &others, controls);
            assert_eq!((ruling.taken, ruling.ahead, ruling.room), (1, ahead, room), "{value} of {controls}");
        }
    }

    /// A day as a node lives it: cases are selected, come in any order, and are ruled on again when their goods are there.
    #[derive(Clone, Debug)]
    enum Happening {
        Selected(usize, u32),
        ByRules(usize),
        There(usize),
    }

    fn happenings() -> impl Strategy<Value = Vec<Happening>> {
        let one = prop_oneof![
            (0..24_usize, 0..=1_001_u32).prop_map(|(case, value)| Happening::Selected(case, value)),
            (0..24_usize).prop_map(Happening::ByRules),
            (0..24_usize).prop_map(Happening::There),
        ];
        proptest::collection::vec(one, 0..120)
    }

    proptest! {
        #[test]
        fn never_above_capacity_except_by_rules(happenings in happenings(), controls in 0..8_usize) {
            let mut day: Vec<DayCase> = Vec::new();
            for happening in happenings {
                match happening {
                    Happening::Selected(case, value) if !day.iter().any(|known| known.case == format!("{case:02}")) => {
                        let case = format!("{case:02}");
                        if rule_on_day(&case, value, &day, controls).room {
                            day.push(DayCase { case, value, claim: Claim::Waiting });
                        }
                    }
                    Happening::ByRules(case) if !day.iter().any(|known| known.case == format!("{case:02}")) => {
                        day.push(DayCase { case: format!("{case:02}"), value: 0, claim: Claim::ByRules });
                    }
                    Happening::There(case) => {
                        let case = format!("{case:02}");
                        let Some(at) = day.iter().position(|known| known.case == case && known.claim == Claim::Waiting)
                        else {
                            continue;
                        };
                        let value = day[at].value;
                        match rule_on_day(&case, value, &day, controls).room {
                            true => day[at].claim = Claim::Kept,
                            false => drop(day.remove(at)),
                        }
                        let kept = day.iter().filter(|known| known.claim == Claim::Kept).count();
                        prop_assert!(kept <= controls, "{kept} kept of {controls}");
                    }
                    Happening::Selected(..) | Happening::ByRules(_) => {}
                }
                let by_rules = day.iter().filter(|known| known.claim == Claim::ByRules).count();
                prop_assert!(by_rules <= day.len());
            }
        }

        #[test]
        fn the_order_in_which_others_are_known_changes_nothing(
            values in proptest::collection::vec((0..1_000_u32, 0..3_u8), 0..20), value in 0..1_000_u32, controls in 0..12_usize,
        ) {
            let claims = [Claim::ByRules, Claim::Kept, Claim::Waiting];
            let mut others: Vec<DayCase> = values
                .iter()
                .enumerate()
                .map(|(number, (value, claim))| DayCase {
                    case: format!("{number:02}"), value: *value, claim: claims[usize::from(*claim)],
                })
                .collect();
            let one = rule_on_day("99", value, &others, controls);
            others.reverse();
            prop_assert_eq!(one, rule_on_day("99", value, &others, controls));
        }
    }
}
