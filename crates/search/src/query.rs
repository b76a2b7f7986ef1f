//! The question, and what is wrong with it.

use crate::limits::{LAST_TICK, MOST_EPSILON, MOST_LABELS, MOST_REQUIRED};
use crate::network::{Fault, Network, Stay, check_stay};
use crate::{Criteria, WEIGHTS};

/// Where goods may come from or go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Which stop.
    pub stop: u32,
    /// What happens there before the first ride or after the last one. `None`: only with the lines of
    /// [`End::by_line`].
    pub stay: Option<Stay>,
    /// Lines for which something else happens; `None`: goods cannot begin or end there with this line.
    pub by_line: Vec<(u32, Option<Stay>)>,
}

impl End {
    /// A stop where nothing happens before the first ride or after the last one.
    pub const fn at(stop: u32) -> Self {
        let stay = Stay { duration: 0, weights: [0; WEIGHTS], at_any_hour: true };
        Self { stop, stay: Some(stay), by_line: Vec::new() }
    }
}

/// When goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// They are there from this instant on, and should arrive early.
    DepartAfter(u32),
    /// They must have arrived at this instant, and should depart late.
    ArriveBy(u32),
}

/// What may not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Avoid {
    /// Lines that may not be used, by number.
    pub lines: Vec<u32>,
    /// Stops that may not be touched: neither to change lines nor on board.
    pub stops: Vec<u32>,
    /// Stops where goods may not change lines; they may pass on board, begin or end there.
    pub changes_at: Vec<u32>,
}

/// A question to a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Where goods may begin; each stop once.
    pub from: Vec<End>,
    /// Where goods may end; each stop once.
    pub to: Vec<End>,
    /// When.
    pub when: When,
    /// Longest time from begin to end, with the stays at both ends. Unit: tick.
    pub horizon: u32,
    /// What is compared.
    pub criteria: Criteria,
    /// Most rides. `None`: any number.
    pub most_legs: Option<u32>,
    /// What may not be used.
    pub avoid: Avoid,
    /// Stops that must be touched, by changing lines, on board, or at an end. Range: at most [`MOST_REQUIRED`].
    pub required: Vec<u32>,
    /// What the goods take of a departure's capacity.
    pub demand: u32,
    /// How much worse, in every criterion, a shown way may be than one that is left out. Unit: thousandth.
    /// 0: every way that is not beaten is there.
    pub epsilon: u32,
    /// Partial ways that may be held before the search gives up.
    pub most_labels: usize,
}

impl Query {
    /// From one stop to another, on arrival and cost, with nothing avoided.
    pub fn new(from: End, to: End, when: When, horizon: u32) -> Self {
        Self {
            from: vec![from],
            to: vec![to],
            when,
            horizon,
            criteria: Criteria::TIME_AND_COST,
            most_legs: None,
            avoid: Avoid::default(),
            required: Vec::new(),
            demand: 0,
            epsilon: 0,
            most_labels: MOST_LABELS,
        }
    }
}

/// Something in a [`Query`] that cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryFault {
    /// A stop or line is named that is not there.
    #[error("{field} names {number}, which is not in the network")]
    Unknown {
        /// Field of the query.
        field: &'static str,
        /// The number that names nothing.
        number: u32,
    },
    /// A stop is named twice, or nothing is named.
    #[error("{field} must name each stop once, and one at least")]
    Ends {
        /// Field of the query.
        field: &'static str,
    },
    /// A number is out of its range.
    #[error("{field} is out of its range")]
    Range {
        /// Field of the query.
        field: &'static str,
    },
    /// A stay at an end is wrong.
    #[error(transparent)]
    Stay(Fault),
}

/// Every fault of a query.
pub(crate) fn list_faults(network: &Network, query: &Query) -> Vec<QueryFault> {
    let (stops, lines) = (network.parts().stops.len(), network.parts().lines.len());
    let mut faults = Vec::new();
    let mut known = |field: &'static str, numbers: &mut dyn Iterator<Item = u32>, count: usize| {
        let unknown = numbers.filter(|number| *number as usize >= count);
        faults.extend(unknown.map(|number| QueryFault::Unknown { field, number }));
    };
    for (field, ends) in [("from", &query.from), ("to", &query.to)] {
        known(field, &mut ends.iter().map(|end| end.stop), stops);
        known(field, &mut ends.iter().flat_map(|end| &end.by_line).map(|(line, _)| *line), lines);
    }
    known("avoid.lines", &mut query.avoid.lines.iter().copied(), lines);
    known("avoid.stops", &mut query.avoid.stops.iter().copied(), stops);
    known("avoid.changes_at", &mut query.avoid.changes_at.iter().copied(), stops);
    known("required", &mut query.required.iter().copied(), stops);
    for (field, ends) in [("from", &query.from), ("to", &query.to)] {
        let mut named: Vec<u32> = ends.iter().map(|end| end.stop).collect();
        named.sort_unstable();
        if named.is_empty() || named.windows(2).any(|pair| matches!(pair, [one, next] if one == next)) {
            faults.push(QueryFault::Ends { field });
        }
        let mut wrong = Vec::new();
        for stay in ends
            .iter()
            .flat_map(|end| end.stay.into_iter().chain(end.by_line.iter().filter_map(|(_, stay)| *stay)))
        {
            check_stay(stay, &|| field.to_owned(), &mut wrong);
        }
        faults.extend(wrong.into_iter().map(QueryFault::Stay));
    }
    let (When::DepartAfter(instant) | When::ArriveBy(instant)) = query.when;
    let in_range = [
        ("when", instant <= LAST_TICK),
        ("horizon", query.horizon <= LAST_TICK),
        ("required", query.required.len() <= MOST_REQUIRED),
        ("epsilon", query.epsilon <= MOST_EPSILON),
        ("most_labels", query.most_labels > 0 && query.most_labels < u32::MAX as usize),
    ];
    faults.extend(in_range.iter().filter(|(_, holds)| !holds).map(|(field, _)| QueryFault::Range { field }));
    faults
}
