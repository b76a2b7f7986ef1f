//! `kervan rules replay`: a signed decision, decided again.

use super::super::{Failure, Outcome, output};
use super::files::read;
use crate::facts::Facts;
use crate::setup::open_node;
use clap::Args;
use kervan_customs::RulePack;
use kervan_dossier::{Dossier, Fact, ResolvedKeys, import};
use kervan_model::MovementId;
use kervan_node::{list_decisions, replay};
use std::path::{Path, PathBuf};

/// Decide a signed decision again and compare every byte.
#[derive(Debug, Args)]
pub(in crate::cli) struct ReplayCommand {
    /// An exported dossier.
    dossier: PathBuf,
    /// The movement, such as KRV-2026-0001/2, or its number.
    movement: String,
    /// A folder of packs; the shipped ones if absent.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Folder of a node's store, which keeps every pack that it has decided by.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print the comparison as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(command: &ReplayCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let dossier = read_dossier(&command.dossier)?;
    let ids = list_movements(&dossier);
    let wanted = command.movement.as_str();
    let id = ids
        .iter()
        .find(|id| id.as_str() == wanted || id.as_str().rsplit('/').next() == Some(wanted))
        .ok_or_else(|| {
            let known: Vec<_> = ids.iter().map(ToString::to_string).collect();
            Failure::new(format!("the dossier has no movement `{wanted}`")).remedy(known.join(", "))
        })?;
    let mut replays = Vec::new();
    for (entry, fact) in list_decisions(&dossier, id) {
        let Some(named) = &fact.rule_pack else { continue };
        let pack = find_pack(facts, command.rules.as_deref(), command.data.as_deref(), &named.hash)?;
        replays.push(replay(&entry, &fact, &pack).map_err(|finding| Failure::new(finding.message))?);
    }
    if replays.is_empty() {
        return Err(Failure::new(format!("no decision on {id} with its case is in this dossier"))
            .remedy("ask for a copy that discloses the group `case`"));
    }
    let same = replays.iter().all(|replay| replay.same);
    if command.json {
        output::json(&replays);
    } else {
        for replay in &replays {
            let word = if replay.same { "the same, byte for byte" } else { "NOT THE SAME" };
            output::line(&format!("entry {}: decided again, {word}", replay.entry));
            if !replay.same {
                output::line(&format!("  signed: {}\n  again:  {}", replay.signed, replay.again));
            }
        }
    }
    Ok(if same { Outcome::Done } else { Outcome::FoundErrors })
}

/// Reads an exported dossier and checks that nothing in it was changed.
pub(super) fn read_dossier(path: &Path) -> Result<Dossier, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::unread(path))?;
    import(&bytes, &ResolvedKeys::default()).map_err(|findings| {
        let first = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        Failure::new(format!("{} is not an exported dossier as it was signed: {first}", path.display()))
            .remedy(format!("kervan verify {}", path.display()))
    })
}

/// The movements that a dossier declares, in order.
pub(super) fn list_movements(dossier: &Dossier) -> Vec<MovementId> {
    let mut ids: Vec<MovementId> = dossier
        .list_entries()
        .into_iter()
        .filter_map(|entry| match entry.fact() {
            Ok(Fact::TransitDeclared(fact)) => Some(fact.movement.clone()),
            _ => None,
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The pack with a hash: from a node's store, or of a folder.
pub(super) fn find_pack(
    facts: &Facts,
    rules: Option<&Path>,
    data: Option<&Path>,
    hash: &str,
) -> Result<RulePack, Failure> {
    if let Some(data) = data {
        let desk = open_node(facts, data)?.desk;
        let kept = kervan_node::find_pack(&desk, hash).map_err(|error| Failure::new(error.to_string()))?;
        if let Some(pack) = kept {
            return Ok(pack);
        }
    }
    let packs = read(facts, rules)?.load_or_fail()?;
    let found = packs.list().find(|pack| pack.reference().hash == hash);
    let text = found.and_then(|pack| pack.canonical().ok());
    text.and_then(|text| RulePack::load_canonical(&text).ok()).ok_or_else(|| {
        Failure::new(format!("no pack here has the hash {hash}"))
            .remedy("--rules DIR with the packs as they were then, or --data DIR of the node that decided")
    })
}
