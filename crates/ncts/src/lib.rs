//! The messages of common transit (NCTS, phase 6): the complete published set, read, checked, built and written.
//!
//! The structure of every message is data (`data/ncts/`); the rules of the procedure are data where they are simple conditions and
//! functions where they are not. [`check`] names every fault of a message at once: what is not XML, what the published schema
//! refuses (certain), and which rule of the procedure is broken (as far as facts reach).
//!
//! ```
//! use kervan_ncts::{Verdict, check};
//!
//! let report = check(b"<ncts:CC028C xmlns:ncts=\"http://ncts.dgtaxud.ec\"><messageSender/></ncts:CC028C>");
//! assert_eq!(report.verdict, Verdict::Invalid);
//! assert!(report.faults.iter().any(|fault| fault.finding.path.as_deref() == Some("/CC028C/TransitOperation")));
//! ```

pub mod build;
mod check;
mod element;
pub mod limits;
mod message;
mod message_type;
mod raise;
mod read;
mod report;
mod rules;
mod schema;
mod shape;
mod structure;
mod value;
mod write;

pub use check::{check, check_message, check_message_with, check_with, parse_message};
pub use element::Element;
pub use message::Message;
pub use message_type::{MessageType, Phase, UnknownMessageType};
pub use read::NAMESPACE;
pub use report::{Fault, Layer, Report, Verdict};
pub use rules::{Held, Rule, find_in_list, list_rules};
pub use schema::{ElementRule, Group, GroupId, Holds, MessageSchema, Need, Schema, TypeId};
pub use value::{Characters, Space, ValueKind, ValueType};
pub use write::write;
