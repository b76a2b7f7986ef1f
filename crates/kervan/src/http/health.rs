//! Routes for those who run a node: whether it lives, whether it can serve, what it counts.

use super::api::Api;
use super::problem::Problem;
use crate::running::Broker;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kervan_node::Refusal;
use kervan_store::{COMMIT_BOUNDS, Write};
use serde::Serialize;
use std::path::Path;
use std::sync::atomic::Ordering;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Name of the note that shows that the store can be written.
const READY_NOTE: &str = "ready.checked";

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_health)).routes(routes!(get_ready)).routes(routes!(get_metrics))
}

/// Whether the node lives: it answers and can read its store.
#[utoipa::path(get, path = "/health", tag = "operations", responses((status = 204, description = "it lives"),
    (status = 500, body = Problem, description = "its store cannot be read")))]
async fn get_health(State(api): State<Api>) -> Result<StatusCode, Problem> {
    api.run(|desk| desk.store.last_change().map_err(Refusal::from)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a node can serve.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    /// Whether all of it can.
    ready: bool,
    /// Each part.
    parts: Vec<Part>,
}

/// A part that serving rests on.
#[derive(Debug, Serialize, ToSchema)]
struct Part {
    /// `store`, `index`, `disk`, `broker`, `keys`, `stopping`.
    part: &'static str,
    /// Whether it is as it must be.
    ready: bool,
    /// What it is like, in words.
    says: String,
}

fn part(part: &'static str, ready: bool, says: impl Into<String>) -> Part {
    Part { part, ready, says: says.into() }
}

/// Whether the node can serve now, and if not, why: a batch is written to the disk to see it.
#[utoipa::path(get, path = "/ready", tag = "operations", responses((status = 200, body = Readiness, description = "it can"),
    (status = 503, body = Readiness, content_type = "application/json", description = "it cannot; the parts say why")))]
async fn get_ready(State(api): State<Api>) -> Response {
    let at = api.clock.now().to_string();
    let saved = api
        .run(move |desk| Ok(desk.store.save(vec![Write::Note { name: READY_NOTE.into(), value: at }])?))
        .await;
    let read = api.run(|desk| Ok(desk.store.last_change()?)).await;
    let settings = &api.running.settings;
    let mut parts = vec![
        match saved {
            Ok(()) => part("store", true, "a batch was written to the disk"),
            Err(_) => part("store", false, "nothing can be written; the node's log says why"),
        },
        match read {
            Ok(changes) => part("index", true, format!("open, {changes} changes so far")),
            Err(_) => part("index", false, "the store cannot be read; the node's log says why"),
        },
    ];
    parts.push(match free(&settings.data) {
        None => part("disk", true, "the system does not say how much room is left"),
        Some(free) if free < settings.free => part(
            "disk",
            false,
            format!("{} MiB are left, ready.free_mib asks for {}", free >> 20, settings.free >> 20),
        ),
        Some(free) => part("disk", true, format!("{} MiB are left", free >> 20)),
    });
    parts.push(match api.running.broker() {
        Broker::None => part("broker", true, "none is configured"),
        Broker::Connected => part("broker", true, "connected"),
        // What devices say is late then, but whoever calls is served.
        Broker::Away => part("broker", true, "away; positions wait there, everything else is served"),
    });
    parts.push(match api.run(kervan_node::count_signing_keys).await {
        Ok(keys) if keys.clear == 0 => {
            part("keys", true, format!("{} sealed, {} kept outside of the store", keys.sealed, keys.outside))
        }
        // What they sign is as good; who may read the store is the question, and docs/identity.md answers it.
        Ok(keys) => part(
            "keys",
            true,
            format!("{} stand in the store in the clear; set keys.secret_file", keys.clear),
        ),
        Err(_) => part("keys", false, "the store cannot be read; the node's log says why"),
    });
    if *api.running.stopping().borrow() {
        parts.push(part("stopping", false, "the node is about to stop"));
    }
    let ready = parts.iter().all(|part| part.ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(Readiness { ready, parts })).into_response()
}

/// Room on the disk of a folder. Unit: byte.
fn free(folder: &Path) -> Option<u64> {
    let folder = if folder.exists() { folder } else { Path::new(".") };
    let there = rustix::fs::statvfs(folder).ok()?;
    Some(there.f_bavail.saturating_mul(there.f_frsize))
}

/// Memory that the program holds. Unit: byte. None where the system does not say.
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}

/// What the node counts, as Prometheus reads it: for its own machine, the addresses of `metrics.from`, and who runs or audits it.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    responses((status = 200, body = String, content_type = "text/plain", description = "text format 0.0.4")))]
async fn get_metrics(State(api): State<Api>) -> Result<Response, Problem> {
    let figures = api.run(|desk| Ok(desk.store.figures()?)).await?;
    let mut page = api.running.meters.render();
    let build = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("profile", if cfg!(debug_assertions) { "debug" } else { "release" }),
    ];
    page.info("kervan_build_info", "The program.", &build);
    page.gauge("kervan_uptime_seconds", "Since the program started.", api.running.uptime().as_secs());
    if let Some(bytes) = resident() {
        page.gauge("process_resident_memory_bytes", "Memory that the program holds.", bytes);
    }
    if let Some(bytes) = free(&api.running.settings.data) {
        page.gauge("kervan_disk_free_bytes", "Room on the disk of the data folder.", bytes);
    }
    let broker = api.running.broker();
    if broker != Broker::None {
        page.gauge(
            "kervan_broker_connected",
            "Whether the broker of devices is connected.",
            u8::from(broker == Broker::Connected),
        );
    }
    page.counter(
        "kervan_store_commits_total",
        "Groups of batches that were flushed together.",
        figures.commits,
    );
    page.times(
        "kervan_store_commit_duration_seconds",
        "From a group of batches to its acknowledgement: what the disk takes.",
        &COMMIT_BOUNDS,
        &figures.commit_times,
        (figures.commits, figures.commit_micros),
    );
    let (devices, closures) = api.desk.count_behind();
    page.gauge("kervan_behind_devices", "Devices that said something which is not followed yet.", devices);
    page.gauge("kervan_behind_closures", "Closures whose consignments are not all looked at yet.", closures);
    page.counter("kervan_store_batches_total", "Batches that were saved.", figures.batches);
    page.counter("kervan_store_writes_total", "Writes in them.", figures.writes);
    page.gauge("kervan_store_waiting", "Batches that wait for the disk.", figures.waiting);
    page.gauge(
        "kervan_store_largest_group",
        "Most batches that were flushed together.",
        figures.largest_group,
    );
    page.counter("kervan_entries_total", "Signed entries.", figures.entries);
    page.counter("kervan_events_total", "Events captured.", figures.events);
    page.counter("kervan_etas_total", "Estimates given.", figures.etas);
    page.counter("kervan_changes_total", "Changes that followers are told.", figures.changes);
    page.gauge("kervan_alarms_open", "Alarms that are open.", figures.open_alarms);
    page.gauge(
        "kervan_capture_jobs_running",
        "Captures that go on after they were answered.",
        figures.running_jobs,
    );
    page.gauge("kervan_subscriptions", "Subscriptions to queries.", figures.subscriptions);
    page.gauge("kervan_sockets", "Sockets of subscribers.", api.sockets.count());
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], page.into_text())
        .into_response())
}

/// One more follower of the stream, until this is dropped.
pub(super) struct Following(std::sync::Arc<crate::running::Running>);

impl Following {
    pub(super) fn new(api: &Api) -> Self {
        api.running.meters.followers.fetch_add(1, Ordering::Relaxed);
        Self(std::sync::Arc::clone(&api.running))
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.0.meters.followers.fetch_sub(1, Ordering::Relaxed);
    }
}
