//! Durable storage of a node in one embedded SQLite file, and an index beside it. The only SQL of the project stands here.
//!
//! Facts (entries, events, positions, given ETAs) are append-only. Projections (consignments, movements) are rewritten
//! from them and may be thrown away and rebuilt. One thread writes; it takes every batch that is waiting into one
//! transaction and acknowledges each only after the commit has reached the disk, so that an acknowledged batch survives
//! a crash at any moment and many small batches share one flush. Readers have their own connections and never wait for
//! the writer.
//!
//! Events stand in the order in which they were captured. What they name is found through an index in files beside the
//! database, which is a projection: it is made again if it is missing (`events`).
//!
//! What is absent: decisions, formats, clocks. Bodies are text that other rooms make and read.
//!
//! ```
//! use kervan_store::{DeviceFixes, FixRow, Store, Write};
//!
//! let folder = tempfile::tempdir().unwrap();
//! let store = Store::open(folder.path()).unwrap();
//! let at = "2026-12-01T08:00:00Z".parse().unwrap();
//! let fix = FixRow { at, lat_e7: 1, lon_e7: 2, received: at, marks: 0, speed: None, heading: None };
//! let fixes = DeviceFixes { device: "tracker:A".into(), state: None, fixes: vec![fix] };
//! store.save(vec![Write::Fixes(fixes)]).unwrap();
//! assert_eq!(store.list_fixes("tracker:A", 10).unwrap(), [fix]);
//! ```

// What the tests inside share with the contract calls the store by its name.
#[cfg(test)]
extern crate self as kervan_store;

mod apply;
mod apply_guarantees;
mod apply_positions;
mod audit;
mod check;
mod circle;
mod commit;
mod control_claims;
mod copy;
mod db;
mod error;
mod events;
mod figures;
mod identity;
mod journal;
mod limits;
mod plans;
mod read;
mod read_consignments;
mod read_guarantees;
mod read_messages;
mod read_positions;
mod retention;
mod rows;
mod rows_positions;
mod schema;
mod store;
mod tracking;
mod writer;

pub use audit::{AuditCheck, AuditEntry, AuditFlaw, AuditHead, AuditRow};
pub use check::StoreFlaws;
pub use circle::CircleRow;
pub use copy::{CopyProgress, TableSum, copy_store, sum_store};
pub use error::StoreError;
pub use events::{
    CaptureJobRow, EventKey, EventMark, EventQuery, EventRole, EventRow, EventWord, NamedQueryRow, Roles,
    SubscriptionRow, VocabularyRow, WordKind,
};
pub use figures::{COMMIT_BOUNDS, StoreFigures};
pub use identity::{ApiKeyRow, IdentityWrite, PersonRow, SessionRow};
pub use journal::{
    JournalSegment, JournalSummary, Restored, Until, begin_journal, end_journal, read_journal, restore_store,
};
pub use limits::{MOST_LISTED, MOST_TRACKED, MOST_WRITES_IN_BATCH};
pub use plans::PlanRow;
pub use read_consignments::CaseRows;
pub use retention::Aged;
pub use rows::{
    AnswerRow, Change, ConsignmentRow, ControlClaimRow, EntryRow, EtaRow, GuaranteeAct, GuaranteeRow,
    GuaranteeUse, MovementRow, OldEvent, PartyRow, ReceivedRow, RulePackRow, ScreeningDecisionRow, Topic,
    Write,
};
pub use rows_positions::{CarriageRow, DeviceFixes, FixRow, MountingRow, SensedOn, SensedRow, TrackRow};
pub use store::{Store, StoreLocation};
pub use tracking::{AlarmRow, ClosureRow, MeasuredRow, ScoredRow, TrackingWrite};
