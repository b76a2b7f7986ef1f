//! The control team of the day: which of the cases that risk selected it has room for.
//!
//! A selected case claims a control of the day of entry. While its goods are to come, a case of a higher value takes its place;
//! when they are there it is ruled on for good. Claims are written with the decision in one batch, which fails if another
//! decision was quicker; the use case is then begun again with what is known then.

use crate::scribe::Scribe;
use crate::{Desk, Refusal};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kervan_customs::{CapacityRuling, Decision, Movement, Outcome, Selection, value_of};
use kervan_model::MovementId;
use kervan_risk::{Claim, DayCase, rule_on_day};
use kervan_store::{ControlClaimRow, Write};

/// What is known of the controls of a team on a day.
struct Known {
    seen: i64,
    claims: Vec<ControlClaimRow>,
}

/// The claims of a day as stored, with those that this use case is about to write.
fn load_known(desk: &Desk, pending: &[Write], team: &str, day: &str) -> Result<Known, Refusal> {
    let (mut seen, mut claims) = desk.store.list_control_claims(team, day)?;
    for write in pending {
        let Write::ControlClaim(row) = write else { continue };
        claims.retain(|known| known.movement != row.movement);
        if row.team == team && row.day == day {
            seen += 1;
            claims.extend(row.claim.is_some().then(|| row.clone()));
        }
    }
    Ok(Known { seen, claims })
}

/// Rules on a case that was decided: claims a control, keeps or gives up its claim. What was known goes into the selection.
///
/// Errors: the store failed.
pub(crate) fn rule_on(
    scribe: &mut Scribe<'_, '_>,
    movement: &Movement,
    decision: &Decision,
    selection: &mut Selection,
) -> Result<(), Refusal> {
    let desk = scribe.desk;
    let day: Date = movement.plan.enters.to_zoned(TimeZone::UTC).date();
    let office = movement.departure();
    let Some(team) = desk.rules.territories.find_team(movement.territory(), &office.code, day) else {
        return Ok(());
    };
    let (name, day_text) = (team.name().to_owned(), day.to_string());
    let known = load_known(desk, &scribe.writes, &name, &day_text)?;
    let claim = match value_of(decision, selection) {
        Some(value) => {
            let others: Vec<DayCase> = known.claims.iter().filter_map(to_day_case).collect();
            let controls = usize::try_from(team.controls).unwrap_or(usize::MAX);
            let ruling = rule_on_day(movement.id.as_str(), value, &others, controls);
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            selection.capacity = Some(CapacityRuling {
                team: name.clone(),
                day,
                controls: team.controls,
                taken: count(ruling.taken),
                ahead: count(ruling.ahead),
                value,
                room: ruling.room,
            });
            let claim = if movement.presented.is_some() { Claim::Kept } else { Claim::Waiting };
            ruling.room.then_some((claim, value))
        }
        None => (decision.outcome == Outcome::Control).then_some((Claim::ByRules, 0)),
    };
    let stands = known.claims.iter().find(|row| row.movement == movement.id);
    let same = match (&claim, stands) {
        (None, None) => true,
        (Some((claim, value)), Some(row)) => {
            row.claim.as_deref() == Some(claim.word()) && row.value == *value
        }
        _ => false,
    };
    if !same {
        scribe.writes.push(Write::ControlClaim(ControlClaimRow {
            movement: movement.id.clone(),
            team: name,
            day: day_text,
            value: claim.map_or(0, |(_, value)| value),
            claim: claim.map(|(claim, _)| claim.word().to_owned()),
            seen: known.seen,
        }));
    }
    Ok(())
}

/// An officer controls goods that are still to come: from now on nothing takes the place of the case.
///
/// Errors: the store failed.
pub(crate) fn keep_claim(scribe: &mut Scribe<'_, '_>, movement: &MovementId) -> Result<(), Refusal> {
    let claim = scribe.desk.store.find_control_claim(movement)?;
    if let Some(row) = claim.filter(|row| row.claim.as_deref() == Some(Claim::Waiting.word())) {
        let claim = Some(Claim::Kept.word().to_owned());
        scribe.writes.push(Write::ControlClaim(ControlClaimRow { claim, ..row }));
    }
    Ok(())
}

fn to_day_case(row: &ControlClaimRow) -> Option<DayCase> {
    let claim = Claim::find(row.claim.as_deref()?)?;
    Some(DayCase { case: row.movement.to_string(), value: row.value, claim })
}

/// Whether a decision controls goods only because risk selected them, so that a case of a higher value may have taken the place.
pub(crate) fn may_give_way(decision: &Decision) -> bool {
    let ruling = decision.selection.as_ref().and_then(|selection| selection.capacity.as_ref());
    ruling.is_some_and(|ruling| ruling.room)
}

/// How many controls a team has to do on a day, and how many of them rules demand: those that were there, those that wait.
///
/// Errors: the store failed.
pub fn list_day(desk: &Desk, team: &str, day: Date) -> Result<Vec<(MovementId, u32, Claim)>, Refusal> {
    let (_, claims) = desk.store.list_control_claims(team, &day.to_string())?;
    let read = |row: ControlClaimRow| Some((row.movement, row.value, Claim::find(row.claim.as_deref()?)?));
    Ok(claims.into_iter().filter_map(read).collect())
}
