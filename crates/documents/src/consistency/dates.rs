//! Days out of order, by the table of what comes before what.

use super::compare::{At, Comparison};
use super::finding::{Inconsistency, Weight, inconsistency};
use super::statement::{StatedFact, Statement};
use super::tables::{DateOrder, Tables, Types};
use jiff::civil::Date;
use kervan_model::DateKind;

/// Name of the statement of an itinerary.
pub(super) const ITINERARY: &str = "itinerary";

impl<'a> Comparison<'a> {
    /// Days that stand in the wrong order. Each day that is too late is found once, against the worst of the others.
    pub(super) fn days(&self, tables: &Tables) -> Vec<Inconsistency> {
        let days = self.pick(|fact| match fact {
            StatedFact::Day(kind, date) => Some((*kind, *date)),
            _ => None,
        });
        tables.date_order.iter().flat_map(|order| out_of_order(&days, order)).collect()
    }
}

fn out_of_order(days: &[(At<'_>, (DateKind, Date))], order: &DateOrder) -> Vec<Inconsistency> {
    let of = |(types, kind): &(Types, DateKind)| {
        let found = days.iter().filter(|(at, (said, _))| said == kind && is_of(at.0, types));
        found.map(|(at, (_, date))| (*at, *date)).collect::<Vec<_>>()
    };
    let (earlier, later) = (of(&order.earlier), of(&order.later));
    let mut found = Vec::new();
    for (theirs, last) in &later {
        let Some((ours, first)) = earlier.iter().max_by_key(|(_, first)| *first) else { continue };
        let after = (*first - *last).get_days();
        if *first <= *last || after <= order.slack_days {
            continue;
        }
        let (ours, theirs) = (ours.0.place(ours.1), theirs.0.place(theirs.1));
        let words = |kind: DateKind| kind.word().replace('_', " ");
        let (before, later) = (words(order.earlier.1), words(order.later.1));
        let message = format!("{}: `{before}` {ours} is {after} days after `{later}` {theirs}", order.rule);
        let weight = Weight { severity: order.severity, source: &order.source, remedy: &order.remedy };
        found.push(inconsistency(&weight, "days-out-of-order", message, ours, theirs));
    }
    found
}

fn is_of(statement: &Statement, types: &Types) -> bool {
    match types {
        Types::Any => true,
        Types::Itinerary => statement.document == ITINERARY,
        Types::Documents(codes) => {
            statement.type_code.as_ref().is_some_and(|code| codes.iter().any(|known| known == code.as_str()))
        }
    }
}
