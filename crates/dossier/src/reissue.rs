//! Documents that take the place of others, and consignments that are split or grouped: what must hold.

use crate::control_facts::{ConsignmentGrouped, ConsignmentSplit, DocumentCancelled, Quantity};
use crate::document_facts::{DocumentIssued, DocumentStanding};
use crate::judge::short;
use crate::state::{DossierState, Stated};
use kervan_model::{Consignment, EntryId, Finding};
use std::collections::BTreeSet;

/// Adds an issued document; one that replaces another supersedes it. `knew` says of an entry whether the author knew it.
///
/// Errors: what it replaces is not in force. Where two documents replace one without knowing of each other, the chain forks:
/// the first in causal order stands and the other is refused, on every node.
pub(crate) fn issue(
    state: &mut DossierState,
    document: Stated<DocumentIssued>,
    knew: &dyn Fn(&EntryId) -> bool,
) -> Result<Vec<Finding>, Finding> {
    let mut remarks = Vec::new();
    if let Some(replaced) = &document.fact.replaces {
        if let Some(DocumentStanding::Superseded { by }) = state.document_standing.get(replaced)
            && !knew(by)
        {
            return Err(fork(state, replaced, by, &document.fact.number));
        }
        check_current(state, replaced)?;
        let earlier =
            state.documents.iter().find(|stated| stated.entry == *replaced).map(|stated| &stated.fact);
        let carried = |earlier: &DocumentIssued| {
            document.fact.carries.iter().any(|reference| reference.number == earlier.number)
        };
        if let Some(earlier) = earlier.filter(|earlier| !carried(earlier)) {
            let message =
                format!("{} replaces {} and does not refer to it", document.fact.number, earlier.number);
            remarks.push(
                Finding::warning("dossier.reference-lost", message)
                    .at("/body/document/content/carries")
                    .remedy("carry the number and date of the earlier document forward"),
            );
        }
        let by = document.entry.clone();
        state.document_standing.insert(replaced.clone(), DocumentStanding::Superseded { by });
    }
    state.document_standing.insert(document.entry.clone(), DocumentStanding::Current);
    state.documents.push(document);
    Ok(remarks)
}

fn fork(state: &DossierState, replaced: &EntryId, by: &EntryId, number: &str) -> Finding {
    let name = |entry: &EntryId| {
        let found = state.documents.iter().find(|stated| stated.entry == *entry);
        found.map_or_else(|| short(entry).to_owned(), |stated| stated.fact.number.clone())
    };
    let (replaced, by) = (name(replaced), name(by));
    let message = format!(
        "{replaced} is replaced by {by} and by {number}, by entries that did not know of each other; {by} stands"
    );
    Finding::warning("dossier.document-fork", message)
        .at("/body/document/content/replaces")
        .remedy("withdraw the paper that does not stand; if it is the right one, issue it anew in the place of the other")
}

/// Cancels a document. Errors: it is not in force.
pub(crate) fn cancel(
    state: &mut DossierState,
    by: &EntryId,
    fact: &DocumentCancelled,
) -> Result<(), Finding> {
    check_current(state, &fact.document)?;
    state.document_standing.insert(fact.document.clone(), DocumentStanding::Cancelled { by: by.clone() });
    Ok(())
}

fn check_current(state: &DossierState, document: &EntryId) -> Result<(), Finding> {
    let message = match state.document_standing.get(document) {
        Some(DocumentStanding::Current) => return Ok(()),
        Some(DocumentStanding::Superseded { by }) => {
            format!("document {} was replaced by {} already", short(document), short(by))
        }
        Some(DocumentStanding::Cancelled { by }) => {
            format!("document {} was cancelled by {}", short(document), short(by))
        }
        None => format!("entry {} issues no document", short(document)),
    };
    Err(Finding::warning("dossier.not-current", message).at("/body").remedy("name the document in force"))
}

/// Checks that a split gives away every package, gram and container once.
pub(crate) fn check_split(
    consignment: Option<&Consignment>,
    split: &ConsignmentSplit,
) -> Result<(), Finding> {
    let Some(consignment) = consignment else { return Ok(()) };
    let invalid = |message: String| {
        Err(Finding::warning("dossier.split-not-conserved", message)
            .at("/body/split/content/parts")
            .remedy("give every package, gram and container to exactly one part"))
    };
    if split.parts.len() < 2 || split.parts.iter().any(|part| part.goods.len() != consignment.goods.len()) {
        return invalid("a split needs two parts, each with a quantity for every goods item".to_owned());
    }
    for (index, item) in consignment.goods.iter().enumerate() {
        let given = Quantity::sum(split.parts.iter().filter_map(|part| part.goods.get(index)));
        let (packages, gross_mass) = (u64::from(item.packages), item.gross_mass.grams());
        if (given.packages, given.gross_mass) != (packages, gross_mass) {
            return invalid(format!(
                "goods item {index} has {packages} packages and {gross_mass} g, and its parts have {} and {}",
                given.packages, given.gross_mass
            ));
        }
    }
    let given: Vec<_> = split.parts.iter().flat_map(|part| &part.equipment).collect();
    let distinct: BTreeSet<_> = given.iter().map(ToString::to_string).collect();
    let own: BTreeSet<_> = consignment.equipment.iter().map(|item| item.number.to_string()).collect();
    if !given.is_empty() && (distinct.len() != given.len() || distinct != own) {
        return invalid("the containers of the parts are not those of the consignment, each once".to_owned());
    }
    Ok(())
}

/// Checks that a master document says what its members come to, each once.
pub(crate) fn check_group(group: &ConsignmentGrouped) -> Result<(), Finding> {
    let sum = Quantity::sum(group.members.iter().map(|member| &member.quantity));
    let dossiers: BTreeSet<_> = group.members.iter().map(|member| &member.dossier).collect();
    if sum == group.total && dossiers.len() == group.members.len() && !group.members.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the members of {} come to {} packages and {} g, and it says {} and {}",
        group.number, sum.packages, sum.gross_mass, group.total.packages, group.total.gross_mass
    );
    Err(Finding::warning("dossier.group-sum", message)
        .at("/body/consolidation/content/total")
        .remedy("name each house consignment once, and their sum"))
}
