//! Who stands how to a consignment, as rights ask for it: from its dossier and its movements.

use crate::case_file::MovementFile;
use crate::{CaseFile, Desk, Refusal};
use kervan_dossier::DossierState;
use kervan_model::{PartyId, PartyRole, Reference, Role, TerritoryId};
use kervan_rights::{Relation, Relations};
use kervan_store::{CircleRow, Write};
use std::collections::BTreeMap;

/// Name of a party in circles.
pub(crate) fn member_party(party: &PartyId) -> String {
    format!("party:{party}")
}

/// Name of a customs territory in circles.
pub(crate) fn member_territory(territory: &TerritoryId) -> String {
    format!("territory:{territory}")
}

/// The relations that a role of a participant gives.
const fn relations_of(role: Role) -> Relations {
    let participant = Relations::NONE.with(Relation::Participant);
    match role {
        Role::Carrier | Role::Terminal => participant.with(Relation::Carrier),
        Role::Consignor | Role::Consignee | Role::Bank => participant.with(Relation::Trader),
        Role::Forwarder | Role::Customs => participant,
    }
}

/// The circle of a consignment: every participant by its roles, the forwarder that declared it, and every territory whose
/// administration has to do with one of its movements.
pub(crate) fn circle_of(
    reference: &Reference,
    state: &DossierState,
    movements: &[MovementFile],
) -> CircleRow {
    let mut members: BTreeMap<String, Relations> = BTreeMap::new();
    let mut add = |who: String, relations: Relations| {
        let known = members.entry(who).or_default();
        *known = known.and(relations);
    };
    for stated in &state.participants {
        for grant in &stated.fact.roles {
            add(member_party(&stated.fact.party), relations_of(grant.role));
        }
    }
    let parties = state.consignment.iter().flat_map(|consignment| &consignment.parties);
    for party in parties.filter(|party| party.role == PartyRole::Forwarder) {
        let takes_part = state.participants.iter().any(|stated| stated.fact.party == party.id);
        if takes_part {
            add(member_party(&party.id), Relations::of(&[Relation::Participant, Relation::Declarant]));
        }
    }
    for file in movements {
        let plan = &file.movement.plan;
        let offices = [&plan.departure.territory, &plan.destination.territory, &plan.territory];
        for territory in offices.into_iter().chain(&plan.territories) {
            add(member_territory(territory), Relations::of(&[Relation::Territory]));
        }
    }
    let members = members.into_iter().map(|(who, relations)| (who, relations.bits())).collect();
    CircleRow { reference: reference.clone(), members, moves: !movements.is_empty() }
}

/// Note of the store that circles were made of everything that an earlier version left.
const MADE: &str = "rights.circles";

/// Consignments whose circles are written in one batch.
const AT_ONCE: u32 = 200;

/// Makes the circles of consignments that an earlier version kept without them. Returns how many there were.
///
/// Errors: the store fails, or a dossier cannot be read.
pub fn make_circles(desk: &Desk) -> Result<usize, Refusal> {
    if desk.store.find_note(MADE)?.is_some() {
        return Ok(0);
    }
    let (mut after, mut made) = (None, 0);
    loop {
        let rows = desk.store.list_consignments(None, after.as_ref(), AT_ONCE)?;
        let mut writes = Vec::new();
        for row in &rows {
            let case = CaseFile::load(desk, &row.reference)?;
            writes.push(Write::Circle(circle_of(&row.reference, &case.state, &case.movements)));
        }
        made += rows.len();
        after = rows.last().map(|row| row.reference.clone());
        let last = rows.len() < AT_ONCE as usize;
        if last {
            writes.push(Write::Note { name: MADE.into(), value: made.to_string() });
        }
        desk.store.save(writes)?;
        if last {
            return Ok(made);
        }
    }
}
