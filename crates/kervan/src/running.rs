//! What a serving node knows of itself: its settings, its counters, whether it is about to stop, whom it is waiting for.

use crate::config::Settings;
use crate::http::Buckets;
use crate::meters::Meters;
use crate::traces::Traces;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Requests that work on the store at once, as many as it has readers; who comes later waits. Each has a thread of its own, and on few
/// cores more threads than that spend their time and memory on taking turns.
const MOST_AT_WORK: usize = 16;

/// How the broker of devices is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broker {
    /// None is configured.
    None,
    /// It cannot be reached at the moment.
    Away,
    /// It is connected.
    Connected,
}

/// What a serving node knows of itself.
pub struct Running {
    /// Its settings.
    pub settings: Settings,
    /// Its counters.
    pub meters: Meters,
    /// What callers may still ask for.
    pub(crate) buckets: Buckets,
    /// Where traces go.
    pub(crate) traces: Option<Traces>,
    stopping: watch::Sender<bool>,
    broker: AtomicU8,
    busy: Mutex<BTreeSet<(String, String)>>,
    started: Instant,
    turns: Arc<Semaphore>,
}

impl Default for Running {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}

impl Running {
    /// A node with its settings that has just started.
    pub fn new(settings: Settings) -> Self {
        let buckets = Buckets::new(settings.limits.requests_per_second, settings.limits.burst);
        let traces = settings.traces.clone().map(|endpoint| Traces::start(endpoint, settings.traces_percent));
        Self {
            settings,
            meters: Meters::default(),
            buckets,
            traces,
            stopping: watch::Sender::new(false),
            broker: AtomicU8::new(0),
            busy: Mutex::default(),
            started: now(),
            turns: Arc::new(Semaphore::new(MOST_AT_WORK)),
        }
    }

    /// Waits for a turn to work on the store; it ends when it is dropped. None is given only when no more will be.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }

    /// Says that the node stops: streams end, and no connection is kept.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it stops, and when it begins to.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// How long it runs.
    pub fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    /// How the broker is.
    pub fn broker(&self) -> Broker {
        match self.broker.load(Ordering::Relaxed) {
            0 => Broker::None,
            1 => Broker::Away,
            _ => Broker::Connected,
        }
    }

    /// Notes how the broker is.
    pub fn note_broker(&self, broker: Broker) {
        let number = match broker {
            Broker::None => 0,
            Broker::Away => 1,
            Broker::Connected => 2,
        };
        self.broker.store(number, Ordering::Relaxed);
    }

    /// Holds an idempotency key while its request runs; `None` if it runs already.
    pub(crate) fn hold_key(self: &Arc<Self>, caller: &str, key: &str) -> Option<HeldKey> {
        let held = (caller.to_owned(), key.to_owned());
        let fresh = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(held.clone());
        fresh.then(|| HeldKey { running: Arc::clone(self), held })
    }
}

/// An idempotency key whose request runs.
pub(crate) struct HeldKey {
    running: Arc<Running>,
    held: (String, String),
}

impl Drop for HeldKey {
    fn drop(&mut self) {
        self.running.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.held);
    }
}

/// The instant by which times are measured: a node measures itself, decisions never do.
#[expect(clippy::disallowed_methods, reason = "a node measures its own answers; no decision rests on it")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
