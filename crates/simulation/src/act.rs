//! Acts: what a party does at one moment, and what came of it.

use crate::script::{Attach, CorrectedField};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_model::format::ConsignmentFile;
use kervan_model::{Itinerary, PartyId, Reference};
use kervan_planning::{AlternativeId, PlanOptions, PlanRequest};
use kervan_units::GeoPoint;

/// What a party does at one moment, ready to be sent to a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: PartyId,
    /// The consignment it is about.
    pub reference: Reference,
    /// A name that no other act of the play has and that a repeated play gives again: the idempotency key of its request.
    pub key: String,
    /// What.
    pub what: What,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The forwarder declares the consignment.
    Declare {
        /// What it sends.
        file: Box<ConsignmentFile>,
    },
    /// The consignor attaches a document of its own.
    Attach(Box<Attach>),
    /// The forwarder accepts an alternative of a plan.
    Accept {
        /// What it asked for.
        request: Box<PlanRequest>,
        /// How it was computed.
        options: PlanOptions,
        /// What it chose.
        alternative: AlternativeId,
    },
    /// A party reports what happened.
    Capture {
        /// An EPCIS document.
        document: serde_json::Value,
    },
    /// A carrier reports where the goods are.
    Position {
        /// Where.
        point: GeoPoint,
    },
    /// The forwarder asks whether customs let the goods leave a place.
    AskRelease {
        /// The place.
        place: PlaceCode,
    },
    /// The forwarder corrects the consignment.
    Amend {
        /// Why.
        reason: String,
        /// What.
        changes: Vec<CorrectedField>,
    },
}

/// What came of an act.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It was taken.
    Done,
    /// The itinerary was accepted, and this is the one the node keeps.
    Accepted {
        /// The itinerary.
        itinerary: Box<Itinerary>,
    },
    /// The goods may leave.
    Released,
    /// The goods may not leave yet.
    Held,
    /// The node refused it.
    Refused {
        /// Why, in its words.
        message: String,
    },
}
