//! The scribe: signs facts into a dossier and collects the writes of one use case.

use crate::{Call, Desk, Refusal, Registered};
use kervan_dossier::{Author, Dossier, DossierState, Draft, Entry, Fact, Standing, fold};
use kervan_model::{EntryId, Role, TerritoryId};
use kervan_store::{EntryRow, PlanRow, Topic, Write};
use serde::Serialize;

/// Signs facts into one dossier. Nothing is saved before the use case hands the writes to the desk.
pub(crate) struct Scribe<'a, 'c> {
    pub(crate) desk: &'a Desk,
    pub(crate) call: &'a mut Call<'c>,
    pub(crate) writes: Vec<Write>,
    /// What a new ETA is to say beside its own reason.
    pub(crate) remark: Option<&'static str>,
    /// The officers who stand behind what is written of movements.
    pub(crate) officers: Vec<String>,
    new: Vec<EntryId>,
}

impl<'a, 'c> Scribe<'a, 'c> {
    pub(crate) fn new(desk: &'a Desk, call: &'a mut Call<'c>) -> Self {
        let (writes, officers, new) = (Vec::new(), Vec::new(), Vec::new());
        Self { desk, call, writes, remark: None, officers, new }
    }

    /// Signs the first fact of a dossier.
    pub(crate) fn start(&mut self, party: &Registered, role: Role, fact: &Fact) -> Result<Dossier, Refusal> {
        let draft = Draft::new(fact, author(party, role, None), self.call.now);
        let entry = self.sign(party, draft)?;
        let dossier = Dossier::start(entry.clone()).map_err(Refusal::Invalid)?;
        self.keep(&dossier, &entry)?;
        Ok(dossier)
    }

    /// Signs a fact that follows everything that the dossier holds.
    pub(crate) fn assert(
        &mut self,
        dossier: &mut Dossier,
        party: &Registered,
        role: Role,
        territory: Option<&TerritoryId>,
        fact: &Fact,
    ) -> Result<(), Refusal> {
        let author = author(party, role, territory);
        let draft = Draft::following(dossier.id().clone(), dossier.heads(), fact, author, self.call.now);
        let entry = self.sign(party, draft)?;
        self.keep(dossier, &entry)?;
        dossier.insert(entry).map_err(Refusal::Invalid)?;
        Ok(())
    }

    fn sign(&mut self, party: &Registered, draft: Draft) -> Result<Entry, Refusal> {
        draft
            .sign(&*party.key, self.call.salts)
            .map_err(|error| crate::custody::unsigned("a new entry", error))
    }

    fn keep(&mut self, dossier: &Dossier, entry: &Entry) -> Result<(), Refusal> {
        self.new.push(entry.id().clone());
        self.writes.push(Write::Entry(entry_row(dossier, entry)?));
        Ok(())
    }

    /// Folds the dossier with the new entries. Errors: a new entry would be ignored; its finding says why.
    pub(crate) fn fold(&self, dossier: &Dossier) -> Result<DossierState, Refusal> {
        let state = fold(dossier, &self.desk.rules.authority);
        for id in &self.new {
            if let Some(Standing::Ignored { why }) = state.standing.get(id) {
                return Err(Refusal::invalid(why.clone()));
            }
        }
        Ok(state)
    }

    /// Adds a plan to what is saved.
    pub(crate) fn keep_plan(&mut self, row: PlanRow) {
        self.writes.push(Write::Plan(Box::new(row)));
    }

    /// Adds a change for those who follow.
    pub(crate) fn tell(&mut self, topic: Topic, payload: &impl Serialize) -> Result<(), Refusal> {
        let payload = to_text(payload)?;
        self.writes.push(Write::Change { topic, payload });
        Ok(())
    }

    /// Saves everything at once.
    pub(crate) fn save(self) -> Result<(), Refusal> {
        self.desk.save(self.writes)
    }
}

/// The row of an entry.
pub(crate) fn entry_row(dossier: &Dossier, entry: &Entry) -> Result<EntryRow, Refusal> {
    let text = String::from_utf8(entry.to_bytes()).map_err(|error| Refusal::broken("an entry", &error))?;
    Ok(EntryRow {
        dossier: dossier.id().clone(),
        id: entry.id().clone(),
        kind: entry.header().kind.word().to_owned(),
        author: entry.header().author.party.clone(),
        authored: entry.header().authored,
        entry: text,
    })
}

fn author(party: &Registered, role: Role, territory: Option<&TerritoryId>) -> Author {
    Author { party: party.record.id.clone(), role, territory: territory.cloned() }
}

/// The JSON text of one of our own values.
pub(crate) fn to_text(value: &impl Serialize) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|error| Refusal::broken("a value of our own", &error))
}
