//! `kervan serve`: the node without a play.

use super::output;
use super::screen::load_denied;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::{Facts, RuleSource};
use crate::http::{Api, router};
use crate::mqtt::BrokerFile;
use crate::random::Random;
use crate::setup::open_node;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Where a command keeps its data unless told otherwise.
pub(super) const DATA: &str = "kervan-data";

/// Serve the API and the page.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan serve
  kervan serve --denied-list sdn.xml --denied-list own.csv
  kervan serve --data /var/lib/kervan --listen 127.0.0.1:9000
  kervan serve --mqtt devices.yaml

The node listens on this machine only until told otherwise, and stops in order on Ctrl-C. The API is described at
/openapi.json.")]
pub(super) struct ServeCommand {
    /// Folder of the store; made if it is missing.
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of rule packs; read again on POST /api/rules/reload. The facts' own if absent.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// A list of denied parties; may be given several times. Goods whose parties are found on one are held until an officer
    /// decides. A list keeps the name of its file: decisions name it.
    #[arg(long = "denied-list", value_name = "FILE")]
    denied_lists: Vec<PathBuf>,
    /// Take positions from a broker of devices (MQTT); docs/positions.md shows the file.
    #[arg(long, value_name = "FILE")]
    mqtt: Option<PathBuf>,
    /// Call subscribers on private addresses too; without it they must be in the open net.
    #[arg(long)]
    allow_private_receivers: bool,
}

/// Runs the command.
pub(super) fn run(command: &ServeCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let mut node = open_node(facts, &command.data)?;
    node.desk.denied = load_denied(facts, &command.denied_lists)?;
    let rules = RuleSource::new(facts, command.rules.clone());
    if command.rules.is_some() {
        kervan_node::reload_packs(&node.desk, &rules.read()).map_err(|refusal| {
            Failure::new(format!("the rule packs cannot be loaded: {refusal}"))
                .remedy("kervan rules check DIR lists every fault")
        })?;
    }
    let broker = command.mqtt.as_deref().map(BrokerFile::load).transpose()?;
    if let Some(broker) = &broker {
        node.desk.party(broker.party()).map_err(|refusal| {
            Failure::new(format!("positions of the broker: {refusal}"))
                .remedy("kervan party add registers the party in whose name they are taken")
        })?;
    }
    let api = Api {
        rules,
        desk: Arc::new(node.desk),
        clock: Arc::new(Clock::Wall),
        random: Random::System,
        saved: node.saved.subscribe(),
        pace: None,
    };
    finish_captures(&api)?;
    runtime()?.block_on(async {
        let listener = bind(command.listen).await?;
        output::line(&format!("listening on http://{}", address(&listener)?));
        let ticking = tokio::spawn(crate::ticker::tick(api.clone()));
        let following = tokio::spawn(crate::ticker::follow(api.clone()));
        let devices = broker.map(|broker| tokio::spawn(crate::mqtt::subscribe(api.clone(), broker)));
        let notifying = tokio::spawn(crate::notifier::notify(api.clone(), command.allow_private_receivers));
        let served = axum::serve(listener, router(api)).with_graceful_shutdown(stop_signal()).await;
        ticking.abort();
        following.abort();
        notifying.abort();
        if let Some(devices) = devices {
            devices.abort();
        }
        served.map_err(|error| Failure::new(format!("the server ended: {error}")))
    })?;
    Ok(Outcome::Done)
}

/// Does the captures that were running when the node ended.
fn finish_captures(api: &Api) -> Result<(), Failure> {
    let mut salts = api.random.salts("captures");
    let finished = kervan_node::finish_interrupted_jobs(&api.desk, api.clock.now(), &mut *salts)
        .map_err(|refusal| Failure::new(format!("a capture cannot be finished: {refusal}")))?;
    if finished > 0 {
        output::line(&format!("captures finished that were interrupted: {finished}"));
    }
    Ok(())
}

/// The threads that serve sockets and timers.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("threads cannot be started: {error}")))
}

/// Listens on an address.
pub(super) async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|error| {
        Failure::new(format!("{listen} cannot be listened on: {error}"))
            .remedy("--listen 127.0.0.1:0 takes a free port")
    })
}

/// The address that is listened on, with the port that was taken.
pub(super) fn address(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(|error| Failure::new(error.to_string()))
}

/// Waits for Ctrl-C or the system's request to stop.
pub(super) async fn stop_signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
    }
}
