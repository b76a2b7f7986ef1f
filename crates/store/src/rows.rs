//! The rows of the store and the writes that make them.

use crate::circle::CircleRow;
use crate::events::{CaptureJobRow, EventRow, NamedQueryRow, SubscriptionRow, VocabularyRow};
use crate::identity::IdentityWrite;
use crate::rows_positions::{CarriageRow, DeviceFixes, MountingRow, SensedRow};
use crate::tracking::TrackingWrite;
use jiff::Timestamp;
use kervan_codes::Grn;
use kervan_model::{DossierId, EntryId, MovementId, PartyId, Reference};

/// One change to the store. A batch of them is saved whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Registers a party or replaces its registration.
    Party(PartyRow),
    /// Appends an entry; an entry that is there already is left as it is.
    Entry(EntryRow),
    /// Writes an entry that is there already with more of its body; what it says and its id stay.
    Disclosed(EntryRow),
    /// Appends an event; an event that is there already is left as it is.
    Event(EventRow),
    /// Removes an event as earlier versions kept it, because the same batch appends it; its hash id, whole.
    OldEventFiled(String),
    /// Notes a capture, or what has become of it.
    CaptureJob(CaptureJobRow),
    /// Notes what a party states of an element of a vocabulary, in the place of what it stated before.
    Vocabulary(VocabularyRow),
    /// Adds a named query; the batch fails if there is one of this name.
    NamedQuery(NamedQueryRow),
    /// Removes a named query and every subscription to it.
    RemoveNamedQuery(String),
    /// Adds a subscription; nothing if its query is gone.
    Subscription(SubscriptionRow),
    /// Notes how far a subscription has been delivered.
    SubscriptionProgress {
        /// The subscription.
        id: String,
        /// How far, JSON.
        progress: String,
    },
    /// Writes what is agreed with a subscriber again, because its secret is kept otherwise.
    SubscriptionTerms {
        /// The subscription.
        id: String,
        /// What is agreed, JSON.
        terms: String,
    },
    /// Removes a subscription.
    RemoveSubscription(String),
    /// Removes records that are older than an instant.
    RemoveAged {
        /// Which.
        aged: crate::retention::Aged,
        /// What is older goes.
        before: Timestamp,
    },
    /// Appends positions of one device, and what is carried to its next; a position that is there already is left as it is.
    Fixes(DeviceFixes),
    /// Appends what the sensors of one device read; a value that is there already is left as it is.
    Sensed {
        /// Name of the device.
        device: String,
        /// The values.
        rows: Vec<SensedRow>,
    },
    /// Notes what a device is on, or until when it was.
    Mounting(MountingRow),
    /// Notes what carries a consignment, or until when it did.
    Carriage(CarriageRow),
    /// Appends a given ETA.
    Eta(EtaRow),
    /// Notes which consignment a container belongs to; a later consignment of the same container takes its place.
    Equipment {
        /// Container number.
        number: String,
        /// Its consignment.
        reference: Reference,
    },
    /// Writes the projection of a consignment.
    Consignment(ConsignmentRow),
    /// Writes the projection of a movement.
    Movement(MovementRow),
    /// Opens a guarantee account or changes what is registered of it; what is reserved stays.
    Guarantee(GuaranteeRow),
    /// Reserves an amount for a movement. The batch fails with [`StoreError::Shortfall`](crate::StoreError::Shortfall) if
    /// less than it is free, whatever other batches do at the same time.
    Reserve(GuaranteeUse),
    /// Sets free what is reserved for a movement; nothing if nothing is. The amount is taken from the reservation.
    Release(GuaranteeUse),
    /// Appends a change for those who follow the stream.
    Change {
        /// What it speaks of.
        topic: Topic,
        /// The payload, JSON.
        payload: String,
    },
    /// Writes who stands how to a consignment, in the place of what was there.
    Circle(CircleRow),
    /// Keeps the answer to a request under its idempotency key; the first one stays.
    Answer(AnswerRow),
    /// Keeps a message as it came in; the same bytes of the same party again change what became of it, and nothing else.
    Message(Box<ReceivedRow>),
    /// Forgets the bytes of messages that came in before an instant and changed nothing, at most so many; that they came, and
    /// what became of them, stays.
    ForgetOriginals {
        /// The instant.
        before: Timestamp,
        /// Most of them.
        most: u32,
    },
    /// Keeps a rule pack by its hash; one that is there already is left as it is.
    RulePack(RulePackRow),
    /// Appends what an administration decided about a hit of the screening.
    ScreeningDecision(ScreeningDecisionRow),
    /// Writes, changes or takes away the claim of a movement on the control team of a day.
    ControlClaim(ControlClaimRow),
    /// What tracking keeps.
    Tracking(TrackingWrite),
    /// People, keys of the API, sessions, the audit log.
    Identity(IdentityWrite),
    /// Keeps a plan by its id; one that is there already is left as it is.
    Plan(Box<crate::plans::PlanRow>),
    /// Keeps a small named value, such as the clock of a play.
    Note {
        /// Name.
        name: String,
        /// Value.
        value: String,
    },
}

/// What a change speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A consignment's summary.
    Consignment,
    /// A position.
    Position,
    /// A transit movement.
    Movement,
    /// An alarm, or many of them as one.
    Alarm,
    /// Something that is closed, or open again.
    Closure,
}

impl Topic {
    /// The word on the wire and in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consignment => "consignment",
            Self::Position => "position",
            Self::Movement => "movement",
            Self::Alarm => "alarm",
            Self::Closure => "closure",
        }
    }

    pub(crate) fn find(word: &str) -> Option<Self> {
        let all = [Self::Consignment, Self::Position, Self::Movement, Self::Alarm, Self::Closure];
        all.into_iter().find(|topic| topic.word() == word)
    }
}

/// A party that this node knows, with the key that it keeps for it.
#[derive(Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// Id.
    pub id: PartyId,
    /// Name, roles, territories, operators: JSON.
    pub record: String,
    /// What is kept of its signing key: text of other rooms, at worst the key itself.
    pub key_pem: Option<String>,
}

impl std::fmt::Debug for PartyRow {
    /// Without the key: it must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartyRow").field("id", &self.id).field("record", &self.record).finish_non_exhaustive()
    }
}

/// An entry of a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// The dossier.
    pub dossier: DossierId,
    /// The entry.
    pub id: EntryId,
    /// The word of its kind; of a later version's kind as well.
    pub kind: String,
    /// Its author.
    pub author: PartyId,
    /// When its author signed it.
    pub authored: Timestamp,
    /// Header and body, JSON.
    pub entry: String,
}

/// An event as earlier versions kept it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldEvent {
    /// Hash id, whole.
    pub hash: String,
    /// The consignment it belongs to, if it is known here.
    pub reference: Option<Reference>,
    /// When it was captured.
    pub record_time: Timestamp,
    /// A capture document of this one event, JSON.
    pub document: String,
}

/// An ETA that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EtaRow {
    /// The consignment.
    pub reference: Reference,
    /// When it was given.
    pub given: Timestamp,
    /// 10 % quantile.
    pub p10: Timestamp,
    /// Median.
    pub p50: Timestamp,
    /// 90 % quantile.
    pub p90: Timestamp,
    /// Why it is what it is, in words.
    pub because: String,
    /// The whole estimate, JSON.
    pub estimate: String,
}

/// The projection of a consignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsignmentRow {
    /// Reference.
    pub reference: Reference,
    /// Its dossier.
    pub dossier: DossierId,
    /// State word: `draft`, `planned`, `in_transit`, `held`, `delivered`.
    pub state: String,
    /// Summary, JSON.
    pub summary: String,
    /// When it last changed.
    pub updated: Timestamp,
}

/// The projection of a transit movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovementRow {
    /// Movement.
    pub id: MovementId,
    /// Consignment.
    pub reference: Reference,
    /// State word.
    pub state: String,
    /// The movement, JSON.
    pub movement: String,
    /// When it last changed.
    pub updated: Timestamp,
    /// When the clock has to look at it next.
    pub due: Option<Timestamp>,
    /// Its reference number, to find it by. Not read back.
    pub mrn: Option<String>,
}

/// A guarantee account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeRow {
    /// Guarantee reference number.
    pub grn: Grn,
    /// Who may use it.
    pub holder: PartyId,
    /// Type, scope, validity, guarantor: JSON.
    pub record: String,
    /// Most that may be reserved at once. Unit: minor unit of the account's currency.
    pub reference_amount: i64,
    /// What is reserved now. Written by the store alone; what is passed in is not looked at.
    pub reserved: i64,
    /// Whether new reservations may be made.
    pub open: bool,
    /// When it last changed.
    pub updated: Timestamp,
    /// Who changed it.
    pub actor: PartyId,
    /// Why.
    pub why: String,
}

/// A use of a guarantee for a movement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeUse {
    /// The account.
    pub grn: Grn,
    /// The movement.
    pub movement: MovementId,
    /// How much. Unit: minor unit of the account's currency.
    pub amount: i64,
    /// When.
    pub at: Timestamp,
    /// Who does it.
    pub actor: PartyId,
    /// Why.
    pub why: String,
}

/// A line of the history of a guarantee account: a fact that is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeAct {
    /// The account.
    pub grn: Grn,
    /// `open`, `change`, `reserve` or `release`.
    pub act: String,
    /// The movement.
    pub movement: Option<MovementId>,
    /// How much. Unit: minor unit of the account's currency.
    pub amount: i64,
    /// What was reserved in all after it.
    pub reserved: i64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: PartyId,
    /// Why.
    pub why: String,
}

/// A rule pack that decisions were taken by, or may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePackRow {
    /// SHA-256 of its content. Shape: 64 hexadecimal digits.
    pub hash: String,
    /// Its id.
    pub pack: String,
    /// Its version.
    pub version: String,
    /// The territory whose administration decides by it.
    pub territory: String,
    /// Its content, canonical JSON with its libraries in place.
    pub content: String,
    /// The administration's signature, JSON, if it signed.
    pub signature: Option<String>,
}

/// What an administration decided about a hit of the screening; the latest of a question and an entity counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreeningDecisionRow {
    /// The territory whose administration decided; it binds no other.
    pub territory: String,
    /// Hash of the question that the hit answered. Shape: 64 hexadecimal digits.
    pub question: String,
    /// The consignment on whose occasion it was decided.
    pub reference: Reference,
    /// When.
    pub decided: Timestamp,
    /// The decision, JSON.
    pub decision: String,
}

/// The claim of a movement on the control team of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlClaimRow {
    /// The movement.
    pub movement: MovementId,
    /// The office, or the territory, whose team it is.
    pub team: String,
    /// The day. Shape: `2026-12-01`.
    pub day: String,
    /// What the control is worth. Unit: a thousandth.
    pub value: u32,
    /// Where it stands, by its word; absent takes the claim away.
    pub claim: Option<String>,
    /// How many claims were written for the day when this one was decided on; another number fails the batch with
    /// [`StoreError::Outrun`](crate::StoreError::Outrun).
    pub seen: i64,
}

/// A message as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRow {
    /// SHA-256 of the bytes, in hexadecimal digits.
    pub hash: String,
    /// Who sent it.
    pub party: PartyId,
    /// The sender's id of it, if it could be read.
    pub identification: Option<String>,
    /// Which message it is, by its code, if it could be read.
    pub code: Option<String>,
    /// The movement that it is about, if one is known.
    pub movement: Option<MovementId>,
    /// What became of it, by its word.
    pub outcome: String,
    /// When it came in.
    pub received: Timestamp,
    /// The bytes, as they came. A listing leaves them out.
    pub content: Vec<u8>,
    /// The message that refuses it, if it is refused.
    pub refusal: Option<String>,
}

/// The answer that was given to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// Who asked: a party, or somebody who acts for none.
    pub caller: String,
    /// The caller's key.
    pub key: String,
    /// SHA-256 of method, path and body: the same key with another request is refused.
    pub request_hash: String,
    /// HTTP status; 0 while the request that claimed the key has taken effect and its answer is not kept yet.
    pub status: u16,
    /// Body.
    pub body: String,
}

/// A change as those who follow the stream see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Position in the stream, increasing without gap.
    pub seq: i64,
    /// What it speaks of.
    pub topic: Topic,
    /// The payload, JSON.
    pub payload: String,
}
