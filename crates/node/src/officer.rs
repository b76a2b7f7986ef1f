//! What a customs officer does with a movement that is held.

use crate::case_file::load_events;
use crate::clear::{Side, take};
use crate::project::project;
use crate::scribe::Scribe;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_customs::Content;
use kervan_model::{Finding, MovementId, Reference, Role};

/// An act of an officer of the office of departure.
#[derive(Clone, Debug)]
pub enum OfficerAct {
    /// The control was done; whether the goods agree with the declaration.
    ControlResult {
        /// Whether they agree.
        satisfactory: bool,
        /// What was found, in words.
        remark: String,
    },
    /// The goods may go.
    Release,
    /// The goods must not go.
    NoRelease {
        /// Why, in words.
        reason: String,
    },
}

/// Takes an officer's act on a movement; the caller must be the customs administration of the office of departure.
///
/// Errors: another administration calls, or the act does not fit the state of the movement.
pub fn act_as_officer(
    desk: &Desk,
    mut call: Call<'_>,
    id: &MovementId,
    act: OfficerAct,
) -> Result<CaseFile, Refusal> {
    let reference = reference_of(id)?;
    let _held = desk.hold(&reference);
    let mut case = CaseFile::load(desk, &reference)?;
    let officer = desk.party(&call.actor)?;
    let not_found = || Refusal::NotFound { what: "movement", id: id.to_string() };
    let file = case.movements.iter_mut().find(|file| file.movement.id == *id).ok_or_else(not_found)?;
    let territory = &file.movement.departure().territory;
    if officer.find_territory(Role::Customs) != Some(territory) {
        let message = format!("only the customs administration of {territory} decides on {id}");
        return Err(Refusal::NotAllowed(message));
    }
    let finding = |code: &str, text: String| vec![Finding::info(code, text).at(format!("/movements/{id}"))];
    let content = match act {
        OfficerAct::ControlResult { satisfactory, remark } => {
            Content::ControlResult { satisfactory, findings: finding("customs.officer-control", remark) }
        }
        OfficerAct::Release => Content::Release,
        OfficerAct::NoRelease { reason } => {
            Content::NoRelease { findings: finding("customs.officer-refusal", reason) }
        }
    };
    let mut scribe = Scribe::new(desk, &mut call);
    take(&mut scribe, &mut case.dossier, file, content, Side::Departure, None)?;
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, &reference)?;
    project(&mut scribe, &reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, &reference)
}

fn reference_of(id: &MovementId) -> Result<Reference, Refusal> {
    let reference = id.as_str().rsplit_once('/').map(|(reference, _)| reference).unwrap_or_default();
    reference.parse().map_err(|error| Refusal::broken("a movement id", &error))
}
