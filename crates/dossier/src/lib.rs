//! The dossier: the one documentation package of a consignment, as signed entries in a graph.
//!
//! Each [`Entry`] is a fact that one party states under its own key: a signed [`Header`] that every participant sees, and a
//! body of groups under salted commitments, each of which can be withheld on its own. Entries cite the heads that their
//! author knew, so they form a graph; [`fold`] judges each by what its author knew and gives the state, the same on every
//! node whatever arrived first. [`export`] writes a dossier as canonical bytes, and [`verify`] checks them without asking
//! anybody.
//!
//! Absent here: clocks, randomness, files and the network. Time, salts, key seeds and the keys of `did:web` are arguments.
//! What an entry may say is data: [`AuthorityTable`]. Every finding has its page in `FINDINGS.md` beside this crate.
//!
//! ```
//! use kervan_dossier::{Author, AuthorityTable, Dossier, Draft, Fact, Participant, PartyKey, RoleGrant, export, fold, verify};
//! use kervan_model::Role;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let table = AuthorityTable::load(include_str!("../../../data/authority/authority.csv")).unwrap();
//! let key = PartyKey::from_seed([7; 32]); // from a key file, in a node
//! let author = Author { party: "mover".parse()?, role: Role::Forwarder, territory: None };
//! let consignment = serde_json::from_str(r#"{
//!     "reference": "KRV-2026-0001", "from": "CNXIA", "to": "TRIST", "ready": "2026-12-01T08:00:00Z",
//!     "terms": {"incoterm": "FCA", "place": "Xi'an"},
//!     "equipment": [{"number": "CSQU3054383", "size_type": "45G1"}],
//!     "goods": [{"description": "Washing machines", "hs": "845011", "origin": "CN", "packages": 100,
//!         "package_kind": "CT", "gross_mass": 7000000, "net_mass": 6500000}]}"#)?;
//! let participants = vec![Participant {
//!     party: "mover".parse()?,
//!     name: "Mover".to_owned(),
//!     did: key.did().clone(),
//!     roles: vec![RoleGrant { role: Role::Forwarder, territory: None }],
//! }];
//!
//! // Sign the first entry. Salts are random bytes, in a node, and never twice the same.
//! let mut last = 0_u128;
//! let mut salts = || { last += 1; last.to_be_bytes() };
//! let fact = Fact::ConsignmentDeclared { consignment, participants };
//! let draft = Draft::new(&fact, author, "2026-11-22T06:00:00Z".parse()?);
//! let dossier = Dossier::start(draft.sign(&key, &mut salts)?).unwrap();
//!
//! // What it says, and the file that proves it.
//! assert_eq!(fold(&dossier, &table).consignment.unwrap().packages(), 100);
//! let mut file = export(&dossier);
//! assert!(verify(&file, &table, None).verified);
//!
//! // One byte is changed.
//! let at = file.windows(8).position(|bytes| bytes == b"Washing ").unwrap();
//! file[at] = b'L';
//! let report = verify(&file, &table, None);
//! assert!(!report.verified);
//! assert_eq!(report.findings[0].code, "dossier.body-mismatch");
//! assert_eq!(report.findings[0].path.as_deref(), Some("/entries/0/body/consignment"));
//! # Ok(())
//! # }
//! ```

mod amendments;
mod authority;
mod bills;
mod chains;
mod conduct;
mod consent;
mod consent_facts;
mod consent_table;
mod control_facts;
mod did;
mod diff;
mod document_facts;
mod dossier;
mod draft;
mod entry;
mod export;
mod facts;
mod fold;
mod graph;
mod groups;
mod header;
mod judge;
mod key_book;
mod keys;
mod movement_facts;
mod package;
mod package_check;
mod package_zip;
mod participants;
mod pointer;
mod reading;
mod reissue;
mod signatory;
mod state;
mod statement;
mod strict_json;
mod together;
mod trust;
mod verify;

pub mod canonical;
pub mod canonical_text;
pub mod eddsa;
pub mod limits;

pub use authority::{AuthorityRow, AuthorityTable, Scope};
pub use bills::{BillStanding, BillState};
pub use chains::{Chain, Link};
pub use consent_facts::{AmendmentAnswered, CarriageAccepted};
pub use consent_table::ConsentRow;
pub use control_facts::{
    BillIssued, BillResolved, BillSurrendered, BillTransferred, CarriedReference, ConsignmentGrouped,
    ConsignmentSplit, DocumentCancelled, GroupMember, ParticipantsWithdrawn, Quantity, SplitPart,
};
pub use did::{Did, DidMethod, KeyError, KeyId, PublicKey, ResolvedKeys};
pub use diff::{Difference, diff};
pub use document_facts::{DocumentIssued, DocumentStanding};
pub use dossier::{Dossier, Inserted, merge};
pub use draft::{DossierError, Draft};
pub use entry::{CONTROL_GROUPS, Entry};
pub use export::{FORMAT, export, import};
pub use facts::{Change, Fact, FactError};
pub use fold::fold;
pub use groups::{Commitment, Disclosed, GroupError, GroupName, Salt};
pub use header::{Author, Header, Kind};
pub use kervan_model::{AttachedDocument, KeyFacts};
pub use keys::PartyKey;
pub use movement_facts::{ConsignmentDelivered, EventReported, PackRef, TransitDecided, TransitDeclared};
pub use package::{PACKAGE_FORMAT, PACKAGE_TYPE, PackageFile, Sealing, write_package};
pub use package_check::{Unpacked, compare_documents, is_package, verify_package};
pub use participants::{KeyRevoked, KeyRotated, Participant, RoleGrant};
pub use signatory::Signatory;
pub use state::{
    Amendment, DossierState, Missing, MovementState, Proposal, ProposalStanding, STATE_DECLARED, Standing,
    Stated,
};
pub use statement::{find_author, find_kind, read_fact};
pub use strict_json::{UniqueValue, check_text, read_json};
pub use together::{assess_copies, assess_parts};
pub use trust::TrustList;
pub use verify::{Reader, VerifyReport, verify, verify_for};
