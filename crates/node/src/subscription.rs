//! Subscriptions: agreed, looked at, served. What is to be done is decided by `events::subscription`; here it is loaded and
//! saved, so that a crash at any moment loses nothing and repeats no acknowledged delivery.

use crate::custody_texts::of_subscription;
use crate::event_query::look_in_sequence;
use crate::limits::{MOST_EVENTS_IN_DELIVERY, MOST_SUBSCRIPTIONS, SOCKET_AWAITED};
use crate::named_query::{load_named_query, question_of};
use crate::scribe::to_text;
use crate::sight::caller_of;
use crate::{Call, Desk, Refusal, Sight};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_events::subscription::{
    Destination, Progress, Step, Terms, Trigger, read_socket_terms, read_terms,
};
use kervan_events::{EpcFormat, Event};
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
    let terms = read_terms(asked, call.now).map_err(Refusal::Invalid)?;
    let row = agree(desk, call, query, &terms)?;
    let told = told(&row)?;
    Ok((row.id, told))
}

/// Makes a subscription of the caller.
fn agree(desk: &Desk, call: Call<'_>, query: &str, terms: &Terms) -> Result<SubscriptionRow, Refusal> {
    let named = load_named_query(desk, query)?;
    let question = question_of(&named)?;
    let fault = |path: &str, message: &str| {
        Err(Refusal::invalid(Finding::error("events.subscription", message).at(path)))
    };
    let own = desk.store.list_subscriptions(None)?;
    if own.iter().filter(|row| row.party == call.actor).count() >= MOST_SUBSCRIPTIONS {
        return fault(
            "",
            &format!("a party has at most {MOST_SUBSCRIPTIONS} subscriptions; end one that is not used"),
        );
    }
    if question.order.is_some() || question.limit.is_some() || question.most.is_some() {
        return fault(
            "/query",
            "a query with an order or a limit cannot be subscribed to: new events have neither",
        );
    }
    // A receiver who asks for what came before begins at the beginning; events captured earlier are passed over.
    let after = if terms.initial_record_time.is_some() { 0 } else { desk.store.last_event() };
    let progress = Progress { last_seen: Some(call.now), ..Progress::starting(after, terms) };
    let id = HEXLOWER.encode(&(call.salts)());
    let keep = |secret: &str| desk.with_keys(|custody| custody.keep_text(&of_subscription(&id), secret));
    let kept = Terms { secret: terms.secret.as_deref().map(keep).transpose()?, ..terms.clone() };
    let row = SubscriptionRow {
        id,
        query: named.name,
        party: call.actor.clone(),
        terms: to_text(&kept)?,
        progress: to_text(&progress)?,
    };
    desk.save(vec![Write::Subscription(row.clone())])?;
    Ok(row)
}

/// Opens a socket for the caller: a new subscription by the parameters of its address, or, with `subscriptionID`, one whose
/// socket was lost, which goes on behind what was acknowledged. Returns the id of the subscription.
///
/// Subscriptions whose sockets have been awaited in vain for [`SOCKET_AWAITED`] end here.
pub fn open_socket(
    desk: &Desk,
    call: Call<'_>,
    query: &str,
    pairs: &[(String, String)],
) -> Result<String, Refusal> {
    end_forgotten(desk, &call)?;
    let Some((_, id)) = pairs.iter().find(|(name, _)| name == "subscriptionID") else {
        let terms = read_socket_terms(pairs, call.now).map_err(Refusal::Invalid)?;
        return Ok(agree(desk, call, query, &terms)?.id);
    };
    let row = load_own(desk, &call.actor, query, id)?;
    let (terms, mut progress) = read(&row)?;
    if pairs.len() > 1 || terms.dest != Destination::Websocket {
        let message = "`subscriptionID` alone goes on with a subscription that was opened on a socket";
        return Err(Refusal::invalid(Finding::error("events.subscription", message).at("/subscriptionID")));
    }
    progress.resume(call.now);
    save(desk, &row.id, &progress)?;
    Ok(row.id)
}

/// Ends the caller's subscriptions whose sockets nobody opened again.
fn end_forgotten(desk: &Desk, call: &Call<'_>) -> Result<(), Refusal> {
    let mut ended = Vec::new();
    for row in desk.store.list_subscriptions(None)?.into_iter().filter(|row| row.party == call.actor) {
        let (terms, progress) = read(&row)?;
        let last = progress.last_seen.max(progress.last_notified).unwrap_or(terms.created);
        let awaited = kervan_units::Seconds::between(last, call.now);
        if terms.dest == Destination::Websocket && awaited > SOCKET_AWAITED {
            ended.push(Write::RemoveSubscription(row.id));
        }
    }
    if ended.is_empty() { Ok(()) } else { desk.save(ended) }
}

/// Notes that the socket of a subscription is gone: what was on its way goes again when it is back.
pub fn note_left(desk: &Desk, id: &str, now: Timestamp) -> Result<(), Refusal> {
    let Some(row) = desk.store.find_subscription(id)? else { return Ok(()) };
    let (_, mut progress) = read(&row)?;
    progress.last_seen = Some(now);
    save(desk, id, &progress)
}

/// Ends a subscription because its subscriber closed the socket in order.
pub fn end_socket(desk: &Desk, id: &str) -> Result<(), Refusal> {
    desk.save(vec![Write::RemoveSubscription(id.to_owned())])
}

/// Ids of the subscriptions whose deliveries go to an address.
pub fn list_called(desk: &Desk) -> Result<Vec<String>, Refusal> {
    let mut called = Vec::new();
    for row in desk.store.list_subscriptions(None)? {
        if read(&row)?.0.dest != Destination::Websocket {
            called.push(row.id);
        }
    }
    Ok(called)
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
        "minRecordTime": progress.last_notified.or(terms.initial_record_time).unwrap_or(terms.created),
        "epcFormat": terms.epc_format.word(),
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
    pub dest: Destination,
    /// In which form identifiers are told.
    pub epc_format: EpcFormat,
    /// With what it is signed.
    pub secret: Option<String>,
    /// Its id, a UUID; the same however often it is tried.
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
    // What a party may read is looked up anew each time: who takes part in a dossier changes.
    let subscriber = caller_of(desk, &row.party);
    let look = |after, until, most| {
        let question = question_of(&load_named_query(desk, &row.query)?)?;
        let (mut events, to) = look_in_sequence(Sight::of(desk, &subscriber), &question, after, until, most)?;
        let since = terms.initial_record_time;
        events.retain(|(_, event)| since.is_none_or(|since| event.record_time >= since));
        Ok::<_, Refusal>((events, to))
    };
    let last = desk.store.last_event();
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
            let take =
                |kept: &str| desk.with_keys(|custody| custody.take_text(&of_subscription(&row.id), kept));
            let (dest, secret) = (terms.dest.clone(), terms.secret.as_deref().map(take).transpose()?);
            let (subscription, query) = (row.id.clone(), row.query.clone());
            let (id, epc_format) = (sending.id, terms.epc_format);
            let delivery = Delivery { subscription, query, dest, epc_format, secret, id, events };
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
