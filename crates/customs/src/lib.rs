//! Clearance: customs procedures computed from the way of the goods, and decisions that explain themselves.
#![doc = ""]
mod advance;
mod case;
mod codes;
mod decision;
mod declaration;
pub mod limits;
mod message;
mod movement;
mod offices;
mod plan;
pub mod rules;
mod table;
mod territory;
mod way;

pub use advance::{Rejected, Rule as TransitionRule, TRANSITIONS, Transition, advance};
pub use case::{AttachedFacts, Case};
pub use codes::{CustomsCodeError, OfficeCode, RegimeCode, RequirementCode};
pub use decision::{Decision, Outcome, PackRef};
pub use declaration::{
    Declaration, DeclaredDocument, DeclaredEquipment, DeclaredGoods, Trader, derive_declaration,
};
pub use message::{Content, Message, MessageKind};
pub use movement::{Filing, Movement, Refusal, State, StateKind, Step};
pub use plan::{ClearancePlan, MovementPlan, OfficeAt, RequirementInForce, plan_movements};
pub use rules::{Rule, RulePack, RulePacks, decide};
pub use table::Period;
pub use territory::{Office, OfficeRole, Procedure, Regime, Requirement, Territories, Territory};
