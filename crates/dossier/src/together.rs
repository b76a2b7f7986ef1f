//! Several files at once: how two copies of one dossier stand to each other.

use crate::authority::AuthorityTable;
use crate::control_facts::Quantity;
use crate::diff::diff;
use crate::dossier::Dossier;
use crate::fold::fold;
use crate::state::DossierState;
use kervan_model::{DossierId, Finding};

/// Remarks on each pair of copies of one dossier; each comes with the name of its file.
pub fn assess_copies(dossiers: &[(&str, &Dossier)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, (name, dossier)) in dossiers.iter().enumerate() {
        for (other_name, other) in dossiers.iter().skip(index + 1) {
            if dossier.id() == other.id() {
                findings.push(compare(name, dossier, other_name, other));
            }
        }
    }
    findings
}

/// Holds the parts of a split, and the members of a group, against the dossiers that are at hand.
///
/// Errors (findings): a part's own dossier says other quantities, or a member's dossier lacks the entry that was known.
pub fn assess_parts(dossiers: &[(&str, &Dossier)], table: &AuthorityTable) -> Vec<Finding> {
    let states: Vec<_> =
        dossiers.iter().map(|(name, dossier)| (*name, *dossier, fold(dossier, table))).collect();
    let find = |id: &DossierId| states.iter().find(|(_, dossier, _)| dossier.id() == id);
    let mut findings = Vec::new();
    for (name, _, state) in &states {
        for part in state.splits.iter().flat_map(|split| &split.fact.parts) {
            let by_reference = |state: &DossierState| {
                state.consignment.as_ref().is_some_and(|consignment| consignment.reference == part.reference)
            };
            let named = part.dossier.as_ref().and_then(find);
            let Some((own_name, _, own)) =
                named.or_else(|| states.iter().find(|(_, _, state)| by_reference(state)))
            else {
                continue;
            };
            let given = Quantity::sum(part.goods.iter());
            findings.extend(assess_quantity("dossier.split-differs", name, &given, own_name, own));
        }
        for member in state.groups.iter().flat_map(|group| &group.fact.members) {
            let Some((own_name, dossier, own)) = find(&member.dossier) else { continue };
            findings.extend(assess_quantity("dossier.member-differs", name, &member.quantity, own_name, own));
            if dossier.find_entry(&member.head).is_none() {
                let message =
                    format!("{name} groups {own_name} at entry {}, which it does not hold", member.head);
                findings.push(Finding::error("dossier.member-differs", message).at(own_name.to_string()));
            }
        }
    }
    findings
}

fn assess_quantity(
    code: &str,
    name: &str,
    given: &Quantity,
    own_name: &str,
    own: &DossierState,
) -> Option<Finding> {
    let consignment = own.consignment.as_ref()?;
    let packages = consignment.packages();
    let gross_mass: u64 = consignment.goods.iter().map(|item| item.gross_mass.grams()).sum();
    if (given.packages, given.gross_mass) == (packages, gross_mass) {
        return None;
    }
    let message = format!(
        "{name} gives {} packages and {} g to the consignment of {own_name}, which has {packages} and {gross_mass}",
        given.packages, given.gross_mass
    );
    Some(
        Finding::error(code, message)
            .at(own_name)
            .remedy("correct the one that is wrong; nothing may be lost or added"),
    )
}

fn compare(name: &str, dossier: &Dossier, other_name: &str, other: &Dossier) -> Finding {
    let difference = diff(dossier, other);
    let (left, right) = (difference.only_left.len(), difference.only_right.len());
    let older = |older: &str, newer: &str, lacks: usize| {
        let message = format!("{older} is an older copy of {newer}: it lacks {lacks} entries");
        Finding::info("dossier.older-copy", message)
            .at(older)
            .remedy("if it claims to be the newer one, its last entries were left out")
    };
    match (left, right) {
        (0, 0) if difference.is_empty() => {
            Finding::info("dossier.same", format!("{name} and {other_name} are the same"))
        }
        (0, 0) => {
            let message =
                format!("{name} and {other_name} hold the same entries, and disclose different groups");
            Finding::info("dossier.same", message)
        }
        (0, lacks) => older(name, other_name, lacks),
        (lacks, 0) => older(other_name, name, lacks),
        (left, right) => {
            let message =
                format!("{name} holds {left} entries that {other_name} lacks, which holds {right} others");
            Finding::warning("dossier.grew-apart", message).remedy("merge them: kervan dossier merge")
        }
    }
}
