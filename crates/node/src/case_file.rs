//! A consignment as it is loaded from the store: its dossier, the state of it, its movements, its events.

use crate::{Desk, Refusal, Summary};
use kervan_codes::PlaceCode;
use kervan_customs::{Case, Decision, Movement, Proposal};
use kervan_dossier::{Dossier, DossierState, Entry, fold};
use kervan_events::{Event, read_capture};
use kervan_model::{DossierId, Itinerary, Reference};
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
    /// The stay of the itinerary at which the goods are presented.
    pub entry_place: PlaceCode,
    /// The stay of the itinerary at which the movement ends.
    pub exit_place: PlaceCode,
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
        let row =
            desk.store.find_consignment(reference)?.ok_or_else(|| Refusal::no_consignment(reference))?;
        let dossier = load_dossier(desk, &row.dossier)?;
        let state = fold(&dossier, &desk.rules.authority);
        let movements = desk.store.list_movements_of(reference)?;
        let movements = movements.iter().map(read_movement).collect::<Result<_, _>>()?;
        let summary = read_summary(&row)?;
        Ok(Self { row, summary, dossier, state, movements })
    }

    /// The accepted itinerary. Errors: there is none yet.
    pub fn itinerary(&self) -> Result<&Itinerary, Refusal> {
        self.find_itinerary().ok_or_else(|| {
            Refusal::conflict(
                kervan_model::Finding::error(
                    "node.no-itinerary",
                    "no itinerary is accepted for this consignment yet",
                )
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
    let mut dossier = Dossier::new(id.clone());
    for text in desk.store.list_entries(id)? {
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

/// The events of a consignment.
pub fn load_events(desk: &Desk, reference: &Reference) -> Result<Vec<Event>, Refusal> {
    let mut events = Vec::new();
    for row in desk.store.list_events(reference)? {
        let document =
            serde_json::from_str(&row.event).map_err(|error| Refusal::broken("a stored event", &error))?;
        let read = read_capture(&document, row.record_time);
        events.extend(read.map_err(|_| Refusal::broken("a stored event", &row.hash))?);
    }
    Ok(events)
}
