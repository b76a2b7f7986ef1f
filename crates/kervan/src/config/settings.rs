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
        let read = Reader(config);
        Self {
            listen: read
                .text("server.listen")
                .parse()
                .unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            data: PathBuf::from(read.text("server.data")),
            store: read.filled("server.store"),
            rules: read.path("server.rules"),
            policies: read.path("server.policies"),
            denied_lists: read.list("server.denied_lists").into_iter().map(PathBuf::from).collect(),
            company_prefixes: read.path("server.company_prefixes"),
            mqtt: read.path("server.mqtt"),
            allow_private_receivers: read.switch("server.allow_private_receivers"),
            stop_within: read.seconds("server.stop_within_s"),
            cors_origins: read.list("server.cors_origins"),
            trusted_proxies: read
                .list("server.trusted_proxies")
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            origin: read.filled("server.origin"),
            clear_because: read.filled("server.clear_because"),
            tls: read.path("tls.certificate").zip(read.path("tls.key")),
            keys_secret: read.path("keys.secret_file"),
            keys_folder: read.path("keys.folder"),
            keys_signer: read.list("keys.signer"),
            keys_clear_because: read.filled("keys.clear_because"),
            provider: read.filled("sign_in.issuer").map(|issuer| ConfiguredProvider {
                issuer,
                client: read.text("sign_in.client"),
                secret: read.path("sign_in.client_secret_file"),
                roots: read.path("sign_in.ca"),
                label: read.text("sign_in.label"),
                people: read.path("sign_in.people"),
            }),
            limits: limits(&read),
            log_json: read.text("log.format") == "json",
            log_level: read.text("log.level"),
            free: read.whole("ready.free_mib") * 1024 * 1024,
            metrics_from: read.list("metrics.from").iter().filter_map(|text| text.parse().ok()).collect(),
            traces: read.filled("traces.endpoint"),
            traces_percent: read.whole("traces.percent"),
        }
    }
}

/// What is borne at once.
fn limits(read: &Reader<'_>) -> Limits {
    Limits {
        connections: read.size("limits.connections"),
        connections_per_address: read.size("limits.connections_per_address"),
        requests_per_second: read.whole("limits.requests_per_second"),
        burst: read.whole("limits.burst"),
        head_within: read.seconds("limits.head_within_s"),
        body_within: read.seconds("limits.body_within_s"),
        answer_within: read.seconds("limits.answer_within_s"),
        stalled_within: read.seconds("limits.stalled_within_s"),
        body: read.size("limits.body_mib") * 1024 * 1024,
        headers: read.size("limits.headers"),
        head: read.size("limits.head_kib") * 1024,
    }
}

/// Reads values of the kind that their keys have.
struct Reader<'a>(&'a Config);

impl Reader<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        keys::find(name).map(|key| self.0.get(key).0)
    }

    fn whole(&self, name: &str) -> u64 {
        match self.value(name) {
            Some(Value::Whole(number)) => number,
            _ => 0,
        }
    }

    fn size(&self, name: &str) -> usize {
        usize::try_from(self.whole(name)).unwrap_or(usize::MAX)
    }

    fn seconds(&self, name: &str) -> Duration {
        Duration::from_secs(self.whole(name))
    }

    fn switch(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Switch(true)))
    }

    fn text(&self, name: &str) -> String {
        match self.value(name) {
            Some(Value::Text(text)) => text,
            _ => String::new(),
        }
    }

    /// A text that says something.
    fn filled(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.trim().is_empty())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.filled(name).map(PathBuf::from)
    }

    fn list(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(Value::List(texts)) => texts,
            _ => Vec::new(),
        }
    }
}
