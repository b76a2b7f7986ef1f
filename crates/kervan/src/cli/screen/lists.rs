//! `kervan screen list check` and `kervan screen list diff`.

use super::super::{Failure, Outcome, output};
use super::read_list_file;
use clap::Subcommand;
use kervan_screening::{Entity, PartyKind, diff_lists};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Look at lists.
///
/// The shape is recognized by the content. Read are: ofac-xml (sdn.xml), ofac-csv (sdn.csv with alt.csv and add.csv beside
/// it), eu-xml and eu-csv (consolidated list 1.1), un-xml (consolidated list), uk-con-list-csv (ConList.csv), uk-xml and
/// uk-csv (UK Sanctions List), targets-csv (targets.simple.csv), own-csv
/// (id,kind,name,aliases,country,born,identifiers,programme,remark; `;` between several values of one column).
#[derive(Debug, Subcommand)]
pub(super) enum ListCommand {
    /// Say what was read of a list, and every fault with its line.
    #[command(after_help = "Example:\n  kervan screen list check sdn.xml\n
Exit codes: 0 nothing to remark, 1 remarks, 2 the list cannot be read.")]
    Check {
        /// The list.
        file: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say who was added, removed or changed from one load to the next.
    #[command(after_help = "Example:\n  kervan screen list diff sdn-monday.xml sdn-tuesday.xml\n
Exit codes: 0 no difference, 1 a difference, 2 a list cannot be read.")]
    Diff {
        /// The list as it was.
        older: PathBuf,
        /// The list as it is.
        newer: PathBuf,
        /// Print as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub(super) fn run(command: &ListCommand) -> Result<Outcome, Failure> {
    match command {
        ListCommand::Check { file, json } => check(file, *json),
        ListCommand::Diff { older, newer, json } => diff(older, newer, *json),
    }
}

fn check(file: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let (list, findings) = read_list_file(file)?;
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for entity in &list.entities {
        *kinds.entry(entity.kind.map_or("unknown", PartyKind::word)).or_default() += 1;
    }
    let names: usize = list.entities.iter().map(|entity| entity.names.len()).sum();
    let identifiers: usize = list.entities.iter().map(|entity| entity.identifiers.len()).sum();
    if as_json {
        output::json(&json!({
            "name": list.name, "format": list.format, "version": list.version, "published": list.published,
            "entities": list.entities.len(), "kinds": kinds, "names": names, "identifiers": identifiers,
            "findings": findings
        }));
    } else {
        output::findings(&findings);
        let kinds: Vec<_> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        output::line(&format!(
            "{}: {}, {} entities ({}), {names} names, {identifiers} identifiers, published {}, version {}; {}",
            list.name,
            list.format.word(),
            list.entities.len(),
            kinds.join(", "),
            list.published.as_deref().unwrap_or("(not said)"),
            list.version.get(..12).unwrap_or(""),
            output::count(&findings)
        ));
    }
    Ok(if findings.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
}

fn diff(older: &Path, newer: &Path, as_json: bool) -> Result<Outcome, Failure> {
    let ((before, _), (after, _)) = (read_list_file(older)?, read_list_file(newer)?);
    let delta = diff_lists(&before, &after);
    if as_json {
        output::json(&delta);
    } else {
        let name = |entity: &Entity| entity.names.first().cloned().unwrap_or_default();
        for entity in &delta.added {
            output::line(&format!("+ {}  {}", entity.id, name(entity)));
        }
        for entity in &delta.removed {
            output::line(&format!("- {}  {}", entity.id, name(entity)));
        }
        for (old, new) in &delta.changed {
            output::line(&format!("~ {}  {}: {}", new.id, name(new), changes(old, new)));
        }
        output::line(&format!(
            "{} added, {} removed, {} changed of {}",
            delta.added.len(),
            delta.removed.len(),
            delta.changed.len(),
            after.entities.len()
        ));
    }
    Ok(if delta.is_empty() { Outcome::Done } else { Outcome::FoundErrors })
}

/// What of an entity is different.
fn changes(old: &Entity, new: &Entity) -> String {
    let mut parts = Vec::new();
    let lost = old.names.iter().filter(|name| !new.names.contains(name)).map(|name| format!("name -{name}"));
    let won = new.names.iter().filter(|name| !old.names.contains(name)).map(|name| format!("name +{name}"));
    parts.extend(lost.chain(won));
    for (what, differs) in [
        ("kind", old.kind != new.kind),
        ("countries", old.countries != new.countries),
        ("births", old.births != new.births),
        ("identifiers", old.identifiers != new.identifiers),
    ] {
        if differs {
            parts.push(what.to_owned());
        }
    }
    parts.join(", ")
}
