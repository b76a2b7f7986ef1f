//! The cases, by what they are about.

pub(crate) mod audit;
pub(crate) mod batches;
pub(crate) mod circles;
pub(crate) mod consignments;
pub(crate) mod events;
pub(crate) mod guarantees;
pub(crate) mod identity;
pub(crate) mod kept_plans;
pub(crate) mod messages;
pub(crate) mod positions;
pub(crate) mod tracking;
