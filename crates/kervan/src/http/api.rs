//! The application: the parts that handlers take.

use super::answers::claim;
use super::epcis::Sockets;
use super::problem::Problem;
use crate::clock::Clock;
use crate::facts::RuleSource;
use crate::random::Random;
use crate::running::Running;
use crate::sign_in::SignIns;
use axum::body::Bytes;
use kervan_dossier::Signatory;
use kervan_flows::freight::FreightData;
use kervan_model::{Finding, PartyId};
use kervan_node::{Call, Desk, Refusal, Shown, with_claim};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::watch;

/// How a play is going; shown and steered by the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Seconds of the play per second of the wall.
    pub speed: f64,
    /// Whether it stands still.
    pub paused: bool,
}

/// The application. It is shared as one: every layer that a request passes holds it.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

impl From<Parts> for Api {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Api {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The parts of the application; handlers take those they use.
pub struct Parts {
    /// What freight flows are computed from, beside the network.
    pub flows: Arc<FreightData>,
    /// The node's parts.
    pub desk: Arc<Desk>,
    /// Where rule packs are read from.
    pub rules: RuleSource,
    /// Where `now` comes from.
    pub clock: Arc<Clock>,
    /// Where randomness comes from.
    pub random: Random,
    /// Ticks whenever something was saved.
    pub saved: watch::Receiver<u64>,
    /// The key with which the node signs what it sends in its own name.
    pub key: Arc<dyn Signatory>,
    /// What the node knows of itself.
    pub running: Arc<Running>,
    /// How people sign in.
    pub sign_ins: Arc<SignIns>,
    /// Sockets of subscribers.
    pub sockets: Sockets,
    /// The pace of a play; absent on a node that serves real parties.
    pub pace: Option<watch::Sender<Pace>>,
}

impl Api {
    /// Runs a use case that works on the store, away from the threads that serve sockets.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let (desk, claim, turn) = (Arc::clone(&self.desk), claim(), self.running.turn().await);
        let work = move || {
            let _turn = turn;
            with_claim(claim, || work(&desk))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result.map_err(Problem::from),
            Err(error) => Err(Refusal::Broken(format!("a worker ended: {error}")).into()),
        }
    }

    /// Whether what somebody showed still counts. Streams ask again and again: one that is open outlives no sign-out.
    pub(super) fn is_in_force(&self, by: &Shown) -> bool {
        let (now, limits) = (self.clock.now(), &self.sign_ins.limits);
        self.desk.with_registry(|registry| registry.is_in_force(by, now, limits))
    }

    /// Runs a use case of a party. `key` tells requests of the party apart.
    pub async fn act<T: Send + 'static>(
        &self,
        actor: PartyId,
        key: Option<String>,
        work: impl FnOnce(&Desk, Call<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let (now, random) = (self.clock.now(), self.random);
        self.run(move |desk| {
            let request = format!("{actor} {} {now}", key.unwrap_or_default());
            let mut salts = random.salts(&request);
            work(desk, Call { now, actor, salts: &mut *salts })
        })
        .await
    }
}

/// Reads a JSON body. Errors: a problem that names the place; a member name that stands twice is refused as well.
pub(super) fn read_json<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    kervan_dossier::read_json(body).map_err(|finding| {
        let code = if finding.code == "dossier.not-json" {
            "request.not-json".to_owned()
        } else {
            finding.code.clone()
        };
        Problem::invalid(&[Finding { code, ..finding }])
    })?;
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(body)).map_err(|error| {
        let finding = Finding::error("request.not-json", kervan_model::in_plain_words(error.inner()))
            .at(pointer(error.path()))
            .remedy("see /openapi.json for the shape of this request");
        Problem::invalid(&[finding])
    })
}

/// The place of a fault as a JSON pointer. Source: RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let part = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        // The variant of an enum is no place in the text.
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    path.iter().map(part).collect()
}
