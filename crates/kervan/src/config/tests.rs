//! The configuration from all its sources, and in print.

use super::{Config, KEYS, Settings, Source, Value, print, show};

fn with(text: &str) -> (Config, Vec<(String, String)>) {
    let mut config = Config::default();
    let findings = config.read_file("k.toml", text);
    let told = |finding: &kervan_model::Finding| {
        (
            finding.code.clone(),
            format!(
                "{} | {}",
                finding.path.clone().unwrap_or_default(),
                finding.remedy.clone().unwrap_or_default()
            ),
        )
    };
    let told = findings.iter().map(told).collect();
    (config, told)
}

#[test]
fn what_is_printed_is_read_back_as_the_same_configuration() {
    let (config, findings) = with(&print(&Config::default()));
    assert_eq!(findings, []);
    for (default, read) in show(&Config::default()).iter().zip(show(&config)) {
        assert_eq!((default.key, &default.value), (read.key, &read.value));
        assert_eq!(read.source, "file");
    }
}

#[test]
fn every_key_has_a_default_of_its_kind_a_doc_and_a_unit_if_it_counts() {
    for key in KEYS {
        let default = super::value::default_of(key);
        let same = match &default {
            Value::Text(text) => text == key.default,
            other => other.to_string() == key.default,
        };
        assert!(same, "{}: {default}", key.name);
        assert!(key.doc.ends_with('.') && key.name.contains('.'), "{}", key.name);
        let counts = matches!(key.kind, super::Kind::Whole(..));
        assert_eq!(counts, !key.unit.is_empty(), "{}", key.name);
    }
}

#[test]
fn faults_are_found_all_at_once_with_the_nearest_name() {
    let (config, findings) = with(
        "top = 1\n[limits]\nburst = 0\nbursts = 5\nheaders = \"many\"\n[sever]\nlisten = \"x\"\n[server]\nlisten = \"nowhere\"\n\
         stop_within_s = 30\n",
    );
    let codes: Vec<_> = findings.iter().map(|(code, _)| code.as_str()).collect();
    let expected = [
        "config.unknown-key",
        "config.range",
        "config.unknown-key",
        "config.value",
        "config.unknown-key",
        "config.value",
    ];
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    let mut wanted = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted, "{findings:?}");
    for near in ["did you mean limits.burst?", "did you mean server.listen?"] {
        assert!(findings.iter().any(|(_, told)| told.contains(near)), "{near}: {findings:?}");
    }
    assert_eq!(Settings::of(&config).stop_within.as_secs(), 30);
}

#[test]
fn a_password_is_not_printed() {
    for (store, shown) in [
        ("postgres://k:opensesame@db/kervan", "postgres://k:***@db/kervan"),
        ("postgres://k@db/kervan", "postgres://k@db/kervan"),
    ] {
        let (config, _) = with(&format!("[server]\nstore = \"{store}\"\n"));
        assert_eq!(Settings::of(&config).store.as_deref(), Some(store));
        assert!(
            print(&config).contains(&format!("store = \"{shown}\""))
                && !print(&config).contains("opensesame")
        );
        assert!(show(&config).iter().any(|one| one.value == shown));
    }
}

#[test]
fn text_that_is_not_toml_says_its_line() {
    let (_, findings) = with("[limits]\nburst = 5\nnonsense\n");
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].0.as_str(), findings[0].1.starts_with("k.toml line 3")),
        ("config.not-toml", true),
        "{findings:?}"
    );
}

#[test]
fn faults_of_keys_say_their_line() {
    let text = "[limits]\nburst = 0\n\n[server]\nlissten = \"x\"\ntrusted_proxies = [\"10.0.0.7\", \"proxy\"]\n[sever]\nx = 1\n";
    let (_, findings) = with(text);
    let places = [
        "k.toml line 2: limits.burst",
        "k.toml line 5: server.lissten",
        "k.toml line 6: server.trusted_proxies",
        "k.toml line 8: sever.x",
    ];
    for place in places {
        assert!(findings.iter().any(|(_, told)| told.starts_with(place)), "{place}: {findings:?}");
    }
    assert_eq!(findings.len(), places.len(), "{findings:?}");
}

#[test]
fn a_key_has_its_line_however_it_is_written() {
    let cases = [
        ("[limits]\n\"burst\" = 0\n", "k.toml line 2: limits.burst"),
        ("[limits]\n'burst' = 0\n", "k.toml line 2: limits.burst"),
        ("# a\n\nlimits.burst = 0\n", "k.toml line 3: limits.burst"),
        ("\"limits\" . burst = 0\n", "k.toml line 1: limits.burst"),
        ("\nlimits = { headers = 50, burst = 0 }\n", "k.toml line 2: limits.burst"),
        ("\n[limits]\nheaders = 50\n\n[limits.burst]\nx = 1\n", "k.toml line 5: limits.burst"),
        ("\n\"limits.burst\" = 5\n", "k.toml line 2: limits.burst"),
        ("a = 1\n", "k.toml line 1: a"),
        ("[limits]\nheaders = 50 # burst = 0\nbody_mib = 0\n", "k.toml line 3: limits.body_mib"),
        ("[log]\nlevel = \"\"\"\nburst = 1\n\"\"\"\n[limits]\nburst = 0\n", "k.toml line 6: limits.burst"),
        ("\"é\".x = 1\n", "k.toml line 1: é.x"),
    ];
    for (text, place) in cases {
        let (_, findings) = with(text);
        assert_eq!(findings.len(), 1, "{text}: {findings:?}");
        assert!(findings[0].1.starts_with(&format!("{place} |")), "{text}: {findings:?}");
    }
}

#[test]
fn an_address_that_is_none_is_not_passed_over() {
    for (key, value, good) in [
        ("server.trusted_proxies", "10.0.0.7, ::1", true),
        ("server.trusted_proxies", "10.0.0.0/8", false),
        ("metrics.from", "monitor.example", false),
    ] {
        let findings = Config::default().read_flag("--set", key, value);
        assert_eq!(findings.is_empty(), good, "{key} {value}: {findings:?}");
    }
}

#[test]
fn half_of_a_pair_is_told() {
    let halves = [
        ("[tls]\ncertificate = \"c.pem\"\n", "tls.key"),
        ("[tls]\nkey = \"k.pem\"\n", "tls.certificate"),
        ("[sign_in]\nissuer = \"https://x.example\"\nclient = \"kervan\"\n", "server.origin"),
    ];
    for (text, lacks) in halves {
        let told = with(text).0.check();
        assert_eq!(told.iter().filter_map(|finding| finding.path.as_deref()).collect::<Vec<_>>(), [lacks]);
    }
    assert_eq!(with("[tls]\ncertificate = \"c.pem\"\nkey = \"k.pem\"\n").0.check(), []);
    assert_eq!(Config::default().check(), []);
}

#[test]
fn a_flag_overrides_the_environment_which_overrides_the_file() {
    let (mut config, _) = with("[limits]\nburst = 5\nheaders = 50\n[server]\ndata = \"d\"\n");
    let environment = |name: &str| match name {
        "KERVAN_LIMITS_BURST" => Some("6".to_owned()),
        "KERVAN_LIMITS_HEADERS" => Some("60".to_owned()),
        "KERVAN_SERVER_DENIED_LISTS" => Some("a.csv, b.xml".to_owned()),
        _ => None,
    };
    assert_eq!(config.read_environment(environment), []);
    assert_eq!(config.read_flag("--set", "limits.burst", "7"), []);
    let settings = Settings::of(&config);
    assert_eq!((settings.limits.burst, settings.limits.headers), (7, 60));
    assert_eq!(settings.denied_lists.len(), 2);
    let source = |name: &str| KEYS.iter().find(|key| key.name == name).map(|key| config.get(key).1);
    assert_eq!(source("limits.burst"), Some(Source::Flag("--set".into())));
    assert_eq!(source("limits.headers"), Some(Source::Environment("KERVAN_LIMITS_HEADERS".into())));
    assert_eq!(source("server.data"), Some(Source::File("k.toml".into())));
    assert_eq!(source("server.rules"), Some(Source::Default));
    assert_eq!(config.read_flag("--set", "limits.burts", "7")[0].code, "config.unknown-key");
}
