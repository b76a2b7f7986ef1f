//! Subscriptions: agreed, looked at, served. What is to be done is decided by `events::subscription`; here it is loaded and
//! saved, so that a crash at any moment loses nothing and repeats no acknowledged delivery.

use crate::event_query::look_in_sequence;
use crate::limits::MOST_EVENTS_IN_DELIVERY;
use crate::named_query::{load_named_query, question_of};
use crate::scribe::to_text;
use crate::{Call, Desk, Refusal};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_events::Event;
use kervan_events::subscription::{Progress, Step, Terms, Trigger, read_terms};
use kervan_model::{Finding, PartyId};
use kervan_store::{SubscriptionRow, Write};
use serde_json::{Value, json};

/// Subscribes the caller to a named query. Returns the id of the subscription, and what is told of it.
pub fn subscribe(
    desk: &Desk,
    call: Call<'_>,
    query: &str,
    asked: &Value,
) -> Result<(String, Value), Refusal> {
    let named = load_named_query(desk, query)?;
    let question = question_of(&named)?;
    if question.order.is_some() || question.limit.is_some() || question.most.is_some() {
        let message = "a query with an order or a limit cannot be subscribed to: new events have neither";
        return Err(Refusal::invalid(Finding::error("events.subscription", message).at("/query")));
    }
    let terms = read_terms(asked, call.now).map_err(Refusal::Invalid)?;
    // A receiver who asks for what came before begins at the beginning; events captured earlier are passed over.
    let after = if terms.initial_record_time.is_some() { 0 } else { desk.store.last_event()? };
    let progress = Progress::starting(after, &terms);
    let row = SubscriptionRow {
        id: HEXLOWER.encode(&(call.salts)()),
        query: named.name,
        party: call.actor.clone(),
        terms: to_text(&terms)?,
        progress: to_text(&progress)?,
    };
    let told = told(&row)?;
    let id = row.id.clone();
    desk.save(vec![Write::Subscription(row)])?;
    Ok((id, told))
}

/// Subscriptions of a party to a named query, as they are told: an address that is called may be a secret by itself.
pub fn list_subscriptions_of(desk: &Desk, party: &PartyId, query: &str) -> Result<Vec<Value>, Refusal> {
    load_named_query(desk, query)?;
    let rows = desk.store.list_subscriptions(Some(query))?;
    rows.iter().filter(|row| row.party == *party).map(told).collect()
}

/// A subscription of a party, as it is told. Errors: it is another's.
pub fn find_subscription_of(desk: &Desk, party: &PartyId, query: &str, id: &str) -> Result<Value, Refusal> {
    told(&load_own(desk, party, query, id)?)
}

/// Ends a subscription of the caller.
pub fn unsubscribe(desk: &Desk, call: &Call<'_>, query: &str, id: &str) -> Result<(), Refusal> {
    let row = load_own(desk, &call.actor, query, id)?;
    desk.save(vec![Write::RemoveSubscription(row.id)])
}

fn load_own(desk: &Desk, party: &PartyId, query: &str, id: &str) -> Result<SubscriptionRow, Refusal> {
    let found = desk.store.find_subscription(id)?.filter(|row| row.query == query);
    let row = found.ok_or_else(|| Refusal::NotFound { what: "subscription", id: id.to_owned() })?;
    if row.party != *party {
        return Err(Refusal::NotAllowed("the subscription belongs to another party".to_owned()));
    }
    Ok(row)
}

fn read(row: &SubscriptionRow) -> Result<(Terms, Progress), Refusal> {
    let broken = |error: serde_json::Error| Refusal::broken("a subscription", &error);
    Ok((
        serde_json::from_str(&row.terms).map_err(broken)?,
        serde_json::from_str(&row.progress).map_err(broken)?,
    ))
}

/// What is told of a subscription: all but its secret.
fn told(row: &SubscriptionRow) -> Result<Value, Refusal> {
    let (terms, progress) = read(row)?;
    let mut told = json!({
        "subscriptionID": row.id,
        "dest": terms.dest,
        "createdAt": terms.created,
        "lastNotifiedAt": progress.last_notified,
        "initialRecordTime": terms.initial_record_time,
        "reportIfEmpty": terms.report_if_empty,
        "failures": progress.sending.as_ref().map_or(0, |sending| sending.failures),
        "nextTry": progress.sending.as_ref().map(|sending| sending.due).or(progress.next_run),
    });
    if let Some(fields) = told.as_object_mut() {
        match terms.trigger {
            Trigger::Stream => fields.insert("stream".into(), true.into()),
            Trigger::Schedule(schedule) => fields.insert("schedule".into(), json!(schedule)),
        };
        fields.retain(|_, value| !value.is_null());
    }
    Ok(told)
}

/// A delivery that is to be sent now.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The subscription.
    pub subscription: String,
    /// Its query.
    pub query: String,
    /// Where it goes.
    pub dest: String,
    /// With what it is signed.
    pub secret: Option<String>,
    /// Its id; the same however often it is tried.
    pub id: String,
    /// What it holds.
    pub events: Vec<Event>,
}

/// What is to be done for a subscription.
#[derive(Clone, Debug)]
pub enum Task {
    /// Nothing before this instant, or before an event comes.
    Wait(Option<Timestamp>),
    /// Ask again.
    Again,
    /// Send this, and tell with [`note_delivery`] what came of it.
    Send(Box<Delivery>),
}

/// Takes the next step for a subscription. Nothing if it has ended.
pub fn serve_subscription(desk: &Desk, id: &str, now: Timestamp) -> Result<Option<Task>, Refusal> {
    let Some(row) = desk.store.find_subscription(id)? else { return Ok(None) };
    let (terms, mut progress) = read(&row)?;
    let look = |after, until, most| {
        let question = question_of(&load_named_query(desk, &row.query)?)?;
        let (mut events, to) = look_in_sequence(desk, &question, after, until, most)?;
        let since = terms.initial_record_time;
        events.retain(|(_, event)| since.is_none_or(|since| event.record_time >= since));
        Ok::<_, Refusal>((events, to))
    };
    let last = desk.store.last_event()?;
    match progress.step(&terms, now, last) {
        Step::Wait(until) => return Ok(Some(Task::Wait(until))),
        Step::NoteRun => progress.note_run(&terms, now, last),
        Step::Look { after, until } => {
            let (events, to) = look(after, until, MOST_EVENTS_IN_DELIVERY)?;
            if events.is_empty() {
                progress.found_nothing(&row.id, to, now);
            } else {
                progress.begin(&row.id, to, now);
            }
        }
        Step::Send { after, sending } => {
            let (events, _) = look(after, sending.to, usize::MAX)?;
            let events = events.into_iter().map(|(_, event)| event).collect();
            let (dest, secret) = (terms.dest.clone(), terms.secret.clone());
            let (subscription, query) = (row.id.clone(), row.query.clone());
            let delivery = Delivery { subscription, query, dest, secret, id: sending.id, events };
            return Ok(Some(Task::Send(Box::new(delivery))));
        }
    }
    save(desk, &row.id, &progress)?;
    Ok(Some(Task::Again))
}

/// Notes whether the receiver has acknowledged a delivery.
pub fn note_delivery(
    desk: &Desk,
    subscription: &str,
    delivery: &str,
    reached: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(row) = desk.store.find_subscription(subscription)? else { return Ok(()) };
    let (_, mut progress) = read(&row)?;
    if progress.sending.as_ref().is_none_or(|sending| sending.id != delivery) {
        return Ok(());
    }
    if reached {
        progress.acknowledged(now);
    } else {
        progress.failed(now);
    }
    save(desk, subscription, &progress)
}

/// Saved past the desk: nobody who follows the node's changes is concerned.
fn save(desk: &Desk, id: &str, progress: &Progress) -> Result<(), Refusal> {
    let write = Write::SubscriptionProgress { id: id.to_owned(), progress: to_text(progress)? };
    Ok(desk.store.save(vec![write])?)
}
