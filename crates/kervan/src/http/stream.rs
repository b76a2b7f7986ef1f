//! Live updates as server-sent events that resume without gap or duplicate.

use super::api::Api;
use super::facts::ClockView;
use super::problem::Problem;
use super::wire;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use kervan_node::{Desk, MovementFile, PositionAt, Refusal, Summary};
use kervan_store::{Change, Topic};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::convert::Infallible;
use tokio_stream::Stream;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 500, body = Problem)))]
async fn get_stream(
    State(api): State<Api>,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let after = match last.or(query.after) {
        Some(after) => after,
        None => api.run(|desk| Ok(desk.store.last_change()?)).await?,
    };
    let follower = Follower { api, after, waiting: VecDeque::new(), clock: None };
    Ok(Sse::new(follower.into_stream()).keep_alive(KeepAlive::default()))
}

/// One caller that follows the stream.
struct Follower {
    api: Api,
    after: i64,
    waiting: VecDeque<Event>,
    clock: Option<String>,
}

impl Follower {
    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        futures_util::stream::unfold(self, |mut follower| async move {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next event; waits until there is one. `None` when the node stops or the store fails: the caller reconnects.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            let mut saved = self.api.saved.clone();
            saved.mark_unchanged();
            self.read_clock();
            self.read_changes().await.ok()?;
            if self.waiting.is_empty() {
                saved.changed().await.ok()?;
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

    async fn read_changes(&mut self) -> Result<(), Problem> {
        let after = self.after;
        let shown: Vec<(i64, Topic, Value)> = self
            .api
            .run(move |desk| {
                let changes = desk.store.list_changes(after, AT_ONCE)?;
                changes.iter().map(|change| Ok((change.seq, change.topic, show(desk, change)?))).collect()
            })
            .await?;
        for (seq, topic, payload) in shown {
            self.after = seq;
            let event = Event::default().event(topic.word()).id(seq.to_string()).json_data(&payload);
            self.waiting.extend(event.ok());
        }
        Ok(())
    }
}

/// A change as it stands on the wire.
fn show(desk: &Desk, change: &Change) -> Result<Value, Refusal> {
    let broken = |error: serde_json::Error| Refusal::broken("a stored change", &error);
    match change.topic {
        Topic::Consignment => {
            let summary: Summary = serde_json::from_str(&change.payload).map_err(broken)?;
            serde_json::to_value(wire::ConsignmentSummary::new(&summary, &desk.network)).map_err(broken)
        }
        Topic::Movement => {
            let file: MovementFile = serde_json::from_str(&change.payload).map_err(broken)?;
            serde_json::to_value(wire::Movement::new(&file, desk)).map_err(broken)
        }
        Topic::Alarm | Topic::Closure => serde_json::from_str(&change.payload).map_err(broken),
        Topic::Position => {
            let stored: StoredPosition = serde_json::from_str(&change.payload).map_err(broken)?;
            let wire::Position { lat, lon, at } = stored.position.into();
            Ok(json!({ "consignment": stored.reference, "lat": lat, "lon": lon, "at": at }))
        }
    }
}

#[derive(Deserialize)]
struct StoredPosition {
    reference: String,
    position: PositionAt,
}
