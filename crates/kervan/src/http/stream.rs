//! Live updates as server-sent events that resume without gap or duplicate.

use super::api::Api;
use super::facts::ClockView;
use super::health::Following;
use super::problem::Problem;
use super::rights::Viewer;
use super::wire;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use kervan_node::{MovementFile, PositionAt, Refusal, Sight, Summary};
use kervan_rights::Action;
use kervan_store::{Change, Topic};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio_stream::Stream;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// When followers of a node that stops are asked to come back.
const RETURN: Duration = Duration::from_secs(2);

/// How long a stream may stay open, at most, after the session ended or the key was taken back by which it was opened.
const OUTLIVES: Duration = Duration::from_secs(2);

/// Changes read from the store at once.
const AT_ONCE: u32 = 500;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_stream))
}

/// Where to start.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct StreamQuery {
    /// Changes after this id; without it, and without `Last-Event-ID`, only what happens from now on.
    after: Option<i64>,
}

/// Changes as they happen: `consignment`, `movement`, `position`, `alarm`, `closure`, and `clock` in a play.
#[utoipa::path(get, path = "/api/stream", tag = "live", params(StreamQuery),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 400, description = "`Last-Event-ID` is no id of this stream", body = Problem), (status = 500, body = Problem)))]
async fn get_stream(
    State(api): State<Api>,
    viewer: Viewer,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let last = read_last_event_id(&headers)?;
    let end = api.run(|desk| Ok(desk.store.last_change()?)).await?;
    // An id beyond the end is of another store, such as one before a backup was restored: waiting for it to come would be silence.
    let after = last.or(query.after).map_or(end, |after| after.min(end));
    let (stopping, counted) = (api.running.stopping(), Following::new(&api));
    let follower =
        Follower { api, viewer, after, waiting: VecDeque::new(), clock: None, stopping, _counted: counted };
    Ok(Sse::new(follower.into_stream()).keep_alive(KeepAlive::default()))
}

/// The id after which a follower goes on, if it says one.
///
/// Errors: 400 for what is no id of this stream. A browser's `EventSource` sends back what the stream itself gave it, so it never meets
/// this (which matters: a 400 ends it for good). Whoever writes the header and is not understood would be told only what happens from
/// now on, and not know of the gap. An empty one counts as none, as the standard has it.
fn read_last_event_id(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get("last-event-id").filter(|value| !value.as_bytes().trim_ascii().is_empty())
    else {
        return Ok(None);
    };
    let id = value.to_str().ok().and_then(|text| text.trim().parse().ok());
    id.map(Some).ok_or_else(|| {
        let detail = "Last-Event-ID is no id of this stream: send the id of the last event that you have, a whole number, or leave the \
                      header out";
        Problem::new(StatusCode::BAD_REQUEST, "last-event-id", "Not an id of this stream", detail)
    })
}

/// One caller that follows the stream.
struct Follower {
    api: Api,
    viewer: Viewer,
    after: i64,
    waiting: VecDeque<Event>,
    clock: Option<String>,
    stopping: watch::Receiver<bool>,
    _counted: Following,
}

impl Follower {
    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures_util::stream::unfold(self, |mut follower| async move {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next event; waits until there is one. `None` when the node has said that it stops, or the store fails: the caller
    /// reconnects, and goes on after what it has. `None` as well when whoever follows has signed out, or their key was taken back:
    /// then reconnecting is refused.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if *self.stopping.borrow() && !self.stopping.has_changed().unwrap_or(true) {
                return None;
            }
            if !self.api.is_in_force(self.viewer.by()) {
                return None;
            }
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let mut saved = self.api.saved.clone();
            saved.mark_unchanged();
            self.read_clock();
            let whole = self.read_changes().await.ok()?;
            if !self.waiting.is_empty() || !whole {
                continue;
            }
            tokio::select! {
                changed = saved.changed() => changed.ok()?,
                () = tokio::time::sleep(OUTLIVES) => {}
                stopped = self.stopping.changed() => {
                    stopped.ok()?;
                    return Some(Event::default().retry(RETURN).comment("the node stops"));
                }
            }
        }
    }

    fn read_clock(&mut self) {
        if !self.api.clock.is_play() {
            return;
        }
        let view = ClockView::new(&self.api);
        if self.clock.as_deref() != Some(view.now.as_str()) {
            self.clock = Some(view.now.clone());
            self.waiting.extend(Event::default().event("clock").json_data(&view).ok());
        }
    }

    /// Reads what has changed. Returns whether that was all.
    async fn read_changes(&mut self) -> Result<bool, Problem> {
        let (after, viewer) = (self.after, self.viewer.clone());
        let shown: Vec<(i64, Topic, Option<Value>)> = self
            .api
            .run(move |desk| {
                let sight = viewer.sight(desk);
                let changes = desk.store.list_changes(after, AT_ONCE)?;
                changes.iter().map(|change| Ok((change.seq, change.topic, show(&sight, change)?))).collect()
            })
            .await?;
        let whole = shown.len() < AT_ONCE as usize;
        for (seq, topic, payload) in shown {
            self.after = seq;
            let Some(payload) = payload else { continue };
            let event = Event::default().event(topic.word()).id(seq.to_string()).json_data(&payload);
            self.waiting.extend(event.ok());
        }
        Ok(whole)
    }
}

/// A change as it stands on the wire; nothing if the viewer may not know of what it speaks of.
fn show(sight: &Sight<'_>, change: &Change) -> Result<Option<Value>, Refusal> {
    let broken = |error: serde_json::Error| Refusal::broken("a stored change", &error);
    let desk = sight.desk;
    Ok(match change.topic {
        Topic::Consignment => {
            let summary: Summary = serde_json::from_str(&change.payload).map_err(broken)?;
            let seen = sight.sees_consignment(&summary.reference)?;
            let shown = || serde_json::to_value(wire::ConsignmentSummary::new(&summary, &desk.network));
            seen.then(shown).transpose().map_err(broken)?
        }
        Topic::Movement => {
            let file: MovementFile = serde_json::from_str(&change.payload).map_err(broken)?;
            let seen = sight.sees_movement(&file.movement.id)?;
            let file = sight.withhold_of(file)?;
            seen.then(|| serde_json::to_value(wire::Movement::new(&file, desk)))
                .transpose()
                .map_err(broken)?
        }
        Topic::Alarm => {
            let told: Value = serde_json::from_str(&change.payload).map_err(broken)?;
            let reference = told.pointer("/alarm/reference").and_then(Value::as_str);
            let seen = match reference.and_then(|text| text.parse().ok()) {
                Some(reference) => sight.sees_consignment(&reference)?,
                // Many as one: told to those who see all of them.
                None => sight.permits_always(Action::GetConsignment),
            };
            seen.then_some(told)
        }
        Topic::Closure => serde_json::from_str(&change.payload).map_err(broken)?,
        Topic::Position => {
            let stored: StoredPosition = serde_json::from_str(&change.payload).map_err(broken)?;
            let reference =
                stored.reference.parse().map_err(|_| Refusal::broken("a stored change", &"its reference"))?;
            let wire::Position { lat, lon, at } = stored.position.into();
            let seen = sight.sees_consignment(&reference)?;
            seen.then(|| json!({ "consignment": stored.reference, "lat": lat, "lon": lon, "at": at }))
        }
    })
}

#[derive(Deserialize)]
struct StoredPosition {
    reference: String,
    position: PositionAt,
}
