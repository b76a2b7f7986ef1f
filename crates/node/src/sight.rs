//! What somebody sees of the node: every question about things of others goes through here.

use crate::case_file::MovementFile;
use crate::circle::{member_party, member_territory};
use crate::event_file::captured_by;
use crate::{CaseFile, Desk, Refusal};
use kervan_dossier::{CONTROL_GROUPS, Entry, GroupName, fold};
use kervan_model::{MovementId, PartyId, Reference};
use kervan_rights::{Action, Caller, Relation, Relations};
use kervan_store::{
    ConsignmentRow, EventQuery, EventRole, EventRow, MOST_LISTED, MovementRow, ReceivedRow, Roles,
};
use std::collections::{BTreeMap, BTreeSet};

/// The desk as a caller sees it. A reference to a desk is the sight of the node itself, which sees everything.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The desk.
    pub desk: &'a Desk,
    caller: Option<&'a Caller>,
}

impl<'a> From<&'a Desk> for Sight<'a> {
    fn from(desk: &'a Desk) -> Self {
        Self { desk, caller: None }
    }
}

impl<'a> Sight<'a> {
    /// What a caller sees.
    pub const fn of(desk: &'a Desk, caller: &'a Caller) -> Self {
        Self { desk, caller: Some(caller) }
    }

    /// Whether the policies permit something to whoever stands in these relations.
    pub fn permits(&self, action: Action, relations: Relations) -> bool {
        self.caller.is_none_or(|caller| {
            let rights = self.desk.rules.rights();
            rights.is_some_and(|rights| rights.permits(caller, action, relations))
        })
    }

    /// Whether they permit it on everything, so that nothing has to be looked up.
    pub fn permits_always(&self, action: Action) -> bool {
        self.caller.is_none_or(|caller| {
            self.desk.rules.rights().is_some_and(|rights| rights.permits_always(caller, action))
        })
    }

    /// Whether something is the caller's party's own.
    pub fn owns(&self, party: &PartyId) -> bool {
        self.caller.is_some_and(|caller| caller.party.as_ref() == Some(party))
    }

    /// `Owner` if something is the caller's party's own.
    pub fn as_owner(&self, party: &PartyId) -> Relations {
        if self.owns(party) { Relations::of(&[Relation::Owner]) } else { Relations::NONE }
    }

    /// The names of the caller in circles.
    fn names(&self) -> Vec<String> {
        let Some(caller) = self.caller else { return Vec::new() };
        let party = caller.party.as_ref().map(member_party);
        party.into_iter().chain(caller.territory.as_ref().map(member_territory)).collect()
    }

    /// Who asks; nobody where the node itself does.
    pub(crate) const fn caller(&self) -> Option<&'a Caller> {
        self.caller
    }

    /// How the caller stands to a consignment, whether or not there is one.
    pub fn to_consignment(&self, reference: &Reference) -> Result<Relations, Refusal> {
        let found = self.desk.store.find_relations(reference, &self.names())?;
        let all =
            found.into_iter().fold(Relations::NONE, |all, (_, bits)| all.and(Relations::from_bits(bits)));
        Ok(self.at_offices(all))
    }

    /// Whoever is bound to no office is at every office of the territory.
    fn at_offices(&self, all: Relations) -> Relations {
        if all.has(Relation::Territory) && self.is_unbound() { all.with(Relation::Office) } else { all }
    }

    fn is_unbound(&self) -> bool {
        self.caller.is_some_and(|caller| caller.offices.is_empty())
    }

    /// How the caller stands to a movement, whether or not there is one.
    pub fn to_movement(&self, id: &MovementId) -> Result<Relations, Refusal> {
        let relations = self.to_consignment(&crate::message::reference_of(id)?)?;
        let Some(caller) = self.caller.filter(|caller| !caller.offices.is_empty()) else {
            return Ok(relations);
        };
        let Some(row) = self.desk.store.find_movement(id)? else { return Ok(relations) };
        let plan = crate::read_movement(&row)?.movement.plan;
        let here = [&plan.departure, &plan.destination]
            .iter()
            .any(|office| caller.offices.contains(&office.code.to_string()));
        Ok(if here && relations.has(Relation::Territory) {
            relations.with(Relation::Office)
        } else {
            relations
        })
    }

    /// Whether the caller may know of a consignment.
    pub fn sees_consignment(&self, reference: &Reference) -> Result<bool, Refusal> {
        let action = Action::GetConsignment;
        Ok(self.permits_always(action) || self.permits(action, self.to_consignment(reference)?))
    }

    /// Whether the caller may know of a movement.
    pub fn sees_movement(&self, id: &MovementId) -> Result<bool, Refusal> {
        let action = Action::GetMovement;
        Ok(self.permits_always(action) || self.permits(action, self.to_movement(id)?))
    }

    /// Whether the caller's party captured the event at a place of the sequence.
    fn captured(&self, seq: u64) -> Result<bool, Refusal> {
        let Some(party) = self.caller.and_then(|caller| caller.party.as_ref()) else { return Ok(false) };
        let query = EventQuery {
            roles: Roles::of(&[EventRole::Party]),
            after: seq.saturating_sub(1),
            ..EventQuery::of(captured_by(party), 1)
        };
        Ok(self.desk.store.list_event_places(&query)?.first() == Some(&seq))
    }

    /// Whether the caller may read a message that came in.
    pub fn sees_message(&self, row: &ReceivedRow) -> Result<bool, Refusal> {
        let action = Action::GetMessage;
        if self.permits_always(action) || self.permits(action, self.as_owner(&row.party)) {
            return Ok(true);
        }
        match &row.movement {
            Some(movement) => Ok(self.permits(action, self.to_movement(movement)?)),
            None => Ok(false),
        }
    }

    /// Consignments that the caller may know of after a reference, in the order of references.
    pub fn list_consignments(
        &self,
        state: Option<&str>,
        after: Option<&Reference>,
        most: u32,
    ) -> Result<Vec<ConsignmentRow>, Refusal> {
        let store = &self.desk.store;
        if self.permits_always(Action::GetConsignment) {
            return Ok(store.list_consignments(state, after, most)?);
        }
        let (mut rows, mut after) = (Vec::new(), after.cloned());
        while rows.len() < most as usize {
            let references = self.circle_after(after.as_ref(), most)?;
            let Some(last) = references.last() else { break };
            after = Some(last.clone());
            for reference in references {
                if !self.sees_consignment(&reference)? {
                    continue;
                }
                let row = store.find_consignment(&reference)?;
                rows.extend(row.filter(|row| state.is_none_or(|state| row.state == state)));
            }
        }
        rows.truncate(most as usize);
        Ok(rows)
    }

    /// References after another to which the caller stands in any relation, at most so many. Each is given once.
    fn circle_after(&self, after: Option<&Reference>, most: u32) -> Result<Vec<Reference>, Refusal> {
        let mut references = BTreeSet::new();
        for name in self.names() {
            let of = self.desk.store.list_circle(&name, after, most)?;
            references.extend(of.into_iter().map(|(reference, _)| reference));
        }
        // Of a list that was cut off nothing is known beyond its end, and the first so many of both are whole.
        Ok(references.into_iter().take(most as usize).collect())
    }

    /// Movements that the caller may know of after another, in the order of consignments and within them of ids.
    pub fn list_movements(
        &self,
        state: Option<&str>,
        after: Option<&MovementId>,
        most: u32,
    ) -> Result<Vec<MovementRow>, Refusal> {
        let store = &self.desk.store;
        if self.permits_always(Action::GetMovement) {
            return Ok(store.list_movements_after(state, after, most)?);
        }
        let mut rows = Vec::new();
        let mut at = after.map(crate::message::reference_of).transpose()?;
        let mut references: Vec<Reference> = at.iter().cloned().collect();
        while rows.len() < most as usize {
            for reference in references {
                let of = store.list_movements_of(&reference)?.into_iter();
                let later =
                    of.filter(|row| after.is_none_or(|after| row.reference > reference || row.id > *after));
                for row in later.filter(|row| state.is_none_or(|state| row.state == state)) {
                    if self.sees_movement(&row.id)? {
                        rows.push(row);
                    }
                }
            }
            references = self.moving_after(at.as_ref(), most)?;
            let Some(last) = references.last() else { break };
            at = Some(last.clone());
        }
        rows.truncate(most as usize);
        Ok(rows)
    }

    /// References after another of consignments with movements to which the caller stands in any relation, at most so many.
    fn moving_after(&self, after: Option<&Reference>, most: u32) -> Result<Vec<Reference>, Refusal> {
        let mut references = BTreeSet::new();
        for name in self.names() {
            references.extend(self.desk.store.list_moving_circle(&name, after, most)?);
        }
        Ok(references.into_iter().take(most as usize).collect())
    }

    /// Messages that came in and that the caller may read, the latest first, before a number of theirs; with their numbers.
    pub fn list_received(
        &self,
        movement: Option<&str>,
        outcome: Option<&str>,
        mut before: Option<i64>,
        most: u32,
    ) -> Result<Vec<(i64, ReceivedRow)>, Refusal> {
        let store = &self.desk.store;
        let always = self.permits_always(Action::GetMessage);
        let read = if always { most } else { MOST_LISTED };
        let mut shown = Vec::new();
        loop {
            let rows = store.list_received_before(movement, outcome, before, read)?;
            let whole = always || rows.len() < read as usize;
            before = rows.last().map(|(number, _)| *number);
            for (number, row) in rows {
                if shown.len() < most as usize && self.sees_message(&row)? {
                    shown.push((number, row));
                }
            }
            if whole || shown.len() >= most as usize {
                return Ok(shown);
            }
        }
    }

    /// Which movements in a state the caller may know of, for a list that asks of many.
    pub(crate) fn movements_seen(&self, state: &str) -> Result<MovementsSeen<'a>, Refusal> {
        let action = Action::GetMovement;
        if self.permits_always(action) {
            return Ok(MovementsSeen { sight: *self, of: None });
        }
        let mut of: BTreeMap<Reference, Relations> = BTreeMap::new();
        for name in self.names() {
            for (reference, bits) in self.desk.store.list_circle_in_state(&name, state)? {
                let known = of.entry(reference).or_default();
                *known = known.and(Relations::from_bits(bits));
            }
        }
        Ok(MovementsSeen { sight: *self, of: Some(of) })
    }

    /// Loads a consignment with what the caller may not see of it withheld.
    ///
    /// Errors: as [`CaseFile::load`].
    pub fn open_case(&self, reference: &Reference) -> Result<CaseFile, Refusal> {
        self.withhold(CaseFile::load(self.desk, reference)?)
    }

    /// A consignment with what the caller may not see of it withheld.
    pub fn withhold(&self, mut case: CaseFile) -> Result<CaseFile, Refusal> {
        let parts = [Action::SeeBody, Action::SeePrices, Action::SeeCustoms];
        if parts.iter().all(|part| self.permits_always(*part)) {
            return Ok(case);
        }
        let relations = self.to_consignment(&case.row.reference)?;
        let copy = case.dossier.disclose(|entry, group| self.may_see(relations, entry, group));
        if copy != case.dossier {
            case.state = fold(&copy, &self.desk.rules.authority);
            case.dossier = copy;
        }
        if !self.permits(Action::SeeCustoms, relations) {
            for file in &mut case.movements {
                withhold_customs(file);
            }
        }
        Ok(case)
    }

    /// A movement with what the caller may not see of it withheld.
    pub fn withhold_of(&self, mut file: MovementFile) -> Result<MovementFile, Refusal> {
        let part = Action::SeeCustoms;
        if !self.permits_always(part) {
            let reference = crate::message::reference_of(&file.movement.id)?;
            if !self.permits(part, self.to_consignment(&reference)?) {
                withhold_customs(&mut file);
            }
        }
        Ok(file)
    }

    /// Whether a group of an entry is for the caller. Groups that name keys are for everybody who sees the entry.
    fn may_see(&self, relations: Relations, entry: &Entry, group: &GroupName) -> bool {
        if CONTROL_GROUPS.contains(&group.as_str()) {
            return true;
        }
        let header = entry.header();
        let own = self.owns(&header.author.party);
        let party = self.caller.and_then(|caller| caller.party.as_ref());
        let addressed =
            own || header.audience.is_empty() || party.is_some_and(|party| header.audience.contains(party));
        let relations = if addressed { relations.with(Relation::Audience) } else { relations };
        let part = self.desk.rules.rights().and_then(|rights| rights.part_of_group(group.as_str()));
        self.permits(Action::SeeBody, relations)
            && (own || part.is_none_or(|part| self.permits(part, relations)))
    }
}

/// Which events a caller may read, for a list that asks of many: how the caller stands to a consignment is looked up once.
pub(crate) struct EventsSeen<'a> {
    sight: Sight<'a>,
    always: bool,
    of: BTreeMap<Reference, bool>,
}

impl<'a> EventsSeen<'a> {
    pub(crate) fn of(sight: Sight<'a>) -> Self {
        Self { sight, always: sight.permits_always(Action::GetEvent), of: BTreeMap::new() }
    }

    /// Whether one of them is: by the consignment under which it was filed, or because the caller captured it.
    pub(crate) fn sees(&mut self, row: &EventRow) -> Result<bool, Refusal> {
        let action = Action::GetEvent;
        if self.always {
            return Ok(true);
        }
        if let Some(reference) = &row.reference {
            let known = match self.of.get(reference) {
                Some(known) => *known,
                None => {
                    let sees = self.sight.permits(action, self.sight.to_consignment(reference)?);
                    self.of.insert(reference.clone(), sees);
                    sees
                }
            };
            if known {
                return Ok(true);
            }
        }
        let owner = Relations::of(&[Relation::Owner]);
        Ok(self.sight.permits(action, owner) && self.sight.captured(row.seq)?)
    }
}

/// The movements that a caller may know of, found once.
pub(crate) struct MovementsSeen<'a> {
    sight: Sight<'a>,
    /// How the caller stands to consignments; none where everything is seen.
    of: Option<BTreeMap<Reference, Relations>>,
}

impl MovementsSeen<'_> {
    /// Whether one of them is.
    pub(crate) fn sees(&self, id: &MovementId) -> Result<bool, Refusal> {
        let Some(of) = &self.of else { return Ok(true) };
        let relations = of.get(&crate::message::reference_of(id)?);
        match relations {
            // To whom a consignment says nothing, its movements say nothing either.
            None => Ok(false),
            Some(relations) if self.sight.is_unbound() => {
                Ok(self.sight.permits(Action::GetMovement, self.sight.at_offices(*relations)))
            }
            // Whether its office is theirs, each must say.
            Some(_) => self.sight.sees_movement(id),
        }
    }
}

/// From how many on a count over many consignments is told to whoever asks.
pub fn told_from(sight: &Sight<'_>) -> u64 {
    if sight.permits_always(Action::SeeSmallCounts) {
        return 0;
    }
    sight.desk.rules.rights().map_or(u64::MAX, |rights| rights.small_counts().least)
}

/// What of a movement stands in the declaration.
fn withhold_customs(file: &mut MovementFile) {
    file.case = None;
    file.guarantee = None;
}

/// How a party's own system stands to the node, as far as policies ask; a visitor, if the party is no longer registered.
pub(crate) fn caller_of(desk: &Desk, party: &PartyId) -> Caller {
    desk.with_registry(|registry| registry.find(party).map(crate::Registered::to_caller))
        .unwrap_or_else(Caller::visitor)
}
