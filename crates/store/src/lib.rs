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
//! use kervan_store::{Store, Write, PositionRow};
//!
//! let folder = tempfile::tempdir().unwrap();
//! let store = Store::open(folder.path()).unwrap();
//! let at = "2026-12-01T08:00:00Z".parse().unwrap();
//! let row = PositionRow { reference: "KRV-1".parse().unwrap(), at, lat_e7: 1, lon_e7: 2, link: None };
//! store.save(vec![Write::Position(row.clone())]).unwrap();
//! assert_eq!(store.list_positions(&row.reference, 10).unwrap(), vec![row]);
//! ```

mod apply;
mod apply_guarantees;
mod error;
mod events;
mod limits;
mod read;
mod read_consignments;
mod read_guarantees;
mod rows;
mod schema;
mod writer;

pub use error::StoreError;
pub use events::{
    CaptureJobRow, EventKey, EventMark, EventQuery, EventRole, EventRow, EventWord, NamedQueryRow, Roles,
    SubscriptionRow, WordKind,
};
pub use limits::{MOST_LISTED, MOST_WRITES_IN_BATCH};
pub use read::Store;
pub use rows::{
    AnswerRow, Change, ConsignmentRow, EntryRow, EtaRow, GuaranteeAct, GuaranteeRow, GuaranteeUse,
    MovementRow, OldEvent, PartyRow, PositionRow, RulePackRow, ScreeningDecisionRow, Topic, Write,
};
