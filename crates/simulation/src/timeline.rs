//! The timeline: what happened to each consignment, for people and for tests.

use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::{Consignment, Reference};
use serde::Serialize;

/// What happened to every consignment of a play so far, by reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// One line for each.
    pub consignments: Vec<TimelineOf>,
}

/// What happened to one consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimelineOf {
    /// The consignment.
    pub reference: Reference,
    /// Where from.
    pub from: PlaceCode,
    /// Where to.
    pub to: PlaceCode,
    /// When it was declared.
    pub declared: Option<Timestamp>,
    /// When its itinerary was accepted.
    pub accepted: Option<Timestamp>,
    /// When the itinerary had it delivered, median.
    pub planned_arrival: Option<Timestamp>,
    /// When it left its origin.
    pub departed: Option<Timestamp>,
    /// When the consignee received it.
    pub delivered: Option<Timestamp>,
    /// Every time that customs held it.
    pub held: Vec<HeldSpan>,
    /// When it was corrected.
    pub corrected: Option<Timestamp>,
    /// The ships it was on, in order.
    pub sailings: Vec<String>,
    /// Why it will not get on, if so.
    pub stuck: Option<String>,
    /// What else there is to say.
    pub notes: Vec<String>,
}

/// A time for which goods were held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldSpan {
    /// Where.
    pub place: PlaceCode,
    /// When the first question was answered with no.
    pub since: Timestamp,
    /// When one was answered with yes.
    pub until: Option<Timestamp>,
}

impl TimelineOf {
    pub(crate) fn new(consignment: &Consignment) -> Self {
        Self {
            reference: consignment.reference.clone(),
            from: consignment.from.clone(),
            to: consignment.to.clone(),
            declared: None,
            accepted: None,
            planned_arrival: None,
            departed: None,
            delivered: None,
            held: Vec::new(),
            corrected: None,
            sailings: Vec::new(),
            stuck: None,
            notes: Vec::new(),
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_over(&self) -> bool {
        self.delivered.is_some() || self.stuck.is_some()
    }
}
