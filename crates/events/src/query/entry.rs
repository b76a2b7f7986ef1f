//! Where the search for candidates begins.

use super::test::{Field, Test, Things, TimeField};
use super::{Pattern, Query};
use crate::{NameRole, step_name};
use jiff::Timestamp;

/// Names of which every answer to a question holds at least one, in one of some roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The names, in canonical form.
    pub names: Vec<String>,
    /// The roles.
    pub roles: Vec<NameRole>,
}

impl Query {
    /// The names by which candidates are found with the least effort; nothing if all events must be looked at.
    pub fn entry(&self) -> Option<Entry> {
        // The rarer a name is likely to be, the earlier it stands here: a thing, a document, a place, a step.
        let ranked = self.tests.iter().filter_map(|test| rank(test).zip(entry_of(test)));
        ranked.min_by_key(|(rank, entry)| (*rank, entry.names.len())).map(|(_, entry)| entry)
    }

    /// From which instant on, and before which, the answers happened, as far as the question says.
    pub fn event_times(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let (mut from, mut until) = (None::<Timestamp>, None::<Timestamp>);
        for test in &self.tests {
            if let Test::Time { field: TimeField::Event, before, at } = test {
                if *before {
                    until = Some(until.map_or(*at, |until| until.min(*at)));
                } else {
                    from = Some(from.map_or(*at, |from| from.max(*at)));
                }
            }
        }
        (from, until)
    }
}

fn rank(test: &Test) -> Option<u8> {
    match test {
        Test::Things(..) | Test::In(Field::TransformationId, _) => Some(0),
        Test::Listed { .. } => Some(1),
        Test::Place { within: false, .. } => Some(2),
        Test::In(Field::BizStep, _) => Some(3),
        _ => None,
    }
}

fn entry_of(test: &Test) -> Option<Entry> {
    let entry = |names: Vec<String>, roles: &[NameRole]| Some(Entry { names, roles: roles.to_vec() });
    match test {
        Test::Things(things, patterns) => {
            // A pattern has no one name; then every event must be looked at.
            let names: Option<Vec<String>> =
                patterns.iter().map(|p| Pattern::name(p).map(str::to_owned)).collect();
            entry(names?, roles_of(*things))
        }
        Test::In(Field::TransformationId, ids) => entry(ids.clone(), &[NameRole::Transformation]),
        Test::In(Field::BizStep, steps) => {
            entry(steps.iter().map(|s| step_name(s)).collect(), &[NameRole::Word])
        }
        Test::Listed { item: "bizTransaction", names, .. } => entry(names.clone(), &[NameRole::Transaction]),
        Test::Listed { names, .. } => entry(names.clone(), &[NameRole::Party]),
        Test::Place { location: true, within: false, names } => {
            entry(names.clone(), &[NameRole::BizLocation])
        }
        Test::Place { location: false, within: false, names } => entry(names.clone(), &[NameRole::ReadPoint]),
        _ => None,
    }
}

const fn roles_of(things: Things) -> &'static [NameRole] {
    use NameRole::{Child, Class, Epc, Input, Output, Parent};
    match things {
        Things::Epc => &[Epc, Child],
        Things::Parent => &[Parent],
        Things::Input => &[Input],
        Things::Output => &[Output],
        Things::Any => &[Epc, Child, Parent, Input, Output],
        Things::Class | Things::InputClass | Things::OutputClass | Things::AnyClass => &[Class],
    }
}
