//! The house keeps its rules: which room may use which, what a pure room may not touch, and that no country stands in the logic.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

#[path = "rooms/source.rs"]
mod source;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use kervan_codes::CountryCode;
use source::{SourceFile, string_literals};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom. A room that is not here may not exist; an edge that is not here may not be drawn.
const MAY_USE: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("codes", &["units"]),
    ("model", &["units", "codes"]),
    ("network", &["units", "codes", "model"]),
    ("odds", &["units"]),
    ("search", &[]),
    ("planning", &["units", "codes", "model", "network", "odds", "search"]),
    ("flows", &["units", "codes", "model", "network"]),
    ("dossier", &["units", "codes", "model"]),
    ("documents", &["units", "codes", "model", "dossier"]),
    ("ncts", &["units", "codes", "model"]),
    ("customs", &["units", "codes", "model", "network", "ncts"]),
    ("risk", &["units", "codes", "model"]),
    ("events", &["units", "codes", "model", "network"]),
    ("positions", &["units", "codes", "model", "network", "events"]),
    ("tracking", &["units", "codes", "model", "network", "events"]),
    ("screening", &["codes", "model"]),
    (
        "simulation",
        &["units", "codes", "model", "network", "planning", "dossier", "documents", "customs", "events"],
    ),
    ("rights", &["model"]),
    ("identity", &["model"]),
    ("custody", &["dossier", "identity"]),
    ("store", &["units", "codes", "model", "dossier", "events"]),
    (
        "node",
        &[
            "units",
            "codes",
            "model",
            "network",
            "planning",
            "dossier",
            "documents",
            "ncts",
            "customs",
            "risk",
            "events",
            "positions",
            "rights",
            "identity",
            "custody",
            "screening",
            "store",
            "tracking",
        ],
    ),
    (
        "kervan",
        &[
            "units",
            "codes",
            "model",
            "network",
            "planning",
            "flows",
            "dossier",
            "documents",
            "ncts",
            "customs",
            "risk",
            "events",
            "positions",
            "rights",
            "identity",
            "custody",
            "store",
            "node",
            "screening",
            "simulation",
            "tracking",
        ],
    ),
];

/// Rooms that tests, and only tests, may use.
const FOR_TESTS: &[&str] = &["testkit"];

/// Edges of examples that measure a whole way; nothing that runs has them.
const FOR_BENCHES: &[(&str, &str)] = &[
    ("customs", "dossier"),
    ("customs", "risk"),
    ("positions", "store"),
    ("tracking", "planning"),
    ("tracking", "simulation"),
];

/// Rooms in which nothing but arguments goes in and nothing but results comes out.
const PURE: &[&str] = &[
    "units",
    "codes",
    "model",
    "network",
    "search",
    "planning",
    "flows",
    "dossier",
    "documents",
    "ncts",
    "customs",
    "risk",
    "events",
    "positions",
    "tracking",
    "screening",
    "simulation",
    "rights",
    "identity",
    "custody",
];

/// What only `store`, `node` or the binary may depend on: sockets, disks, databases, clocks, randomness, terminals.
const DENIED_TO_PURE: &[&str] = &[
    "async-std",
    "axum",
    "chrono",
    "clap",
    "comfy-table",
    "fastrand",
    "getrandom",
    "hyper",
    "indicatif",
    "memmap2",
    "mio",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "rust-embed",
    "smol",
    "socket2",
    "tempfile",
    "time",
    "tokio",
    "tokio-stream",
    "tower",
    "tower-http",
    "tracing-subscriber",
    "ureq",
    "utoipa",
    "walkdir",
];

/// The same, said in the standard library's words.
const UNSAID_IN_PURE: &[&str] =
    &["std::env", "std::fs", "std::io::stdin", "std::net", "std::process", "std::time"];

/// Literals that look like a place, a country, a territory or a regime and are none. Every line says what they are.
const NO_PLACE: &[(&str, &[&str], &str)] = &[
    (
        "crates/codes/src/package_kind.rs",
        &["BG", "BL", "CR", "NE", "PK", "RO", "SA"],
        "kinds of package, UN/ECE Recommendation 21",
    ),
    ("crates/identity/src/oidc/keys.rs", &["EC"], "a kind of key, RFC 7518"),
    ("crates/model/src/consignment_check.rs", &["NE"], "`unpacked`, UN/ECE Recommendation 21"),
    ("crates/model/src/format/read_consignment.rs", &["NE"], "`unpacked`, UN/ECE Recommendation 21"),
    ("crates/customs/src/guarantee/account.rs", &["tir"], "a carnet as security, NCTS guarantee type B"),
    (
        "crates/documents/src/dataset/table.rs",
        &["eaeu-transit", "az-transit", "ge-transit", "uz-transit", "tm-transit", "tj-transit", "cn-transit"],
        "files of data/documents/datasets that are compiled in; which is used when stands in datasets.csv",
    ),
    ("crates/documents/src/kinds/container_list/mod.rs", &["CL"], "the series of numbers of container lists"),
    ("crates/dossier/src/package_check.rs", &["PK"], "the first bytes of a ZIP file"),
    ("crates/positions/src/words/dcsa.rs", &["CR", "SI"], "kinds of reference, DCSA Track & Trace 2.2"),
    ("crates/screening/src/sound.rs", &["CH", "NG", "SH"], "sounds, as data/screening names them"),
    ("crates/kervan/src/cli/demo_report.rs", &["NO"], "not verified, loudly"),
    ("crates/kervan/src/cli/flows.rs", &["ID"], "an id, in the help"),
    ("crates/kervan/src/cli/flows/layer.rs", &["ID"], "an id, in the help"),
    ("crates/kervan/src/cli/matrix.rs", &["KG"], "kilogram, in the help"),
    ("crates/kervan/src/cli/plan.rs", &["KG"], "kilogram, in the help"),
    ("crates/kervan/src/cli/plan_conditions.rs", &["MM"], "millimetre, in the help"),
    ("crates/kervan/src/http/reference/example.rs", &["KZAAU"], "an example on the page of the API"),
    ("crates/kervan/src/http/wire/layer.rs", &["CNXIA", "TRIST"], "examples in the document of the API"),
    ("crates/kervan/src/http/wire/plan.rs", &["CNXIA", "TRIST"], "examples in the document of the API"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap()
}

/// The name of a room: its package's without the prefix. The task runner is no room.
fn room(package: &str) -> Option<&str> {
    match package {
        "kervan" => Some("kervan"),
        name => name.strip_prefix("kervan-"),
    }
}

fn rooms(metadata: &Metadata) -> impl Iterator<Item = (&str, &Package)> {
    metadata.packages.iter().filter_map(|package| Some((room(&package.name)?, package)))
}

/// Fails with all faults at once.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn no_room_uses_another_outside_of_the_table() {
    let metadata = metadata();
    let allowed: BTreeMap<_, _> = MAY_USE.iter().copied().collect();
    let mut faults = Vec::new();
    for (name, package) in rooms(&metadata) {
        let Some(may_use) = allowed.get(name) else {
            if !FOR_TESTS.contains(&name) {
                faults.push(format!("crates/{name}: no row in MAY_USE; say whom it may use"));
            }
            continue;
        };
        for dependency in &package.dependencies {
            let Some(used) = room(&dependency.name) else { continue };
            let for_test = dependency.kind == DependencyKind::Development
                && (FOR_TESTS.contains(&used) || FOR_BENCHES.contains(&(name, used)));
            if !may_use.contains(&used) && !for_test {
                let file = format!("crates/{name}/Cargo.toml");
                faults.push(format!("{file}: `{name}` may not use `{used}` ({:?})", dependency.kind));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_table_has_no_circle() {
    // Every row names only rooms of earlier rows, so no order of rows hides a circle.
    let mut earlier = BTreeSet::new();
    for (name, may_use) in MAY_USE {
        let later: Vec<_> = may_use.iter().filter(|used| !earlier.contains(**used)).collect();
        assert!(later.is_empty() || *name == "kervan", "`{name}` uses {later:?} before their rows");
        earlier.insert(*name);
    }
}

#[test]
fn a_folder_is_named_as_its_room() {
    let metadata = metadata();
    for (name, package) in rooms(&metadata) {
        let folder = package.manifest_path.parent().and_then(|folder| folder.file_name());
        assert_eq!(folder, Some(name), "{}", package.manifest_path);
    }
}

#[test]
fn pure_rooms_depend_on_no_io() {
    let metadata = metadata();
    let mut faults = Vec::new();
    for (name, package) in rooms(&metadata).filter(|(name, _)| PURE.contains(name)) {
        let used = package.dependencies.iter().filter(|used| used.kind != DependencyKind::Development);
        for dependency in used.filter(|used| DENIED_TO_PURE.contains(&used.name.as_str())) {
            faults.push(format!("crates/{name}/Cargo.toml: `{}` is not for a pure room", dependency.name));
        }
    }
    none(&faults);
}

#[test]
fn pure_rooms_name_no_io() {
    let mut faults = Vec::new();
    for file in SourceFile::read_all(&root(), PURE) {
        for (number, line) in file.logic() {
            for said in UNSAID_IN_PURE.iter().filter(|said| line.contains(**said)) {
                faults.push(format!("{}:{number}: `{said}` in a pure room; make it an argument", file.path));
            }
        }
    }
    none(&faults);
}

/// The first column of a table of `data/`.
fn first_column(table: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("data").join(table)).unwrap();
    let cells = text.lines().skip(1).filter_map(|line| line.split(',').next());
    cells.filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

#[test]
fn no_country_place_territory_or_regime_in_the_logic() {
    let tables = ["customs/territories.csv", "customs/regimes.csv", "network/places.csv"];
    let known: BTreeSet<String> = tables.iter().flat_map(|table| first_column(table)).collect();
    assert!(known.contains("EAEU") && known.contains("KZAAU") && known.contains("common-transit"));
    let excused = |path: &str, text: &str| {
        NO_PLACE.iter().any(|(file, texts, _)| *file == path && texts.contains(&text))
    };
    let names: Vec<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    let mut needed = BTreeSet::new();
    for file in SourceFile::read_all(&root(), &names) {
        for (number, line) in file.logic() {
            for text in string_literals(line) {
                if !known.contains(text) && text.parse::<CountryCode>().is_err() {
                    continue;
                }
                if excused(&file.path, text) {
                    needed.insert((file.path.clone(), text.to_owned()));
                } else {
                    faults.push(format!(
                        "{}:{number}: \"{text}\" is a country, place, territory or regime; put the case into a table of data/",
                        file.path
                    ));
                }
            }
        }
    }
    for (file, texts, meaning) in NO_PLACE {
        for text in *texts {
            if !needed.contains(&((*file).to_owned(), (*text).to_owned())) {
                faults.push(format!(
                    "{file}: \"{text}\" ({meaning}) is no longer there; take it out of NO_PLACE"
                ));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_bans_stand() {
    let bans = fs::read_to_string(root().join("clippy.toml")).unwrap();
    for ban in [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "jiff::Timestamp::now",
        "jiff::Zoned::now",
        "std::env::var",
        "std::thread::sleep",
        "std::collections::HashMap",
        "std::collections::HashSet",
    ] {
        assert!(bans.contains(&format!("path = \"{ban}\"")), "clippy.toml no longer bans {ban}");
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for lint in
        ["unsafe_code = \"forbid\"", "unwrap_used", "expect_used", "disallowed_methods", "disallowed_types"]
    {
        assert!(manifest.contains(lint), "Cargo.toml no longer has the lint {lint}");
    }
}

#[test]
fn every_room_keeps_the_lints_and_says_what_it_is() {
    let metadata = metadata();
    for (name, package) in rooms(&metadata) {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "crates/{name}/Cargo.toml: [lints] workspace = true"
        );
        let library = fs::read_to_string(root().join("crates").join(name).join("src/lib.rs")).unwrap();
        assert!(
            library.starts_with("//! "),
            "crates/{name}/src/lib.rs: begin with `//!` and what the room is for"
        );
    }
}
