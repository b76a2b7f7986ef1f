//! Several files at once: how two copies of one dossier stand to each other.

use crate::diff::diff;
use crate::dossier::Dossier;
use kervan_model::Finding;

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
