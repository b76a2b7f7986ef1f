//! `kervan serve`: the node without a play.

use super::events_convert::load_prefix_lengths;
use super::output;
use super::rights::read_policies;
use super::screen::load_denied;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::custody::KeySource;
use crate::facts::{Facts, RuleSource};
use crate::http::{Api, Parts, Sockets, router};
use crate::mqtt::BrokerFile;
use crate::random::Random;
use crate::running::Running;
use crate::server::Secure;
use crate::setup::{Node, open_node, use_policies};
use crate::sign_in::{ProviderClient, ProviderSettings, SignIns, read_roots};
use clap::Args;
use kervan_identity::Secret;
use kervan_identity::oidc::{Mapping, Mappings};
use kervan_model::Finding;
use kervan_node::Desk;
use kervan_rights::RightsFiles;
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
  kervan serve --config /etc/kervan/kervan.toml
  kervan serve --denied-list sdn.xml --denied-list own.csv
  kervan serve --data /var/lib/kervan --listen 127.0.0.1:9000 --set limits.burst=5000
  kervan serve --mqtt devices.yaml --log json

The node listens on this machine only until told otherwise, and stops in order on Ctrl-C.
The API is described at /api; kervan config prints every key of the file.")]
pub(super) struct ServeCommand {
    /// The configuration, one TOML file; flags override it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Sets any key of the configuration, such as `limits.burst=5000`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Folder of the store; made if it is missing [default: kervan-data].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
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
    /// Folder of the policies of rights (*.cedar, parts.csv, parameters.csv); those that come with the program if absent.
    /// docs/rights.md shows how to write one.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// Call subscribers on private addresses too; without it they must be in the open net.
    #[arg(long)]
    allow_private_receivers: bool,
    /// How to log: `text` for people, `json` for programs [default: text].
    #[arg(long, value_name = "FORM")]
    log: Option<String>,
}

impl ServeCommand {
    /// The configuration: the file, the environment, then flags. Errors: every fault of all of them.
    fn settings(&self) -> Result<Settings, Failure> {
        let mut config = Config::default();
        let mut findings = match &self.config {
            Some(file) => super::config::read(&mut config, file)?,
            None => Vec::new(),
        };
        findings.extend(super::config::read_environment(&mut config));
        for pair in &self.set {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                Failure::new(format!("--set {pair} sets nothing"))
                    .remedy("write it as --set limits.burst=5000")
            })?;
            findings.extend(config.read_flag("--set", key.trim(), value.trim()));
        }
        let shown = |path: &PathBuf| path.display().to_string();
        let lists: Vec<String> = self.denied_lists.iter().map(shown).collect();
        let flags = [
            ("--data", "server.data", self.data.as_ref().map(shown)),
            ("--listen", "server.listen", self.listen.map(|listen| listen.to_string())),
            ("--rules", "server.rules", self.rules.as_ref().map(shown)),
            ("--policies", "server.policies", self.policies.as_ref().map(shown)),
            ("--denied-list", "server.denied_lists", (!lists.is_empty()).then(|| lists.join(","))),
            ("--mqtt", "server.mqtt", self.mqtt.as_ref().map(shown)),
            (
                "--allow-private-receivers",
                "server.allow_private_receivers",
                self.allow_private_receivers.then(|| "true".to_owned()),
            ),
            ("--log", "log.format", self.log.clone()),
        ];
        for (flag, key, value) in flags {
            findings.extend(value.into_iter().flat_map(|value| config.read_flag(flag, key, &value)));
        }
        findings.extend(config.check());
        if findings.is_empty() {
            return Ok(Settings::of(&config));
        }
        let line = |finding: &Finding| {
            let place = finding
                .path
                .as_deref()
                .and_then(|path| path.rsplit_once(": "))
                .map(|(place, _)| format!("{place}: "));
            let remedy = finding.remedy.as_ref().map(|remedy| format!(" ({remedy})"));
            format!("{}{}{}", place.unwrap_or_default(), finding.message, remedy.unwrap_or_default())
        };
        let lines: Vec<String> = findings.iter().map(line).collect();
        let failure = Failure::new(format!("the configuration cannot be used:\n  {}", lines.join("\n  ")));
        Err(failure.remedy("kervan config prints every key"))
    }
}

/// Runs the command.
pub(super) fn run(command: &ServeCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let settings = command.settings()?;
    crate::log::start(settings.log_json, Some(&settings.log_level));
    for finding in super::config::warn_of_environment() {
        tracing::warn!(code = finding.code, remedy = finding.remedy, "{}", finding.message);
    }
    let facts = &facts_of(facts, &settings);
    let mut node = open_node(facts, &settings.data)?;
    node.desk.denied = load_denied(&node.desk.rules.names, &settings.denied_lists)?;
    if let Some(path) = &settings.company_prefixes {
        node.desk.prefix_lengths = Arc::new(load_prefix_lengths(path)?);
    }
    match &settings.policies {
        Some(folder) => use_policies(&mut node.desk, read_policies(folder)?)?,
        None => use_policies(&mut node.desk, RightsFiles::read(|path| facts.find(path), false))?,
    }
    let rules = RuleSource::new(facts, settings.rules.clone());
    if settings.rules.is_some() {
        kervan_node::reload_packs(&node.desk, &rules.read()).map_err(|refusal| {
            Failure::new(format!("the rule packs cannot be loaded: {refusal}"))
                .remedy("kervan rules check DIR lists every fault")
        })?;
    }
    let broker = load_broker(&settings, &node)?;
    let key = crate::setup::node_key(&node.desk, Random::System)?;
    refuse_clear_text(&settings)?;
    refuse_clear_keys(&settings, &node.desk)?;
    let (listen, private) = (settings.listen, settings.allow_private_receivers);
    let (tls, sign_ins) = (settings.tls.clone(), Arc::new(sign_ins(&settings)?));
    let api = Api::from(Parts {
        flows: Arc::new(node.flows),
        rules,
        key,
        running: Arc::new(Running::new(settings)),
        sign_ins,
        sockets: Sockets::default(),
        desk: Arc::new(node.desk),
        clock: Arc::new(Clock::Wall),
        random: Random::System,
        saved: node.saved.subscribe(),
        pace: None,
    });
    finish_captures(&api)?;
    if let Err(refusal) = api.desk.read_open() {
        tracing::error!(%refusal, "what is open could not be read");
    }
    let runtime = runtime()?;
    runtime.block_on(async {
        let listener = bind(listen).await?;
        let until = || Arc::clone(&api.running.meters.certificate_until);
        let secure = tls.map(|(certificate, key)| crate::server::secure(&certificate, &key, until()));
        let secure = secure.transpose()?;
        let scheme = if secure.is_some() { "https" } else { "http" };
        output::line(&format!("listening on {scheme}://{}", address(&listener)?));
        let ticking = tokio::spawn(crate::ticker::tick(api.clone()));
        let following = tokio::spawn(crate::ticker::follow(api.clone()));
        let subscribe =
            |(broker, options)| tokio::spawn(crate::mqtt::subscribe(api.clone(), broker, options));
        let devices = broker.map(subscribe);
        let notifying = tokio::spawn(crate::notifier::notify(api.clone(), private));
        serve_until_stopped(listener, &api, secure).await;
        ticking.abort();
        following.abort();
        notifying.abort();
        if let Some(devices) = devices {
            devices.abort();
        }
        Ok::<_, Failure>(())
    })?;
    // Work that was begun is ended; what is not done by then was not acknowledged.
    runtime.shutdown_timeout(api.running.settings.stop_within);
    Ok(Outcome::Done)
}

/// The facts with the store and the keys of the settings.
fn facts_of(facts: &Facts, settings: &Settings) -> Facts {
    let keys = KeySource {
        secret_file: settings.keys_secret.clone(),
        folder: settings.keys_folder.clone(),
        signer: settings.keys_signer.clone(),
        ..facts.keys().clone()
    };
    let facts = facts.clone().with_keys(keys);
    match &settings.store {
        // The flag stands before the file.
        Some(store) if !facts.has_store() => facts.with_store(Some(store.clone())),
        _ => facts,
    }
}

/// Other machines are served under TLS, or in clear if the configuration says why.
fn refuse_clear_text(settings: &Settings) -> Result<(), Failure> {
    if settings.listen.ip().is_loopback() || settings.tls.is_some() {
        return Ok(());
    }
    match &settings.clear_because {
        Some(why) => {
            tracing::warn!(why, "other machines are served without TLS");
            Ok(())
        }
        None => Err(Failure::new(format!(
            "{} is reached by other machines, and there is no TLS",
            settings.listen
        ))
        .remedy("set tls.certificate and tls.key, or server.clear_because to the reason why none is needed")),
    }
}

/// Keys that stand in the clear are for a node that no other machine reaches, unless the configuration says why; keys that cannot
/// sign are for none.
fn refuse_clear_keys(settings: &Settings, desk: &Desk) -> Result<(), Failure> {
    let counts =
        kervan_node::count_signing_keys(desk).map_err(|refusal| Failure::new(refusal.to_string()))?;
    if counts.locked > 0 {
        let text =
            format!("{} keys of this node cannot sign: they are sealed, or kept elsewhere", counts.locked);
        return Err(Failure::new(text).remedy(
            "give their secret (keys.secret_file, or KERVAN_KEYS_SECRET), or name their keeper (keys.folder, keys.signer)",
        ));
    }
    let (keys, why) = (counts.clear, &settings.keys_clear_because);
    match why {
        _ if keys == 0 => Ok(()),
        Some(why) => {
            tracing::warn!(keys, why, "keys stand in the store in the clear: whoever may read it may sign");
            Ok(())
        }
        None if settings.listen.ip().is_loopback() => {
            tracing::warn!(keys, "keys stand in the store in the clear: whoever may read it may sign; set keys.secret_file");
            Ok(())
        }
        None => Err(Failure::new(format!(
            "{} is reached by other machines, and {keys} keys that sign stand in the store in the clear",
            settings.listen
        ))
        .remedy(
            "set keys.secret_file to a file with a secret (openssl rand -base64 32), or keys.clear_because to the reason why none is \
             needed",
        )),
    }
}

/// How people sign in, by the configuration. Errors: what of it cannot be used.
fn sign_ins(settings: &Settings) -> Result<SignIns, Failure> {
    let origins: Vec<String> = settings.origin.iter().cloned().collect();
    let secure = settings.tls.is_some() || origins.iter().any(|origin| origin.starts_with("https://"));
    let Some(configured) = &settings.provider else { return Ok(SignIns::new(secure, origins, None)) };
    let origin = settings.origin.clone().ok_or_else(|| {
        Failure::new("a provider sends people back to the node, and server.origin does not say where that is")
            .remedy("set server.origin, such as \"https://desk.example\"")
    })?;
    let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(Failure::unread(path));
    let secret = configured.secret.as_ref().map(read).transpose()?;
    let secret = secret.map(|text| Secret::new(text.lines().next().unwrap_or_default()));
    let mappings = match &configured.people {
        None => Mappings::default(),
        Some(path) => {
            let failed =
                |says: String| Failure::new(format!("{}: {says}", path.display())).remedy("docs/identity.md");
            let rules: Vec<Mapping> = serde_norway::from_str(&read(path)?)
                .map_err(|error| failed(kervan_model::in_plain_words(&error)))?;
            Mappings::new(rules).map_err(|findings| {
                let says = findings.iter().map(|one| one.message.clone()).collect::<Vec<_>>();
                failed(says.join("; "))
            })?
        }
    };
    let roots = match &configured.roots {
        None => None,
        Some(path) => Some(read_roots(&read(path)?).ok_or_else(|| {
            Failure::new(format!("{} holds no certificate, or one that cannot be read", path.display()))
                .remedy("write the root certificates of the provider's authority into it, as PEM")
        })?),
    };
    let provider = ProviderClient::new(ProviderSettings {
        issuer: configured.issuer.clone(),
        client: configured.client.clone(),
        secret,
        roots,
        origin,
        label: configured.label.clone(),
        mappings,
    });
    Ok(SignIns::new(secure, origins, Some(provider)))
}

/// A broker of devices and how it is reached.
type BrokerAndOptions = (BrokerFile, rumqttc::MqttOptions);

/// The broker of the settings, with its secrets read. Errors: its file, or the party in whose name it is taken from.
fn load_broker(settings: &Settings, node: &Node) -> Result<Option<BrokerAndOptions>, Failure> {
    let Some(file) = &settings.mqtt else { return Ok(None) };
    let broker = BrokerFile::load(file)?;
    node.desk.party(broker.party()).map_err(|refusal| {
        Failure::new(format!("positions of the broker: {refusal}"))
            .remedy("kervan party add registers the party in whose name they are taken")
    })?;
    let options = broker.options()?;
    Ok(Some((broker, options)))
}

/// Serves until the system asks to stop: then streams and sockets end with a word, what runs may end, nothing new is taken.
pub(super) async fn serve_until_stopped(listener: TcpListener, api: &Api, secure: Option<Secure>) {
    let (stopped, running) = (api.clone(), Arc::clone(&api.running));
    let told = tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping: no new connections; what runs may end");
        stopped.running.stop();
        stopped.sockets.stop().await;
    });
    let cut = crate::server::serve(listener, router(api.clone()), running, secure).await;
    if *api.running.stopping().borrow() {
        // A socket is no connection any more by then: it has its word before the program ends.
        let _ = told.await;
    } else {
        told.abort();
    }
    if cut > 0 {
        tracing::warn!(connections = cut, "stopped with connections that did not end in time");
    } else {
        tracing::info!("stopped");
    }
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
