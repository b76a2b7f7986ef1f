//! The people, keys and sessions that a node knows, in memory: every request asks for them.

use crate::{PartyRecord, Refusal, Registered, Registry};
use jiff::{SignedDuration, Timestamp};
use kervan_identity::limits::LONGEST_TOKEN;
use kervan_identity::{
    ApiKey, Duty, KeyOwner, Link, Person, PersonName, Scope, SecretHash, Session, SessionLimits,
    SessionState, SignedInBy,
};
use kervan_model::{PartyId, Role};
use kervan_rights::{Caller, Standing};
use kervan_store::{ApiKeyRow, IdentityWrite, PersonRow, SessionRow, Store, Write};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A key, and when it was used last, to the hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// The key.
    pub key: ApiKey,
    /// When it was used.
    pub used: Option<Timestamp>,
}

/// Who is known.
#[derive(Clone, Debug, Default)]
pub struct PeopleBook {
    people: BTreeMap<PersonName, Person>,
    keys: BTreeMap<String, KnownKey>,
    by_hash: BTreeMap<SecretHash, String>,
    sessions: BTreeMap<SecretHash, Session>,
}

/// What somebody has shown that is worth a note that it was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Used {
    /// A key, by its id.
    Key(String),
    /// A session.
    Session(SecretHash),
}

/// By what somebody showed who they are: what a stream that stays open is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// By nothing.
    Nothing,
    /// By a key, named by its id.
    Key(String),
    /// By a session.
    Session(SecretHash),
}

/// Somebody who has shown who they are.
#[derive(Clone, Debug)]
pub struct Asker {
    /// As policies know them.
    pub caller: Caller,
    /// The person; none where a party's own system asks.
    pub person: Option<(PersonName, String)>,
    /// What of their rights they may use.
    pub scope: Scope,
    /// By what they showed it.
    pub shown: Shown,
    /// What is to be noted as used.
    pub used: Option<Used>,
}

/// How often the use of a key is written down.
const KEY_NOTED_EVERY: SignedDuration = SignedDuration::from_hours(1);

impl PeopleBook {
    /// Reads everybody. Officers as an earlier version kept them become people, and their tokens keys.
    pub(crate) fn load<'a>(
        store: &Store,
        parties: impl Iterator<Item = &'a PartyId>,
    ) -> Result<Self, Refusal> {
        let mut book = Self::default();
        for party in parties {
            book.take_over_officers(store, party)?;
        }
        for row in store.list_people()? {
            let person: Person = serde_json::from_str(&row.record)
                .map_err(|error| Refusal::broken("what is registered of a person", &error))?;
            book.people.insert(person.name.clone(), person);
        }
        for row in store.list_api_keys()? {
            let key: ApiKey = serde_json::from_str(&row.record)
                .map_err(|error| Refusal::broken("what is registered of a key", &error))?;
            book.put_key(key);
            if let Some(known) = book.keys.get_mut(&row.id) {
                known.used = row.used;
            }
        }
        for row in store.list_sessions()? {
            let hash = SecretHash::from_kept(row.hash);
            if let (Ok(person), Some(by)) = (row.person.parse(), SignedInBy::find(&row.by)) {
                book.sessions
                    .insert(hash.clone(), Session { hash, person, by, began: row.began, seen: row.seen });
            }
        }
        Ok(book)
    }

    fn take_over_officers(&mut self, store: &Store, party: &PartyId) -> Result<(), Refusal> {
        let name = format!("officers/{party}");
        let Some(text) = store.find_note(&name)?.filter(|text| text != "[]") else { return Ok(()) };
        let officers: Vec<OldOfficer> = serde_json::from_str(&text)
            .map_err(|error| Refusal::broken("the officers of a party", &error))?;
        let mut writes = vec![Write::Note { name, value: "[]".into() }];
        for old in officers {
            let broken = |finding: kervan_model::Finding| Refusal::broken("an officer", &finding.message);
            let name = PersonName::new(&old.id, Some(party.clone())).map_err(broken)?;
            let mut person = Person::new(name.clone(), &old.name, Duty::Member, old.since).map_err(broken)?;
            (person.offices, person.ended) = (old.offices, old.ended);
            writes.push(write_of_person(&person)?);
            writes.push(write_of_key(&ApiKey {
                id: old.token_hash.chars().take(12).collect(),
                owner: KeyOwner::Person(name),
                label: "token of the registration".into(),
                scope: Scope::All,
                made: old.since,
                expires: None,
                revoked: old.ended,
                hash: SecretHash::from_kept(old.token_hash),
            })?);
        }
        Ok(store.save(writes)?)
    }

    pub(crate) fn put_person(&mut self, person: Person) {
        self.people.insert(person.name.clone(), person);
    }

    pub(crate) fn put_key(&mut self, key: ApiKey) {
        let used = self.keys.get(&key.id).and_then(|known| known.used);
        self.by_hash.insert(key.hash.clone(), key.id.clone());
        self.keys.insert(key.id.clone(), KnownKey { key, used });
    }

    pub(crate) fn put_session(&mut self, session: Session) {
        self.sessions.insert(session.hash.clone(), session);
    }

    pub(crate) fn end_session(&mut self, hash: &SecretHash) -> Option<Session> {
        self.sessions.remove(hash)
    }

    pub(crate) fn end_sessions_of(&mut self, person: &PersonName, but: Option<&SecretHash>) {
        self.sessions.retain(|hash, session| session.person != *person || but == Some(hash));
    }

    pub(crate) fn forget_sessions(&mut self, before: Timestamp) {
        self.sessions.retain(|_, session| session.seen >= before);
    }

    pub(crate) fn note_used(&mut self, used: &Used, now: Timestamp) {
        match used {
            Used::Key(id) => {
                if let Some(known) = self.keys.get_mut(id) {
                    known.used = Some(now);
                }
            }
            Used::Session(hash) => {
                if let Some(session) = self.sessions.get_mut(hash) {
                    session.seen = now;
                }
            }
        }
    }

    /// Everybody, by name.
    pub fn list(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// A person.
    pub fn find(&self, name: &PersonName) -> Option<&Person> {
        self.people.get(name)
    }

    /// The person whom a provider knows by a link.
    pub fn find_linked(&self, link: &Link) -> Option<&Person> {
        self.people
            .values()
            .find(|person| person.links.iter().any(|known| known.is_of(&link.issuer, &link.subject)))
    }

    /// Every key, by id.
    pub fn list_keys(&self) -> impl Iterator<Item = &KnownKey> {
        self.keys.values()
    }

    /// A key, by its id.
    pub fn find_key(&self, id: &str) -> Option<&KnownKey> {
        self.keys.get(id)
    }

    /// Sessions of a person, by when they began.
    pub fn list_sessions_of(&self, person: &PersonName) -> Vec<&Session> {
        let mut found: Vec<&Session> =
            self.sessions.values().filter(|session| session.person == *person).collect();
        found.sort_by_key(|session| session.began);
        found
    }
}

/// An officer as an earlier version kept one.
#[derive(Deserialize)]
struct OldOfficer {
    id: String,
    name: String,
    token_hash: String,
    #[serde(default)]
    offices: Vec<String>,
    since: Timestamp,
    #[serde(default)]
    ended: Option<Timestamp>,
}

pub(crate) fn write_of_person(person: &Person) -> Result<Write, Refusal> {
    let record = serde_json::to_string(person).map_err(|error| Refusal::broken("a person", &error))?;
    Ok(Write::Identity(IdentityWrite::Person(PersonRow { name: person.name.to_string(), record })))
}

pub(crate) fn write_of_key(key: &ApiKey) -> Result<Write, Refusal> {
    let record = serde_json::to_string(key).map_err(|error| Refusal::broken("a key", &error))?;
    let (id, hash) = (key.id.clone(), key.hash.as_str().to_owned());
    Ok(Write::Identity(IdentityWrite::ApiKey(ApiKeyRow { id, hash, record, used: None })))
}

pub(crate) fn write_of_session(session: &Session) -> Write {
    Write::Identity(IdentityWrite::Session(SessionRow {
        hash: session.hash.as_str().to_owned(),
        person: session.person.to_string(),
        by: session.by.word().to_owned(),
        began: session.began,
        seen: session.seen,
    }))
}

impl Registry {
    /// Everybody who is known, with their keys.
    pub fn people(&self) -> &PeopleBook {
        &self.people
    }

    /// The people of a party, by id.
    pub fn list_people_of(&self, party: &PartyId) -> impl Iterator<Item = &Person> {
        self.people.list().filter(move |person| person.name.party() == Some(party))
    }

    /// Who shows a token of the API; nobody if the key is worth nothing, or its owner has left.
    pub fn find_by_token(&self, token: &str, now: Timestamp) -> Option<Asker> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let id = self.people.by_hash.get(&SecretHash::of(token))?;
        let known = self.people.keys.get(id)?;
        known.key.assess(now).ok()?;
        let (caller, person) = match &known.key.owner {
            KeyOwner::Party(party) => (self.parties.get(party)?.to_caller(), None),
            KeyOwner::Person(name) => {
                let person = self.people.find(name)?;
                (self.caller_of(person)?, Some((name.clone(), person.called.clone())))
            }
        };
        let noted = known.used.is_some_and(|used| now.duration_since(used) < KEY_NOTED_EVERY);
        let used = (!noted).then(|| Used::Key(id.clone()));
        Some(Asker { caller, person, scope: known.key.scope.clone(), shown: Shown::Key(id.clone()), used })
    }

    /// Who shows the token of a session; nobody if it has ended, or the person has left.
    pub fn find_by_session(&self, token: &str, now: Timestamp, limits: &SessionLimits) -> Option<Asker> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let session = self.people.sessions.get(&SecretHash::of(token))?;
        let used = match session.assess(now, limits) {
            SessionState::Live => None,
            SessionState::ToBeNoted => Some(Used::Session(session.hash.clone())),
            SessionState::Idle | SessionState::Over => return None,
        };
        let person = self.people.find(&session.person)?;
        let caller = self.caller_of(person)?;
        let named = Some((person.name.clone(), person.called.clone()));
        Some(Asker {
            caller,
            person: named,
            scope: Scope::All,
            shown: Shown::Session(session.hash.clone()),
            used,
        })
    }

    /// Whether what somebody showed still counts: a key that was taken back or has run out does not, nor does a session that has
    /// ended, nor anything of a person who has left.
    pub fn is_in_force(&self, shown: &Shown, now: Timestamp, limits: &SessionLimits) -> bool {
        let active = |name: &PersonName| self.people.find(name).is_some_and(Person::is_active);
        match shown {
            Shown::Nothing => true,
            Shown::Key(id) => self.people.keys.get(id).is_some_and(|known| {
                known.key.assess(now).is_ok()
                    && match &known.key.owner {
                        KeyOwner::Party(party) => self.parties.contains_key(party),
                        KeyOwner::Person(name) => active(name),
                    }
            }),
            Shown::Session(hash) => self.people.sessions.get(hash).is_some_and(|session| {
                let live = match session.assess(now, limits) {
                    SessionState::Live | SessionState::ToBeNoted => true,
                    SessionState::Idle | SessionState::Over => false,
                };
                live && active(&session.person)
            }),
        }
    }

    /// A person as policies know them; none if they have left, or their party is gone.
    pub fn caller_of(&self, person: &Person) -> Option<Caller> {
        if !person.is_active() {
            return None;
        }
        match person.duty {
            Duty::Operator => Some(Caller::bare(Standing::Operator)),
            Duty::Auditor => Some(Caller::bare(Standing::Auditor)),
            Duty::Member => {
                let party = self.parties.get(person.name.party()?)?;
                let standing =
                    if party.has_role(Role::Customs) { Standing::Officer } else { Standing::Person };
                Some(party.to_caller().as_standing(standing).at_offices(person.offices.clone()))
            }
        }
    }

    /// The party of a person.
    pub fn party_of(&self, person: &PersonName) -> Option<&PartyRecord> {
        self.parties.get(person.party()?).map(|party: &Registered| &party.record)
    }
}
