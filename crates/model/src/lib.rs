//! The vocabulary of a consignment: goods, parties, equipment, itinerary, roles, ids, findings.
//!
//! Plain data with invariants; no decision is taken here. Everything that can be signed holds integers only, and its
//! serialization is what the dossier hashes. The form in which people write a consignment down is another one:
//! [`format::ConsignmentFile`], which is read into a [`Consignment`] with every finding at once.
//!
//! ```
//! use kervan_model::{Finding, Severity};
//!
//! let finding = Finding::error("consignment.no-goods", "the consignment has no goods")
//!     .at("/goods")
//!     .remedy("list at least one goods item");
//! assert_eq!(finding.severity, Severity::Error);
//! ```

mod attached_document;
mod consignment;
mod consignment_check;
mod entry_kind;
mod equipment;
mod finding;
mod goods;
mod ids;
mod itinerary;
mod mode;
mod party;
mod provenance;

pub mod format;

pub use attached_document::{AttachedDocument, KeyFacts};
pub use consignment::{Consignment, DeliveryTerms, Prices};
pub use entry_kind::EntryKind;
pub use equipment::{Equipment, Seal};
pub use finding::{Finding, Severity, has_errors};
pub use goods::{DangerousGoods, GoodsItem};
pub use ids::{DossierId, EntryId, IdError, LinkId, MovementId, PartyId, Reference, ServiceId, TerritoryId};
pub use itinerary::{
    ArrivalOdds, Cost, CostBasis, Itinerary, Leg, LegCost, PlanInputs, ProcessStay, ServiceStatus, Stay, Step,
};
pub use mode::{Mode, ProcessKind, TrafficClass};
pub use party::{Party, PartyRole, Role};
pub use provenance::{Confidence, Provenance};
