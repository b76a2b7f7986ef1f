//! The configuration as the program uses it: typed.

use super::{Config, Value, keys};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// What every request and connection is held to.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// Requests of one caller for long. Unit: request per second; 0 for no limit.
    pub requests_per_second: u64,
    /// Requests of one caller at once.
    pub burst: u64,
    /// For the head of a request.
    pub head_within: Duration,
    /// For the body of a request.
    pub body_within: Duration,
    /// For the answer.
    pub answer_within: Duration,
    /// For a caller that takes nothing.
    pub stalled_within: Duration,
    /// Largest body. Unit: byte.
    pub body: usize,
    /// Headers of a request.
    pub headers: usize,
    /// Largest head. Unit: byte.
    pub head: usize,
}

/// What is said of a provider of OpenID Connect.
#[derive(Clone, Debug)]
pub struct ConfiguredProvider {
    /// Its name for itself.
    pub issuer: String,
    /// The name of this node there.
    pub client: String,
    /// The file of the node's secret there.
    pub secret: Option<PathBuf>,
    /// The file of the roots to which its certificate leads.
    pub roots: Option<PathBuf>,
    /// What stands on the button.
    pub label: String,
    /// The file of rules.
    pub people: Option<PathBuf>,
}

/// The configuration of a serving node.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address and port.
    pub listen: SocketAddr,
    /// Folder of the store.
    pub data: PathBuf,
    /// Where facts are kept, if not in the data folder. May hold a password.
    pub store: Option<String>,
    /// Folder of rule packs.
    pub rules: Option<PathBuf>,
    /// Folder of policies.
    pub policies: Option<PathBuf>,
    /// Lists of denied parties.
    pub denied_lists: Vec<PathBuf>,
    /// List of the lengths of company prefixes.
    pub company_prefixes: Option<PathBuf>,
    /// File of a broker of devices.
    pub mqtt: Option<PathBuf>,
    /// Whether subscribers on private addresses are called.
    pub allow_private_receivers: bool,
    /// For requests that are running when the node is told to stop.
    pub stop_within: Duration,
    /// Origins of other web pages that may call.
    pub cors_origins: Vec<String>,
    /// Proxies whose word on a caller's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where people see the node.
    pub origin: Option<String>,
    /// Why other machines are served without TLS.
    pub clear_because: Option<String>,
    /// Certificate and key of the node.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// File with the secret of keys.
    pub keys_secret: Option<PathBuf>,
    /// Folder of key files.
    pub keys_folder: Option<PathBuf>,
    /// Program that signs, with its arguments.
    pub keys_signer: Vec<String>,
    /// Why other machines are served while keys stand in the clear.
    pub keys_clear_because: Option<String>,
    /// The provider of OpenID Connect: its name, ours there, the file of our secret, the label of the button, the file of rules.
    pub provider: Option<ConfiguredProvider>,
    /// Limits.
    pub limits: Limits,
    /// Whether the log is JSON.
    pub log_json: bool,
    /// What is logged.
    pub log_level: String,
    /// Room on the disk under which the node is not ready. Unit: byte.
    pub free: u64,
    /// Addresses that may read the metrics.
    pub metrics_from: Vec<IpAddr>,
    /// Where traces are sent.
    pub traces: Option<String>,
    /// Share of requests traced. Unit: per cent.
    pub traces_percent: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of(&Config::default())
    }
}

impl Settings {
    /// What a checked configuration says.
    pub fn of(config: &Config) -> Self {
        let whole = |name: &str| match value(config, name) {
            Some(Value::Whole(number)) => number,
            _ => 0,
        };
        let size = |name: &str| usize::try_from(whole(name)).unwrap_or(usize::MAX);
        let seconds = |name: &str| Duration::from_secs(whole(name));
        let text = |name: &str| match value(config, name) {
            Some(Value::Text(text)) => text,
            _ => String::new(),
        };
        let list = |name: &str| match value(config, name) {
            Some(Value::List(texts)) => texts,
            _ => Vec::new(),
        };
        let path = |name: &str| Some(text(name)).filter(|text| !text.is_empty()).map(PathBuf::from);
        Self {
            listen: text("server.listen").parse().unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            data: PathBuf::from(text("server.data")),
            store: Some(text("server.store")).filter(|text| !text.is_empty()),
            rules: path("server.rules"),
            policies: path("server.policies"),
            denied_lists: list("server.denied_lists").into_iter().map(PathBuf::from).collect(),
            company_prefixes: path("server.company_prefixes"),
            mqtt: path("server.mqtt"),
            allow_private_receivers: matches!(
                value(config, "server.allow_private_receivers"),
                Some(Value::Switch(true))
            ),
            stop_within: seconds("server.stop_within_s"),
            cors_origins: list("server.cors_origins"),
            trusted_proxies: list("server.trusted_proxies")
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            origin: Some(text("server.origin")).filter(|text| !text.is_empty()),
            clear_because: Some(text("server.clear_because")).filter(|text| !text.trim().is_empty()),
            tls: path("tls.certificate").zip(path("tls.key")),
            keys_secret: path("keys.secret_file"),
            keys_folder: path("keys.folder"),
            keys_signer: list("keys.signer"),
            keys_clear_because: Some(text("keys.clear_because")).filter(|text| !text.trim().is_empty()),
            provider: Some(text("sign_in.issuer")).filter(|text| !text.is_empty()).map(|issuer| {
                ConfiguredProvider {
                    issuer,
                    client: text("sign_in.client"),
                    secret: path("sign_in.client_secret_file"),
                    roots: path("sign_in.ca"),
                    label: text("sign_in.label"),
                    people: path("sign_in.people"),
                }
            }),
            limits: Limits {
                connections: size("limits.connections"),
                connections_per_address: size("limits.connections_per_address"),
                requests_per_second: whole("limits.requests_per_second"),
                burst: whole("limits.burst"),
                head_within: seconds("limits.head_within_s"),
                body_within: seconds("limits.body_within_s"),
                answer_within: seconds("limits.answer_within_s"),
                stalled_within: seconds("limits.stalled_within_s"),
                body: size("limits.body_mib") * 1024 * 1024,
                headers: size("limits.headers"),
                head: size("limits.head_kib") * 1024,
            },
            log_json: text("log.format") == "json",
            log_level: text("log.level"),
            free: whole("ready.free_mib") * 1024 * 1024,
            metrics_from: list("metrics.from").iter().filter_map(|text| text.parse().ok()).collect(),
            traces: Some(text("traces.endpoint")).filter(|text| !text.is_empty()),
            traces_percent: whole("traces.percent"),
        }
    }
}

fn value(config: &Config, name: &str) -> Option<Value> {
    keys::find(name).map(|key| config.get(key).0)
}
