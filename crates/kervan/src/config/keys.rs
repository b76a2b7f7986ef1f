//! Every key of the configuration, once: what it is, its default, unit, range and flag. What is read, checked and printed comes from here.

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A file or folder.
    Path,
    /// An address and a port, such as `127.0.0.1:8080`.
    Address,
    /// A whole number. Range: the two bounds, both allowed.
    Whole(u64, u64),
    /// `true` or `false`.
    Switch,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A list of texts.
    List,
    /// A list of addresses of machines.
    IpAddresses,
}

/// A key of the configuration.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name with its table, such as `limits.burst`.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// The value without a file, as it would stand in one.
    pub default: &'static str,
    /// In what it is counted; empty where nothing is counted.
    pub unit: &'static str,
    /// The flag of `kervan serve` that overrides it; `--set` overrides every key.
    pub flag: &'static str,
    /// What it does, and why one would change it.
    pub doc: &'static str,
}

const fn key(name: &'static str, kind: Kind, default: &'static str, doc: &'static str) -> Key {
    Key { name, kind, default, unit: "", flag: "", doc }
}

impl Key {
    const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    const fn flag(self, flag: &'static str) -> Self {
        Self { flag, ..self }
    }

    /// The name of the environment variable that overrides it.
    pub fn variable(&self) -> String {
        format!("KERVAN_{}", self.name.replace('.', "_").to_uppercase())
    }
}

/// Every key, table by table.
pub const KEYS: &[Key] = &[
    key(
        "server.listen",
        Kind::Address,
        "127.0.0.1:8080",
        "Address and port; port 0 takes a free one. Other machines reach the node only when told so here.",
    )
    .flag("--listen"),
    key("server.data", Kind::Path, "kervan-data", "Folder of the store; made if it is missing.").flag("--data"),
    key(
        "server.store",
        Kind::Text,
        "",
        "Where facts are kept if not in the data folder: another folder, or postgres://USER@HOST/DATABASE. Its password is not printed.",
    )
    .flag("--store"),
    key("server.rules", Kind::Path, "", "Folder of rule packs, read again on POST /api/rules/reload. Empty: the facts' own.")
        .flag("--rules"),
    key(
        "server.policies",
        Kind::Path,
        "",
        "Folder of the policies of rights (*.cedar, parts.csv, parameters.csv); docs/rights.md. Empty: those that come with the program.",
    )
    .flag("--policies"),
    key(
        "server.denied_lists",
        Kind::List,
        "[]",
        "Files with lists of denied parties. Goods whose parties are found on one are held until an officer decides.",
    )
    .flag("--denied-list"),
    key(
        "server.company_prefixes",
        Kind::Path,
        "",
        "GS1's list of GCP lengths, JSON; with it Digital Links become EPC URNs of companies that wrote none here. Empty: none.",
    ),
    key("server.mqtt", Kind::Path, "", "File that names a broker of devices to take positions from. Empty: none.").flag("--mqtt"),
    key(
        "server.allow_private_receivers",
        Kind::Switch,
        "false",
        "Call subscribers on private addresses too; without it they must be in the open net.",
    )
    .flag("--allow-private-receivers"),
    key(
        "server.stop_within_s",
        Kind::Whole(1, 600),
        "20",
        "When told to stop, requests that are running have so long to end. Streams end at once and tell their followers to come back.",
    )
    .unit("second"),
    key(
        "server.cors_origins",
        Kind::List,
        "[]",
        "Origins of other web pages that may call the API from a browser, such as \"https://desk.example\". Empty: none.",
    ),
    key(
        "server.trusted_proxies",
        Kind::IpAddresses,
        "[]",
        "Addresses of reverse proxies whose X-Forwarded-For is believed when callers are counted. Empty: nobody's.",
    ),
    key(
        "server.origin",
        Kind::Text,
        "",
        "Where people see the node if that is not the address that it listens on, such as \"https://desk.example\" at a proxy.",
    ),
    key(
        "server.clear_because",
        Kind::Text,
        "",
        "Other machines are served without TLS only if this says why, such as \"a proxy here ends TLS\". Empty: the node refuses.",
    ),
    key(
        "tls.certificate",
        Kind::Path,
        "",
        "Certificate of the node with its chain, PEM. Read again when the file changes. Empty: no TLS.",
    ),
    key("tls.key", Kind::Path, "", "Private key of the certificate, PEM. Read again when the file changes."),
    key(
        "keys.secret_file",
        Kind::Path,
        "",
        "File with the secret under which the keys that sign are kept, in its first line. Empty: the credential kervan-keys of systemd, \
         the variable KERVAN_KEYS_SECRET, or none: then whoever may read the store may sign.",
    ),
    key(
        "keys.folder",
        Kind::Path,
        "",
        "Folder of key files (PKCS#8 under the secret) in which the keys of parties are kept instead of the store. Empty: the store.",
    ),
    key(
        "keys.signer",
        Kind::List,
        "[]",
        "Program with its arguments that makes the keys of parties and signs with them, such as one in front of a hardware module \
         (docs/identity.md). In a variable or a flag commas stand between them, so an argument with a comma can stand in a file only. \
         Empty: the node signs itself.",
    ),
    key(
        "keys.clear_because",
        Kind::Text,
        "",
        "Other machines are served while keys stand in the clear only if this says why. Empty: the node refuses.",
    ),
    key(
        "sign_in.issuer",
        Kind::Text,
        "",
        "Provider of OpenID Connect at which people sign in, as it calls itself: \"https://login.example\". Empty: none.",
    ),
    key("sign_in.client", Kind::Text, "", "The name of this node at the provider."),
    key(
        "sign_in.client_secret_file",
        Kind::Path,
        "",
        "File with the secret of this node at the provider in its first line. Empty: the node proves itself by PKCE alone.",
    ),
    key(
        "sign_in.ca",
        Kind::Path,
        "",
        "File with the root certificates of the provider (PEM), where its own authority made them; only these count \
         then. Empty: the roots of the Mozilla list.",
    ),
    key("sign_in.label", Kind::Text, "OpenID Connect", "What stands on the button of the provider."),
    key(
        "sign_in.people",
        Kind::Path,
        "",
        "File of rules that say who somebody is here whom the provider knows (docs/identity.md). Empty: whom kervan people link names.",
    ),
    key(
        "limits.connections",
        Kind::Whole(1, 100_000),
        "2000",
        "Connections at once. One more is answered with 503 and closed. Fewer are taken where the system allows fewer open files.",
    )
    .unit("connection"),
    key(
        "limits.connections_per_address",
        Kind::Whole(1, 100_000),
        "500",
        "Connections at once from one address; raise it to the whole where a reverse proxy stands in front.",
    )
    .unit("connection"),
    key(
        "limits.requests_per_second",
        Kind::Whole(0, 1_000_000),
        "500",
        "Requests of one caller that are taken for long: a party by its token, anybody else by address. 0: no limit.",
    )
    .unit("request per second"),
    key("limits.burst", Kind::Whole(1, 1_000_000), "2000", "Requests of one caller that are taken at once after a pause.")
        .unit("request"),
    key(
        "limits.head_within_s",
        Kind::Whole(1, 300),
        "15",
        "The head of a request must have come within so long; a connection that is silent for so long is closed.",
    )
    .unit("second"),
    key("limits.body_within_s", Kind::Whole(1, 3_600), "120", "The body of a request must have come within so long; then 408.")
        .unit("second"),
    key("limits.answer_within_s", Kind::Whole(1, 3_600), "60", "A request must be answered within so long; then 503.").unit("second"),
    key(
        "limits.stalled_within_s",
        Kind::Whole(1, 3_600),
        "60",
        "A caller that takes nothing of its answer for so long is let go.",
    )
    .unit("second"),
    key("limits.body_mib", Kind::Whole(1, 64), "64", "Largest body of a request; then 413.").unit("MiB"),
    key("limits.headers", Kind::Whole(10, 1_000), "100", "Headers of a request; more are answered with 431.").unit("header"),
    key("limits.head_kib", Kind::Whole(8, 1_024), "64", "Largest head of a request; a larger one is answered with 431.").unit("KiB"),
    key("log.format", Kind::Choice(&["text", "json"]), "text", "Lines for people, or one JSON object a line for programs.").flag("--log"),
    key(
        "log.level",
        Kind::Text,
        "info",
        "What is logged: error, warn, info, debug, or directives such as `info,kervan::requests=debug`, which logs every request.",
    ),
    key(
        "ready.free_mib",
        Kind::Whole(0, 1_048_576),
        "256",
        "/ready answers 503 when the disk of the data folder has less room than this.",
    )
    .unit("MiB"),
    key(
        "metrics.from",
        Kind::IpAddresses,
        "[]",
        "Addresses that may read /metrics, beside this machine and who runs or audits the node (by a key of theirs).",
    ),
    key(
        "traces.endpoint",
        Kind::Text,
        "",
        "Where traces are sent by OTLP/HTTP with JSON, such as http://127.0.0.1:4318/v1/traces. Empty: nowhere.",
    ),
    key(
        "traces.percent",
        Kind::Whole(0, 100),
        "100",
        "Share of the requests that are traced; one that comes with a sampled `traceparent` always is.",
    )
    .unit("per cent"),
];

/// The key of a name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The known name that is nearest to an unknown one, if one is near.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
    let score = |key: &Key| {
        strsim::jaro_winkler(key.name, name).max(strsim::jaro_winkler(&last(key.name), &last(name)))
    };
    let best =
        KEYS.iter().map(|key| (score(key), key.name)).max_by(|left, right| left.0.total_cmp(&right.0))?;
    (best.0 > 0.75).then_some(best.1)
}
