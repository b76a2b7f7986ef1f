//! The dossier: the one documentation package of a consignment, as signed entries in a graph.

mod amendments;
mod authority;
mod did;
mod diff;
mod document_facts;
mod dossier;
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
mod participants;
mod pointer;
mod state;
mod trust;
mod verify;

pub mod canonical;
pub mod canonical_text;
pub mod eddsa;
pub mod limits;

pub use authority::{AuthorityRow, AuthorityTable, Scope};
pub use did::{Did, DidMethod, KeyError, KeyId, PublicKey, ResolvedKeys};
pub use diff::{Difference, diff};
pub use document_facts::{AttachedDocument, DocumentIssued, KeyFacts};
pub use dossier::{Dossier, Inserted};
pub use entry::{CONTROL_GROUPS, DossierError, Draft, Entry};
pub use export::{FORMAT, export, import};
pub use facts::{Change, Fact, FactError};
pub use fold::fold;
pub use groups::{Commitment, Disclosed, GroupError, GroupName, Salt};
pub use header::{Author, Header, Kind};
pub use keys::PartyKey;
pub use movement_facts::{ConsignmentDelivered, EventReported, PackRef, TransitDecided, TransitDeclared};
pub use participants::{KeyRevoked, KeyRotated, Participant, RoleGrant};
pub use state::{Amendment, DossierState, MovementState, STATE_DECLARED, Standing, Stated};
pub use trust::TrustList;
pub use verify::{VerifyReport, verify};
