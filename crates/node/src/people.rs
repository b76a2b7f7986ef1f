//! What is done with people, keys and sessions. Each act stands in the audit log by the batch that does it.

use crate::people_book::{Used, write_of_key, write_of_person, write_of_session};
use crate::{Desk, Refusal, Registered, Registry};
use jiff::{SignedDuration, Timestamp};
use kervan_identity::{
    ApiKey, Duty, KeyOwner, Link, PasswordHash, Person, PersonName, Secret, SecretHash, Session,
    SessionLimits, is_password,
};
use kervan_model::Finding;
use kervan_store::{AuditRow, IdentityWrite, Write};
use serde_json::{Map, Value};

/// Who acts, when.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// Who: a person, a party, or the command line of the machine.
    pub by: &'a str,
    /// The instant now.
    pub now: Timestamp,
}

/// Whether the last who runs a node may be ended. Over the network nobody could register another one then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    /// Everybody may be ended: who is at the machine registers another.
    Nobody,
    /// The last operator is refused.
    LastOperator,
}

impl Attempt<'_> {
    pub(crate) fn record(&self, act: &str, about: &str, detail: &[(&str, &str)]) -> Write {
        let detail: Map<String, Value> =
            detail.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        Write::Identity(IdentityWrite::Audit(AuditRow {
            at: self.now,
            actor: self.by.to_owned(),
            act: act.to_owned(),
            about: about.to_owned(),
            detail: Value::Object(detail).to_string(),
        }))
    }
}

/// What the audit log says of a party that is registered: that it is, and what key of the API it was given.
pub(crate) fn records_of(by: &Attempt<'_>, party: &Registered) -> Vec<Write> {
    let added = by.record("party-added", party.record.id.as_str(), &[("name", &party.record.name)]);
    let key = party.first.as_ref().map(|key| {
        let (owner, scope) = (key.owner.to_string(), key.scope.to_string());
        by.record("key-added", &key.id, &[("owner", &owner), ("scope", &scope), ("expires", "never")])
    });
    std::iter::once(added).chain(key).collect()
}

/// Puts something on record that changes nothing else. Errors: the store failed.
pub fn put_on_record(
    desk: &Desk,
    by: &Attempt<'_>,
    act: &str,
    about: &str,
    detail: &[(&str, &str)],
) -> Result<(), Refusal> {
    desk.save(vec![by.record(act, about, detail)])
}

fn no_person(name: &PersonName) -> Refusal {
    Refusal::NotFound { what: "person", id: name.to_string() }
}

fn person(registry: &Registry, name: &PersonName) -> Result<Person, Refusal> {
    registry.people.find(name).cloned().ok_or_else(|| no_person(name))
}

/// Registers a person.
///
/// Errors: there is one of this name, or no such party.
pub fn add_person(desk: &Desk, by: &Attempt<'_>, person: Person) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        if let Some(party) = person.name.party()
            && registry.find(party).is_none()
        {
            return Err(Refusal::NotFound { what: "party", id: party.to_string() });
        }
        if registry.people.find(&person.name).is_some() {
            let text = format!("there is a person {} already", person.name);
            let finding = Finding::error("identity.taken", text).at("/name");
            return Err(Refusal::conflict(finding.remedy("choose another id; who has left keeps theirs")));
        }
        let detail = [("called", person.called.as_str()), ("duty", person.duty.word())];
        let record = by.record("person-added", &person.name.to_string(), &detail);
        desk.save(vec![write_of_person(&person)?, record])?;
        registry.people.put_person(person);
        Ok(())
    })
}

/// Ends what a person may do: their sessions and keys with it. What they signed stays. Nothing if they have left already.
///
/// Errors: there is no such person, or they are the last who runs the node and shall be spared.
pub fn end_person(desk: &Desk, by: &Attempt<'_>, name: &PersonName, spare: Spare) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        let mut person = person(registry, name)?;
        if !person.is_active() {
            return Ok(());
        }
        let runs = |one: &Person| one.duty == Duty::Operator && one.is_active();
        if spare == Spare::LastOperator
            && runs(&person)
            && registry.people.list().filter(|one| runs(one)).count() == 1
        {
            let finding =
                Finding::error("identity.last-operator", format!("{name} is the last who runs this node"));
            return Err(Refusal::conflict(finding.at("/name").remedy("register another operator first")));
        }
        person.ended = Some(by.now);
        let mut writes = vec![write_of_person(&person)?];
        let owner = KeyOwner::Person(name.clone());
        let mut ended = Vec::new();
        for known in registry
            .people
            .list_keys()
            .filter(|known| known.key.owner == owner && known.key.revoked.is_none())
        {
            let key = ApiKey { revoked: Some(by.now), ..known.key.clone() };
            writes.push(write_of_key(&key)?);
            ended.push(key);
        }
        writes.push(Write::Identity(IdentityWrite::EndSessionsOf { person: name.to_string(), but: None }));
        let keys = ended.len().to_string();
        writes.push(by.record("person-ended", &name.to_string(), &[("keys", &keys)]));
        desk.save(writes)?;
        registry.people.put_person(person);
        ended.into_iter().for_each(|key| registry.people.put_key(key));
        registry.people.end_sessions_of(name, None);
        Ok(())
    })
}

/// Gives a person a password. Their sessions end, but for the one that asks for it.
///
/// Errors: there is no such person, or they have left.
pub fn set_password(
    desk: &Desk,
    by: &Attempt<'_>,
    name: &PersonName,
    password: PasswordHash,
    but: Option<&SecretHash>,
) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        let mut person = person(registry, name)?;
        if !person.is_active() {
            return Err(no_person(name));
        }
        person.password = Some(password);
        let kept = but.map(|hash| hash.as_str().to_owned());
        let end = Write::Identity(IdentityWrite::EndSessionsOf { person: name.to_string(), but: kept });
        let record = by.record("password-set", &name.to_string(), &[]);
        desk.save(vec![write_of_person(&person)?, end, record])?;
        registry.people.put_person(person);
        registry.people.end_sessions_of(name, but);
        Ok(())
    })
}

/// Says who a person is at a provider of OpenID Connect.
///
/// Errors: there is no such person, or somebody else is linked there.
pub fn link_person(desk: &Desk, by: &Attempt<'_>, name: &PersonName, link: Link) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        let mut person = person(registry, name)?;
        match registry.people.find_linked(&link) {
            Some(linked) if linked.name == *name => return Ok(()),
            Some(linked) => {
                let text = format!("{} is linked to that account already", linked.name);
                return Err(Refusal::conflict(Finding::error("identity.taken", text).at("/subject")));
            }
            None => {}
        }
        let detail = [("issuer", link.issuer.as_str()), ("subject", link.subject.as_str())];
        let record = by.record("person-linked", &name.to_string(), &detail);
        person.links.push(link.clone());
        desk.save(vec![write_of_person(&person)?, record])?;
        registry.people.put_person(person);
        Ok(())
    })
}

/// Keeps a new key.
///
/// Errors: its owner is not known here, or has left.
pub fn add_key(desk: &Desk, by: &Attempt<'_>, key: ApiKey) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        let known = match &key.owner {
            KeyOwner::Party(party) => registry.find(party).is_some(),
            KeyOwner::Person(name) => registry.people.find(name).is_some_and(Person::is_active),
        };
        if !known {
            return Err(Refusal::NotFound { what: "party or person", id: key.owner.to_string() });
        }
        let (owner, scope) = (key.owner.to_string(), key.scope.to_string());
        let expires = key.expires.map_or_else(|| "never".to_owned(), |at| at.to_string());
        let detail = [("owner", owner.as_str()), ("scope", &scope), ("expires", &expires)];
        desk.save(vec![write_of_key(&key)?, by.record("key-added", &key.id, &detail)])?;
        registry.people.put_key(key);
        Ok(())
    })
}

/// Takes a key back. Nothing if it was.
///
/// Errors: there is none with this id; `owner` is given and it is another's, which is the same answer.
pub fn revoke_key(desk: &Desk, by: &Attempt<'_>, id: &str, owner: Option<&KeyOwner>) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        let known =
            registry.people.find_key(id).filter(|known| owner.is_none_or(|owner| known.key.owner == *owner));
        let known =
            known.ok_or_else(|| Refusal::NotFound { what: "key", id: id.chars().take(40).collect() })?;
        if known.key.revoked.is_some() {
            return Ok(());
        }
        let key = ApiKey { revoked: Some(by.now), ..known.key.clone() };
        let about = key.owner.to_string();
        desk.save(vec![write_of_key(&key)?, by.record("key-revoked", id, &[("owner", &about)])])?;
        registry.people.put_key(key);
        Ok(())
    })
}

/// The person of a name and a password. It costs the same work whether there is such a person or not.
pub fn check_password(desk: &Desk, name: Option<&PersonName>, password: &Secret) -> Option<Person> {
    let found = desk.with_registry(|registry| {
        let person = registry.people.find(name?)?;
        // Who has left is nobody.
        registry.caller_of(person).map(|_| person.clone())
    });
    let kept = found.as_ref().and_then(|person| person.password.as_ref());
    is_password(kept, password).then_some(found).flatten()
}

/// Begins a session, after whoever signs in has shown who they are. `instead`: what the browser showed before, which ends.
///
/// Errors: the store failed.
pub fn begin_session(
    desk: &Desk,
    now: Timestamp,
    session: Session,
    instead: Option<&SecretHash>,
    limits: &SessionLimits,
) -> Result<(), Refusal> {
    let name = session.person.to_string();
    let by = Attempt { by: &name, now };
    let forgotten =
        now.checked_sub(limits.longest.max(SignedDuration::from_hours(1))).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut writes = vec![
        Write::Identity(IdentityWrite::ForgetSessions(forgotten)),
        write_of_session(&session),
        by.record("sign-in", &name, &[("by", session.by.word())]),
    ];
    if let Some(hash) = instead {
        writes.push(Write::Identity(IdentityWrite::EndSession(hash.as_str().to_owned())));
    }
    desk.with_registry_to_change(|registry| {
        desk.store.save(writes)?;
        registry.people.forget_sessions(forgotten);
        if let Some(hash) = instead {
            registry.people.end_session(hash);
        }
        registry.people.put_session(session);
        Ok(())
    })
}

/// Ends a session. Nothing if it has ended. Errors: the store failed.
pub fn end_session(desk: &Desk, now: Timestamp, hash: &SecretHash) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        let Some(session) = registry.people.end_session(hash) else { return Ok(()) };
        let name = session.person.to_string();
        let record = Attempt { by: &name, now }.record("sign-out", &name, &[]);
        let end = Write::Identity(IdentityWrite::EndSession(hash.as_str().to_owned()));
        Ok(desk.store.save(vec![end, record])?)
    })
}

/// Notes that a key or a session was used. Errors: the store failed.
pub fn note_used(desk: &Desk, now: Timestamp, used: &Used) -> Result<(), Refusal> {
    desk.with_registry_to_change(|registry| {
        registry.people.note_used(used, now);
        let write = match used {
            Used::Key(id) => IdentityWrite::KeyUsed { id: id.clone(), at: now },
            Used::Session(hash) => IdentityWrite::SessionSeen { hash: hash.as_str().to_owned(), at: now },
        };
        Ok(desk.store.save(vec![Write::Identity(write)])?)
    })
}

/// The person whom a provider describes. Who is linked is found by the link; who is not is registered, unless the name is taken:
/// a provider cannot take a person over by calling somebody else like them.
///
/// Errors: none fits, the person has left, or the store failed.
pub fn find_person_of(
    desk: &Desk,
    now: Timestamp,
    link: &Link,
    described: Option<Person>,
) -> Result<Person, Refusal> {
    let refused = || Refusal::NotAllowed("nobody here is whom the provider names".to_owned());
    let linked = desk.with_registry(|registry| registry.people.find_linked(link).cloned());
    match (linked, described) {
        (Some(person), described) => {
            // Whom a rule brought in stays as long as one does; whom an operator linked is asked for none.
            let by_rule =
                person.links.iter().any(|known| known.is_of(&link.issuer, &link.subject) && known.by_rule);
            let fits = described.is_some_and(|described| described.name == person.name);
            if person.is_active() && (fits || !by_rule) { Ok(person) } else { Err(refused()) }
        }
        (None, Some(described)) => {
            let by = Attempt { by: &described.name.to_string(), now };
            add_person(desk, &by, described.clone()).map_err(|refusal| match refusal {
                Refusal::Store(error) => Refusal::Store(error),
                _ => refused(),
            })?;
            Ok(described)
        }
        (None, None) => Err(refused()),
    }
}
