//! The facts that come with the binary: network, rules, territories, labels, the demo's script.
//!
//! They are embedded, so that one file is the whole program; `--facts DIR` reads a folder of the same layout instead.

use crate::cli::Failure;
use crate::custody::KeySource;
use crate::http::find_han_font;
use kervan_documents::Fonts;
use kervan_model::Finding;
use kervan_network::{LoadError, Network};
use kervan_store::StoreLocation;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../data"]
#[exclude = "*.md"]
struct Data;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../scenarios"]
struct Scenarios;

/// Where facts are read from.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    folder: Option<PathBuf>,
    fonts: Vec<PathBuf>,
    store: Option<String>,
    keys: KeySource,
}

impl Facts {
    /// The facts of a folder, or the embedded ones.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, ..Self::default() }
    }

    /// With fonts for printed forms, asked before the Chinese one that the page brings.
    #[must_use]
    pub fn with_fonts(mut self, files: Vec<PathBuf>) -> Self {
        self.fonts = files;
        self
    }

    /// With a store elsewhere than in the data folder.
    #[must_use]
    pub fn with_store(mut self, store: Option<String>) -> Self {
        self.store = store;
        self
    }

    /// With where the keys of parties are kept.
    #[must_use]
    pub fn with_keys(mut self, keys: KeySource) -> Self {
        self.keys = keys;
        self
    }

    /// Where the keys of parties are kept.
    pub const fn keys(&self) -> &KeySource {
        &self.keys
    }

    /// Whether a store elsewhere was given.
    pub fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Where the store of a node with this data folder is.
    ///
    /// Errors: what was given is no place for a store.
    pub fn store_of(&self, data: &Path) -> Result<StoreLocation, Failure> {
        StoreLocation::parse(self.store.as_deref(), data).map_err(|error| Failure::new(error.to_string()))
    }

    /// The fonts of printed forms: the built-in ones, those that were given, those in the folder `fonts/` of the facts, and
    /// the Chinese one, if the page was built before the program.
    ///
    /// Errors: a file cannot be read, or is no font.
    pub fn load_fonts(&self) -> Result<Fonts, Failure> {
        let folder = self.folder.iter().flat_map(|folder| list_fonts(&folder.join("fonts")));
        let mut files: Vec<&'static [u8]> = Vec::new();
        for path in self.fonts.iter().cloned().chain(folder) {
            let shown = path.display();
            let bytes = std::fs::read(&path)
                .map_err(|error| Failure::new(format!("the font {shown} cannot be read: {error}")))?;
            // Read once, at the start: fonts live as long as the program.
            let bytes: &'static [u8] = bytes.leak();
            Fonts::with_more(&[bytes]).ok_or_else(|| {
                Failure::new(format!("{shown} is no font")).remedy("give a TrueType or OpenType file")
            })?;
            files.push(bytes);
        }
        files.extend(find_han_font());
        Fonts::with_more(&files).ok_or_else(|| Failure::new("the Chinese font of the page is no font"))
    }

    /// The text of a file such as `network/places.csv`.
    pub fn find(&self, path: &str) -> Option<String> {
        match &self.folder {
            Some(folder) => std::fs::read_to_string(folder.join(path)).ok(),
            None => Data::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok()),
        }
    }

    /// The paths below a folder such as `rules/`, in order.
    pub fn list(&self, below: &str) -> Vec<String> {
        let mut paths: Vec<String> = match &self.folder {
            Some(folder) => std::fs::read_dir(folder.join(below))
                .into_iter()
                .flatten()
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .map(|name| format!("{below}{name}"))
                .collect(),
            None => {
                Data::iter().filter(|path| path.starts_with(below)).map(|path| path.into_owned()).collect()
            }
        };
        paths.sort();
        paths
    }

    /// Builds the network, with the findings of reading it.
    pub fn load_network(&self) -> Result<(Network, Vec<Finding>), LoadError> {
        Network::load(|name| self.find(&format!("network/{name}")))
    }
}

/// The font files of a folder, in order.
fn list_fonts(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let is_font = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "ttf" || ending == "otf");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_font).collect();
    files.sort();
    files
}

/// Where a node reads its rule packs: the facts that it started with, or a folder of their own.
#[derive(Clone, Debug)]
pub struct RuleSource {
    facts: Facts,
    folder: Option<PathBuf>,
}

impl RuleSource {
    /// The rules of facts, unless a folder is given.
    pub fn new(facts: &Facts, folder: Option<PathBuf>) -> Self {
        Self { facts: facts.clone(), folder }
    }

    /// The facts beside the rules.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The files of the rule folder by name, as they are now.
    pub fn read(&self) -> BTreeMap<String, String> {
        let Some(folder) = &self.folder else {
            return kervan_node::read_rule_files(|path| self.facts.find(path), &self.facts.list("rules/"));
        };
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let read = |entry: std::fs::DirEntry| {
            Some((entry.file_name().into_string().ok()?, std::fs::read_to_string(entry.path()).ok()?))
        };
        entries.filter_map(read).collect()
    }
}

/// The text of an embedded scenario file such as `demo/play.yaml`.
pub fn find_scenario(path: &str) -> Option<String> {
    Scenarios::get(path).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}
