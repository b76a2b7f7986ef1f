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
mod csv_cell;
mod dangerous_table;
mod details_check;
mod entry_kind;
mod equipment;
mod finding;
mod goods;
mod ids;
mod itinerary;
mod language;
mod mode;
mod party;
mod plain_words;
mod provenance;
mod temperature;
mod transport;

pub mod format;

pub use attached_document::{
    AttachedDocument, ContainerMass, DateKind, KeyFacts, StatedDanger, StatedReference, StatedSeal,
};
pub use consignment::{Consignment, DeliveryTerms, Prices};
pub use csv_cell::{csv_cell, harmless_cell};
pub use dangerous_table::{DANGEROUS_TABLE, DangerousEntry, DangerousTable, DangerousTableError};
pub use entry_kind::EntryKind;
pub use equipment::{
    Equipment, RoadVehicle, Seal, VehicleKind, VerifiedMass, Wagon, WagonProvider, WeighingMethod,
};
pub use finding::{Finding, Severity, has_errors};
pub use goods::{DangerousGoods, GoodsItem, InnerPackaging, PlantProduct, RailCodes};
pub use ids::{
    DossierId, EntryId, IdError, LanguageTag, LinkId, MovementId, PartyId, Reference, ServiceId, TerritoryId,
};
pub use itinerary::{
    ArrivalOdds, Cost, CostBasis, Itinerary, Leg, LegCost, PlanInputs, ProcessStay, ServiceStatus, Stay, Step,
};
pub use language::{LocalName, LocalText};
pub use mode::{Mode, ProcessKind, TrafficClass};
pub use party::{Contact, Party, PartyIdentifier, PartyRole, Role};
pub use plain_words::{in_plain_words, words_of};
pub use provenance::{Confidence, Provenance};
pub use temperature::TemperatureRange;
pub use transport::{
    Charge, ChargeKind, DocumentReference, Instruction, InstructionAddressee, Settlement, TransportMovement,
};
