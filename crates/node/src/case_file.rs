//! A consignment as it is loaded from the store: its dossier, the state of it, its movements, its events.

use crate::guarantee::MovementGuarantee;
use crate::limits::MOST_REFUSED;
use crate::{Desk, EventReader, Refusal, Summary};
use jiff::Timestamp;
use kervan_codes::PlaceCode;
use kervan_customs::{
    Case, DeadlineEvent, Decision, Message, MessageKind, Movement, Proposal, RefusedMessage,
};
use kervan_dossier::{Dossier, DossierState, Entry, fold};
use kervan_events::Event;
use kervan_model::{DossierId, Finding, Itinerary, Reference};
use kervan_store::{ConsignmentRow, MovementRow};
use serde::{Deserialize, Serialize};

/// A transit movement with what was decided on it, and the places where it begins and ends for the goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovementFile {
    /// The movement.
    pub movement: Movement,
    /// The latest decision.
    pub decision: Option<Decision>,
    /// The case that it was decided on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Box<Case>>,
    /// The act that a first officer has proposed and that waits for a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    /// The guarantee that covers it; none where the regime asks for nothing, or before it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarantee: Option<MovementGuarantee>,
    /// Deadlines that have passed, as they were told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<DeadlineEvent>,
    /// Messages that were refused, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedNote>,
    /// The stay of the itinerary at which the goods are presented.
    pub entry_place: PlaceCode,
    /// The stay of the itinerary at which the movement ends.
    pub exit_place: PlaceCode,
}

/// A message that was refused, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedNote {
    /// When.
    pub at: Timestamp,
    /// The sender's id of the message.
    pub message_id: String,
    /// What it was.
    pub message: MessageKind,
    /// The code of the standard for the refusal.
    pub error: String,
    /// Why, for people.
    pub finding: Finding,
}

impl MovementFile {
    /// A movement as it is planned.
    pub fn new(movement: Movement, entry_place: PlaceCode, exit_place: PlaceCode) -> Self {
        let (overdue, refused) = (Vec::new(), Vec::new());
        Self {
            movement,
            decision: None,
            case: None,
            proposal: None,
            guarantee: None,
            overdue,
            refused,
            entry_place,
            exit_place,
        }
    }

    /// Remembers a refused message; the oldest is forgotten beyond the limit.
    pub(crate) fn note_refusal(&mut self, at: Timestamp, message: &Message, refused: &RefusedMessage) {
        if self.refused.len() >= MOST_REFUSED {
            self.refused.remove(0);
        }
        self.refused.push(RefusedNote {
            at,
            message_id: message.id.clone(),
            message: message.content.kind(),
            error: refused.error.code.clone(),
            finding: refused.finding.clone(),
        });
    }
}

/// A consignment as loaded.
pub struct CaseFile {
    /// Its row.
    pub row: ConsignmentRow,
    /// Its summary.
    pub summary: Summary,
    /// Its dossier.
    pub dossier: Dossier,
    /// The state of the dossier.
    pub state: DossierState,
    /// Its movements in order of travel.
    pub movements: Vec<MovementFile>,
}

impl CaseFile {
    /// Loads a consignment. Errors: there is none, or what is stored cannot be read.
    pub fn load(desk: &Desk, reference: &Reference) -> Result<Self, Refusal> {
        let rows = desk.store.find_case(reference)?.ok_or_else(|| Refusal::no_consignment(reference))?;
        let row = rows.consignment;
        let dossier = read_dossier(desk, &row.dossier, &rows.entries)?;
        let state = fold(&dossier, &desk.rules.authority);
        let movements = rows.movements.iter().map(read_movement).collect::<Result<_, _>>()?;
        let summary = read_summary(&row)?;
        Ok(Self { row, summary, dossier, state, movements })
    }

    /// The accepted itinerary. Errors: there is none yet.
    pub fn itinerary(&self) -> Result<&Itinerary, Refusal> {
        self.find_itinerary().ok_or_else(|| {
            Refusal::conflict(
                Finding::error("node.no-itinerary", "no itinerary is accepted for this consignment yet")
                    .remedy("accept an alternative of a plan first"),
            )
        })
    }

    /// The accepted itinerary, if there is one.
    pub fn find_itinerary(&self) -> Option<&Itinerary> {
        self.state.itinerary.as_ref().map(|stated| &stated.fact)
    }
}

/// Reads a dossier from the store.
pub fn load_dossier(desk: &Desk, id: &DossierId) -> Result<Dossier, Refusal> {
    read_dossier(desk, id, &desk.store.list_entries(id)?)
}

/// Reads a dossier from its entries as the store keeps them.
fn read_dossier(desk: &Desk, id: &DossierId, entries: &[String]) -> Result<Dossier, Refusal> {
    let mut dossier = Dossier::new(id.clone());
    for text in entries {
        let entry = Entry::read(text.as_bytes())
            .map_err(|finding| Refusal::broken("a stored entry", &finding.message))?;
        let entry = desk.check_stored(entry)?;
        dossier.insert(entry).map_err(Refusal::Invalid)?;
    }
    Ok(dossier)
}

/// Reads the summary of a consignment's row.
pub fn read_summary(row: &ConsignmentRow) -> Result<Summary, Refusal> {
    serde_json::from_str(&row.summary).map_err(|error| Refusal::broken("a consignment's summary", &error))
}

/// Reads a movement's row.
pub fn read_movement(row: &MovementRow) -> Result<MovementFile, Refusal> {
    serde_json::from_str(&row.movement).map_err(|error| Refusal::broken("a movement", &error))
}

/// The offices at which a movement begins and ends, by their codes.
pub(crate) fn offices_of(file: &MovementFile) -> [String; 2] {
    let plan = &file.movement.plan;
    [&plan.departure, &plan.destination].map(|office| office.code.to_string())
}

/// The events of a consignment.
pub fn load_events(desk: &Desk, reference: &Reference) -> Result<Vec<Event>, Refusal> {
    let mut reader = EventReader::default();
    desk.store.list_events(reference)?.iter().map(|row| reader.read(row)).collect()
}
