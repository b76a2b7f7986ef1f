//! The application: the parts that handlers take.

use super::problem::Problem;
use crate::clock::Clock;
use crate::facts::RuleSource;
use crate::random::Random;
use axum::body::Bytes;
use kervan_model::{Finding, PartyId};
use kervan_node::{Call, Desk, Refusal};
use serde::de::DeserializeOwned;
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

/// The application. Each part is shared; handlers take those they use.
#[derive(Clone)]
pub struct Api {
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
    /// The pace of a play; absent on a node that serves real parties.
    pub pace: Option<watch::Sender<Pace>>,
}

impl Api {
    /// Runs a use case that works on the store, away from the threads that serve sockets.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Desk) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = Arc::clone(&self.desk);
        match tokio::task::spawn_blocking(move || work(&desk)).await {
            Ok(result) => result.map_err(Problem::from),
            Err(error) => Err(Refusal::Broken(format!("a worker ended: {error}")).into()),
        }
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
    serde_json::from_slice(body).map_err(|error| {
        let finding = Finding::error("request.not-json", error.to_string())
            .at(format!("line {} column {}", error.line(), error.column()))
            .remedy("see /openapi.json for the shape of this request");
        Problem::invalid(&[finding])
    })
}
