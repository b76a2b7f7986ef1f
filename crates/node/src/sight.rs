//! What somebody sees of the node: every question about things of others goes through here.

use crate::case_file::{MovementFile, offices_of};
use crate::circle::{member_party, member_territory};
use crate::event_file::captured_by;
use crate::permitted::Permitted;
use crate::{CaseFile, Desk, Refusal};
use kervan_dossier::{CONTROL_GROUPS, Entry, GroupName, fold};
use kervan_model::{MovementId, PartyId, Reference};
use kervan_rights::{Action, Caller, Relation, Relations};
use kervan_store::{
    CircleRow, ConsignmentRow, EventMark, EventRow, MOST_LISTED, MovementRow, ReceivedRow, Store, StoreError,
};
use std::collections::{BTreeMap, BTreeSet};

/// Of how many consignments the movements are read at first, and at least, in one go.
const CONSIGNMENTS_AT_ONCE: usize = 8;

/// The desk as a caller sees it. A reference to a desk is the sight of the node itself, which sees everything.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The desk.
    pub desk: &'a Desk,
    caller: Option<&'a Caller>,
    /// How the caller stands to a consignment, where that was looked up already.
    known: Option<&'a (Reference, Relations)>,
}

impl<'a> From<&'a Desk> for Sight<'a> {
    fn from(desk: &'a Desk) -> Self {
        Self { desk, caller: None, known: None }
    }
}

impl<'a> Sight<'a> {
    /// What a caller sees.
    pub const fn of(desk: &'a Desk, caller: &'a Caller) -> Self {
        Self { desk, caller: Some(caller), known: None }
    }

    /// The same, for a reading that begins with how the caller stands to a consignment.
    #[must_use]
    pub const fn knowing(self, known: Option<&'a (Reference, Relations)>) -> Self {
        Self { known, ..self }
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
    pub(crate) fn names(&self) -> Vec<String> {
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
        if let Some((of, relations)) = self.known
            && of == reference
        {
            return Ok(*relations);
        }
        let found = self.desk.store.find_relations(reference, &self.names())?;
        let all =
            found.into_iter().fold(Relations::NONE, |all, (_, bits)| all.and(Relations::from_bits(bits)));
        Ok(self.at_offices(all))
    }

    /// How the caller, by its names, stands to a consignment with this circle.
    pub(crate) fn within(&self, names: &[String], circle: &CircleRow) -> Relations {
        let of = circle.members.iter().filter(|(who, _)| names.contains(who));
        self.at_offices(of.fold(Relations::NONE, |all, (_, bits)| all.and(Relations::from_bits(*bits))))
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
        if self.is_unbound() {
            return Ok(relations);
        }
        let Some(row) = self.desk.store.find_movement(id)? else { return Ok(relations) };
        Ok(self.at_one_of(&offices_of(&crate::read_movement(&row)?), relations))
    }

    /// How the caller stands to a movement at these offices, if it stands so to its consignment.
    pub(crate) fn at_one_of(&self, offices: &[String], relations: Relations) -> Relations {
        let here =
            self.caller.is_some_and(|caller| offices.iter().any(|office| caller.offices.contains(office)));
        if here && relations.has(Relation::Territory) { relations.with(Relation::Office) } else { relations }
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
        let action = Action::GetConsignment;
        let (mut rows, mut after) = (Vec::new(), after.cloned());
        while rows.len() < most as usize {
            let circle = self.circle_after(after.as_ref(), most, Store::list_circle)?;
            let Some((last, _)) = circle.last_key_value() else { break };
            after = Some(last.clone());
            let seen = circle.into_iter().filter(|(_, relations)| self.permits(action, *relations));
            let seen: Vec<Reference> = seen.map(|(reference, _)| reference).collect();
            let found = store.find_consignments(&seen)?.into_iter();
            rows.extend(found.filter(|row| state.is_none_or(|state| row.state == state)));
        }
        rows.truncate(most as usize);
        Ok(rows)
    }

    /// The first references after another, at most so many, to which the caller stands in any relation, with its relations.
    fn circle_after(
        &self,
        after: Option<&Reference>,
        most: u32,
        list: impl Fn(&Store, &str, Option<&Reference>, u32) -> Result<Vec<(Reference, u16)>, StoreError>,
    ) -> Result<BTreeMap<Reference, Relations>, Refusal> {
        let mut all: BTreeMap<Reference, Relations> = BTreeMap::new();
        for name in self.names() {
            for (reference, bits) in list(&self.desk.store, &name, after, most)? {
                let known = all.entry(reference).or_default();
                *known = known.and(Relations::from_bits(bits));
            }
        }
        // Of a list that was cut off nothing is known beyond its end, and the first so many of both are whole.
        let first = all.into_iter().take(most as usize);
        Ok(first.map(|(reference, relations)| (reference, self.at_offices(relations))).collect())
    }

    /// How the caller stands to each of many consignments; those to which it stands in no relation are left out.
    pub(crate) fn to_consignments(
        self,
        references: &[Reference],
    ) -> Result<BTreeMap<Reference, Relations>, Refusal> {
        if references.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found = self.desk.store.find_relations_of(references, &self.names())?.into_iter();
        Ok(found.map(|(reference, bits)| (reference, self.at_offices(Relations::from_bits(bits)))).collect())
    }

    /// Of which of many consignments the caller may know.
    pub(crate) fn sees_consignments(
        &self,
        references: Vec<Reference>,
    ) -> Result<BTreeSet<Reference>, Refusal> {
        let action = Action::GetConsignment;
        if self.permits_always(action) {
            return Ok(references.into_iter().collect());
        }
        let (of, mut permitted) = (self.to_consignments(&references)?, Permitted::of(*self, action));
        let seen = references
            .into_iter()
            .filter(|reference| permitted.to(of.get(reference).copied().unwrap_or_default()));
        Ok(seen.collect())
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
        let mut circle = self.to_consignments(at.as_slice())?;
        loop {
            let references: Vec<Reference> = circle.keys().cloned().collect();
            // Each has a movement or several: as many are read as fill the page, if the rest have as many as those before.
            let (mut rest, mut some) = (references.as_slice(), CONSIGNMENTS_AT_ONCE);
            while let Some((these, others)) = rest.split_at_checked(some.min(rest.len()))
                && !these.is_empty()
            {
                let found = store.list_movements_of_each(these)?;
                let each = (found.len() / these.len()).max(1);
                for row in found {
                    let later =
                        after.is_none_or(|after| row.id > *after || at.as_ref() != Some(&row.reference));
                    let wanted = later && state.is_none_or(|state| row.state == state);
                    let relations = circle.get(&row.reference).copied().unwrap_or_default();
                    if wanted && self.sees_movement_of(&row.id, relations)? {
                        rows.push(row);
                    }
                }
                if rows.len() >= most as usize {
                    rows.truncate(most as usize);
                    return Ok(rows);
                }
                rest = others;
                some = (most as usize - rows.len()).div_ceil(each).max(CONSIGNMENTS_AT_ONCE);
            }
            circle = self.circle_after(at.as_ref(), most, Store::list_moving_circle)?;
            let Some((last, _)) = circle.last_key_value() else { return Ok(rows) };
            at = Some(last.clone());
        }
    }

    /// Whether the caller may know of a movement of a consignment to which it stands in these relations.
    fn sees_movement_of(&self, id: &MovementId, relations: Relations) -> Result<bool, Refusal> {
        // Whether its office is theirs, each must say.
        if self.is_unbound() {
            Ok(self.permits(Action::GetMovement, relations))
        } else {
            self.sees_movement(id)
        }
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

    /// Movements as the caller may see them, each shown before the next is read. How the caller stands to their consignments is looked
    /// up once.
    pub fn show_movements<T>(
        &self,
        rows: &[MovementRow],
        show: impl Fn(MovementFile) -> T,
    ) -> Result<Vec<T>, Refusal> {
        let part = Action::SeeCustoms;
        let always = self.permits_always(part);
        let references: Vec<Reference> = rows.iter().map(|row| row.reference.clone()).collect();
        let of = if always { BTreeMap::new() } else { self.to_consignments(&references)? };
        let mut permitted = Permitted::of(*self, part);
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            let mut file = crate::read_movement(row)?;
            if !always && !permitted.to(of.get(&row.reference).copied().unwrap_or_default()) {
                withhold_customs(&mut file);
            }
            shown.push(show(file));
        }
        Ok(shown)
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
    permitted: Permitted<'a>,
    /// The mark of events that the caller's party captured.
    own: Option<EventMark>,
    of: BTreeMap<Reference, bool>,
}

impl<'a> EventsSeen<'a> {
    pub(crate) fn of(sight: Sight<'a>) -> Self {
        let action = Action::GetEvent;
        let (always, permitted) = (sight.permits_always(action), Permitted::of(sight, action));
        let own = sight.caller.and_then(|caller| caller.party.as_ref()).map(captured_by);
        Self { sight, always, permitted, own, of: BTreeMap::new() }
    }

    /// Looks up at once how the caller stands to the consignments of events, for those that will be asked of.
    pub(crate) fn look_up<'r>(
        &mut self,
        rows: impl IntoIterator<Item = &'r EventRow>,
    ) -> Result<(), Refusal> {
        if self.always {
            return Ok(());
        }
        let of = rows.into_iter().filter_map(|row| row.reference.as_ref());
        let of = of.filter(|of| !self.of.contains_key(of));
        let wanted: Vec<Reference> = of.collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let found = self.sight.to_consignments(&wanted)?;
        for reference in wanted {
            let relations = found.get(&reference).copied().unwrap_or_default();
            self.of.insert(reference, self.permitted.to(relations));
        }
        Ok(())
    }

    /// Whether one of them is: by the consignment under which it was filed, or because the caller captured it.
    pub(crate) fn sees(&mut self, row: &EventRow) -> Result<bool, Refusal> {
        if self.always {
            return Ok(true);
        }
        if let Some(reference) = &row.reference {
            if !self.of.contains_key(reference) {
                self.look_up(std::slice::from_ref(row))?;
            }
            if self.of.get(reference).is_some_and(|sees| *sees) {
                return Ok(true);
            }
        }
        let is_own = self.own.is_some_and(|own| row.marks.contains(&own));
        Ok(is_own && self.permitted.to(Relations::of(&[Relation::Owner])))
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
