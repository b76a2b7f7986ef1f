//! The player: turns the acts of a play into requests of real parties, through the same router that serves sockets.

use crate::clock::Clock;
use crate::http::{Api, DONE_BEFORE, Pace};
use crate::random::Random;
use crate::setup::token_of;
use crate::ticker::run_clock;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_simulation::{Act, Outcome, Play, What};
use kervan_store::Write;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tower::ServiceExt;

/// How often the clock of a paced play moves.
const TICK: Duration = Duration::from_millis(100);
/// Largest answer that the player reads. Unit: byte.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;
/// Name of the note that keeps the clock of a play.
pub const CLOCK_NOTE: &str = "play.clock";

/// Plays a play against a router.
pub struct Player {
    router: Router,
    api: Api,
    clock: Arc<Clock>,
    saved: watch::Sender<u64>,
    random: Random,
    /// Until here the play was played before; what was answered then is answered from the store.
    played_until: Option<Timestamp>,
}

/// The node answered something that the play cannot go on with.
#[derive(Debug, thiserror::Error)]
#[error("{method} {path} of {actor} was answered {status}: {body}")]
pub struct Unexpected {
    method: &'static str,
    path: String,
    actor: String,
    status: StatusCode,
    body: String,
}

impl Player {
    /// A player of a node. `played_until` is the clock of an earlier run on the same data.
    pub fn new(
        router: Router,
        api: Api,
        saved: watch::Sender<u64>,
        random: Random,
        played_until: Option<Timestamp>,
    ) -> Self {
        let clock = Arc::clone(&api.clock);
        Self { router, api, clock, saved, random, played_until }
    }

    /// Plays until everything is delivered. With a pace the clock moves at that pace, else as fast as the node answers;
    /// `shown` is called after each act.
    pub async fn play(
        &self,
        play: &mut Play,
        mut pace: Option<watch::Receiver<Pace>>,
        mut shown: impl FnMut(&Play, &Act),
    ) -> Result<(), Unexpected> {
        while let Some(act) = play.next_act() {
            let replayed = self.played_until.is_some_and(|until| act.at <= until);
            match &mut pace {
                Some(pace) if !replayed => self.wait_until(act.at, pace).await,
                _ => self.clock.advance(act.at),
            }
            if !replayed {
                self.tick();
            }
            let outcome = self.perform(&act).await?;
            shown(play, &act);
            play.tell(outcome);
        }
        Ok(())
    }

    /// What is due by the clock of the play is done: declarations are lodged, deadlines pass.
    fn tick(&self) {
        run_clock(&self.api.desk, self.random, self.clock.now());
    }

    /// Moves the clock to an instant at the pace that is set, tick by tick.
    async fn wait_until(&self, at: Timestamp, pace: &mut watch::Receiver<Pace>) {
        let mut exact = self.clock.now().as_second() as f64;
        while self.clock.now() < at {
            tokio::time::sleep(TICK).await;
            let Pace { speed, paused } = *pace.borrow_and_update();
            if !paused {
                exact += speed * TICK.as_secs_f64();
                let now = Timestamp::from_second(exact as i64).unwrap_or(at);
                self.clock.advance(now.min(at));
                self.saved.send_modify(|count| *count += 1);
            }
        }
    }

    async fn perform(&self, act: &Act) -> Result<Outcome, Unexpected> {
        let reference = &act.reference;
        let consignment = format!("/api/consignments/{reference}");
        match &act.what {
            What::Declare { file } => self.post(act, "/api/consignments", &json!(file)).await,
            What::Attach(attach) => {
                let sha256 = HEXLOWER.encode(&Sha256::digest(attach.text.as_bytes()));
                let body = json!({
                    "type_code": attach.type_code, "number": attach.number, "issued": attach.issued,
                    "media_type": attach.media_type, "sha256": sha256, "facts": attach.facts,
                });
                self.post(act, &format!("{consignment}/attachments"), &body).await
            }
            What::Accept { request, options, alternative } => {
                let equipment: Vec<_> = request
                    .equipment
                    .iter()
                    .map(|(count, size)| json!({ "count": count, "size_type": size }))
                    .collect();
                let plan = json!({
                    "from": request.from, "to": request.to, "ready": request.ready, "equipment": equipment,
                    "gross_mass_kg": request.gross_mass.map(|mass| mass.grams() as f64 / 1e3),
                    "allow_planned": request.allow_planned, "allow_disrupted": request.allow_disrupted,
                    "seed": options.seed,
                });
                let body = json!({ "plan": plan, "alternative": alternative.to_string() });
                self.post(act, &format!("{consignment}/itinerary"), &body).await
            }
            What::Capture { document } => self.post(act, "/epcis/capture", document).await,
            What::Position { point } => {
                let body = json!([{ "consignment": reference, "lat": point.lat(), "lon": point.lon(), "at": act.at }]);
                self.post(act, "/api/positions", &body).await
            }
            What::Amend { reason, changes } => {
                let changes: Vec<_> = changes
                    .iter()
                    .map(|change| json!({ "path": change.path, "value": change.value }))
                    .collect();
                let body = json!({ "reason": reason, "changes": changes });
                self.post(act, &format!("{consignment}/amendments"), &body).await
            }
            What::AskRelease { place } => self.ask_release(act, &consignment, place.as_str()).await,
        }
    }

    /// Whether goods may leave a place. The first answer is kept, so that a play that is played again after a restart
    /// takes the same turn.
    async fn ask_release(&self, act: &Act, path: &str, place: &str) -> Result<Outcome, Unexpected> {
        let note = format!("play.{}", act.key);
        let kept = self.api.desk.store.find_note(&note).ok().flatten();
        let released = match kept.as_deref() {
            Some(answer) => answer == "released",
            None => {
                let detail = self.send(act, "GET", path, None).await?;
                let movements =
                    detail.get("movements").and_then(Value::as_array).cloned().unwrap_or_default();
                let free = ["released", "arrived", "unloading", "discharged"];
                movements
                    .iter()
                    .filter(|movement| movement.get("entry_place").and_then(Value::as_str) == Some(place))
                    .all(|movement| {
                        movement.get("state").and_then(Value::as_str).is_some_and(|s| free.contains(&s))
                    })
            }
        };
        let value = if released { "released" } else { "held" }.to_owned();
        self.keep(vec![Write::Note { name: note, value }], act.at);
        Ok(if released { Outcome::Released } else { Outcome::Held })
    }

    async fn post(&self, act: &Act, path: &str, body: &Value) -> Result<Outcome, Unexpected> {
        self.send(act, "POST", path, Some(body)).await?;
        self.keep(Vec::new(), act.at);
        Ok(Outcome::Done)
    }

    /// Keeps the clock of the play, so that it goes on from here after a restart.
    fn keep(&self, mut writes: Vec<Write>, at: Timestamp) {
        if self.played_until.is_none_or(|until| at > until) {
            writes.push(Write::Note { name: CLOCK_NOTE.into(), value: at.to_string() });
        }
        if let Err(error) = self.api.desk.store.save(writes) {
            tracing::error!(%error, "the clock of the play was not kept");
        }
    }

    async fn send(
        &self,
        act: &Act,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Unexpected> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", token_of(self.random, &act.actor)))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", &act.key)
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
        let unexpected = |status: StatusCode, body: String| Unexpected {
            method,
            path: path.to_owned(),
            actor: act.actor.to_string(),
            status,
            body: body.chars().take(600).collect(),
        };
        let request = request.map_err(|error| unexpected(StatusCode::BAD_REQUEST, error.to_string()))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), LARGEST_ANSWER).await;
        let bytes = bytes.map_err(|error| unexpected(status, error.to_string()))?;
        // It took effect in the play's last life, which ended before the answer was kept.
        if status == StatusCode::CONFLICT && is_done_before(&bytes) {
            return Ok(Value::Null);
        }
        if !status.is_success() {
            return Err(unexpected(status, String::from_utf8_lossy(&bytes).into_owned()));
        }
        Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

fn is_done_before(body: &[u8]) -> bool {
    let problem: Value = serde_json::from_slice(body).unwrap_or_default();
    problem.get("code").and_then(Value::as_str) == Some(DONE_BEFORE)
}
