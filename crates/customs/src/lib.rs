//! Clearance: customs procedures computed from the way of the goods, and decisions that explain themselves.
//!
//! An itinerary crosses customs territories; [`plan_movements`] says which procedures that needs, under which regime, with
//! which offices and deadlines. Each becomes a [`Movement`], a state machine driven by messages ([`receive`]), whose
//! declaration nobody types ([`derive_declaration`]). A [`RulePack`] is the law of one administration as data;
//! [`decide`] asks all of its rules on a [`Case`] and gives a [`Decision`] with every finding.
//!
//! Everything here is pure: tables and packs come in as text, `now` and ids are arguments. Territories, memberships with
//! their dates, offices, tolerances and rules stand in `data/customs` and `data/rules`. Absent: any network or dossier;
//! the node fills [`AttachedFacts`] from the dossier.
//!
//! ```
//! use kervan_customs::RulePack;
//!
//! let pack = RulePack::load(
//!     "pack: demo\nversion: '1'\ntitle: one rule\nterritory: AB\nprocedures: [transit]\nsince: 2026-01-01\n\
//!      rules:\n- {id: sealed, title: boxes have seals, each: equipment, when: size(it.seals) == 0, outcome: control,\n\
//!      \x20 code: demo.no-seal, message: 'box {it.number} has no seal', source: a law, remedy: seal it, confidence: high}\n",
//!     |_| None,
//! ).unwrap();
//! assert_eq!(pack.reference().hash.len(), 64);
//!
//! let wrong = "pack: demo\nversion: '1'\ntitle: t\nterritory: AB\nprocedures: [transit]\nsince: 2026-01-01\n\
//!      rules:\n- {id: r, title: t, when: size(boxes) == 0, outcome: note, code: c, message: m, source: s, remedy: r, confidence: high}\n";
//! assert!(RulePack::load(wrong, |_| None).unwrap_err()[0].message.contains("`boxes` is unknown"));
//! ```

mod case;
mod chain;
mod codes;
mod completeness;
mod deadline;
mod decision;
mod declaration;
mod features;
mod guarantee;
mod incident;
pub mod limits;
mod measure;
mod message;
mod message_set;
mod movement;
mod offices;
mod plan;
mod receive;
pub mod rules;
mod selection;
mod table;
mod team;
mod territory;
mod way;
mod work;

pub use case::{AttachedFacts, Case};
pub use chain::{Chain, ChainPlan, ChainTables, ChainTotals, plan_chains};
pub use codes::{CustomsCodeError, OfficeCode, RegimeCode, RequirementCode};
pub use deadline::{Deadline, DeadlineEvent, Since, due, list_deadlines, message_of, next_due};
pub use decision::{
    Act, CapacityRuling, Decision, Drawn, Outcome, PackRef, ProfilePart, Profiled, Scored, Selection,
};
pub use declaration::{
    Declaration, DeclaredDocument, DeclaredEquipment, DeclaredGoods, Trader, derive_declaration,
};
pub use features::{FEATURES, features_of};
pub use guarantee::{
    AccountState, GuaranteeAccount, GuaranteeBasis, GuaranteeFault, GuaranteeFaultReason, GuaranteeKind,
    GuaranteeMessage, GuaranteeNeed, GuaranteeRule, GuaranteeStatus, GuaranteeTables, GuaranteedGoods,
    Reservation, assess_guarantee, choose_account, receive_for_guarantee,
};
pub use incident::{Endorsement, Incident, IncidentEquipment, IncidentLocation, Transhipment};
pub use measure::{
    CONTROL_CLEAN, CONTROL_FOUND, Cleared, ClearedStep, Measures, RuleMeasures, TerritoryMeasures,
    measure_clearance,
};
pub use message::{Content, Message, MessageKind};
pub use message_set::{ErrorCode, MessageRow, MessageSet, Need, RefusalReason, SenderRole, TransitionRule};
pub use movement::{Filing, Movement, Refusal, State, StateKind, Step, Taken};
pub use plan::{ClearancePlan, MovementPlan, OfficeAt, RequirementInForce, plan_movements};
pub use receive::{
    Reception, RefusedMessage, Sender, Taking, Transition, check_sender, expire_waiting, receive,
    refuse_unknown,
};
pub use rules::{Rule, RulePack, RulePacks, decide, decide_in};
pub use selection::{apply_selection, decide_alone, value_of};
pub use table::Period;
pub use team::ControlTeam;
pub use territory::{Office, OfficeRole, Procedure, Regime, Requirement, Territories, Territory};
pub use work::{Proposal, WorkItem, assess_work};
