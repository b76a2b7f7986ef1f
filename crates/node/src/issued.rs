//! The documents that stand: which of those that were issued answers which need, and each as it was issued.
//!
//! A document is what it was on the day of its issue, so it is made again from what its author knew then: the dossier as it
//! was before the entry. Its data has the hash that was signed, however the dossier has grown since.

use crate::Refusal;
use crate::documents::{Press, build, list_requests};
use jiff::tz::TimeZone;
use kervan_codes::PlaceCode;
use kervan_documents::{Document, DocumentRequest, Issue, Part, PreviousDocument, ReplacedDocument};
use kervan_dossier::{DocumentIssued, Dossier, DossierState, Stated, fold};
use kervan_model::{EntryId, Finding};
use std::collections::{BTreeMap, BTreeSet};

/// A document that the consignment needs.
#[derive(Clone, Debug)]
pub(crate) struct Needed {
    /// What it must say. Its number, and that of the contract before it, are those in force where there are such.
    pub(crate) request: DocumentRequest,
    /// Its number without the suffix of a later issue.
    pub(crate) base: String,
    /// The document in force.
    pub(crate) issued: Option<Stated<DocumentIssued>>,
}

/// Every document that the consignment needs now and that waits for nobody, each with the one in force.
pub(crate) fn match_needed(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
) -> Result<Vec<Needed>, Refusal> {
    let requests = list_requests(press, dossier, state)?;
    let current: Vec<&Stated<DocumentIssued>> = state.list_current().collect();
    let mut taken: BTreeSet<&EntryId> = BTreeSet::new();
    let mut found: Vec<Option<&Stated<DocumentIssued>>> = vec![None; requests.len()];
    // First by number; a document whose own number was amended, such as an invoice, is the next one of its kind.
    for by_number in [true, false] {
        for (request, slot) in requests.iter().zip(&mut found) {
            let fits = |stated: &&&Stated<DocumentIssued>| {
                stated.fact.slug == request.kind.slug()
                    && !taken.contains(&stated.entry)
                    && (!by_number || DocumentRequest::is_issue_of(&stated.fact.number, &request.number))
            };
            if slot.is_none()
                && let Some(stated) = current.iter().find(fits)
            {
                taken.insert(&stated.entry);
                *slot = Some(*stated);
            }
        }
    }
    let mut needed: Vec<Needed> = Vec::new();
    for (request, issued) in requests.into_iter().zip(found) {
        let base = request.number.clone();
        needed.push(Needed { request, base, issued: issued.cloned() });
    }
    name_in_force(&mut needed);
    Ok(needed)
}

/// Writes the numbers in force into the requests.
fn name_in_force(needed: &mut [Needed]) {
    let mut numbers: BTreeMap<(String, String), (String, jiff::civil::Date)> = BTreeMap::new();
    for one in needed.iter() {
        if let Some(issued) = &one.issued {
            let key = (one.request.kind.slug().to_owned(), one.base.clone());
            numbers.insert(key, (issued.fact.number.clone(), day_of(&issued.fact)));
        }
    }
    for one in needed {
        if let Some(issued) = &one.issued {
            one.request.number.clone_from(&issued.fact.number);
        }
        if let Some(PreviousDocument { slug, number, issued, .. }) = &mut one.request.previous
            && let Some((in_force, day)) = numbers.get(&(slug.clone(), number.clone()))
        {
            (*number, *issued) = (in_force.clone(), *day);
        }
    }
}

/// The day on which a document was issued.
pub(crate) fn day_of(fact: &DocumentIssued) -> jiff::civil::Date {
    TimeZone::UTC.to_datetime(fact.issued).date()
}

/// A document as it was issued.
pub(crate) struct Reprint {
    /// The document.
    pub(crate) document: Document,
    /// Where its carriage begins, if it is of legs of an itinerary.
    pub(crate) begins: Option<PlaceCode>,
}

/// Makes a document as the entry issued it, in force or not.
///
/// Errors: the entry issued none, or this copy withholds what it was made from.
pub(crate) fn reprint(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    id: &EntryId,
) -> Result<Reprint, Refusal> {
    let unknown = || Refusal::NotFound { what: "document of the entry", id: id.to_string() };
    let issued = state.documents.iter().find(|stated| stated.entry == *id).ok_or_else(unknown)?;
    let entry = dossier.find_entry(id).ok_or_else(unknown)?;
    let (fact, past) = (&issued.fact, dossier.past_of(id));
    let then = fold(&past, press.authority);
    let of_kind = match_needed(press, &past, &then)?.into_iter().filter(|needed| {
        needed.request.kind.slug() == fact.slug && DocumentRequest::is_issue_of(&fact.number, &needed.base)
    });
    let needed = of_kind.into_iter().next().ok_or_else(unknown)?;
    let replaced = fact.replaces.as_ref();
    let replaced = replaced.and_then(|id| state.documents.iter().find(|stated| stated.entry == *id));
    let request = DocumentRequest {
        number: fact.number.clone(),
        replaces: replaced.map(|stated| ReplacedDocument {
            number: stated.fact.number.clone(),
            issued: day_of(&stated.fact),
        }),
        ..needed.request
    };
    let head = entry.header().parents.first().map_or("", |head| head.as_str());
    let mut document = build(press, &past, &then, &request, (fact.issued, head))?;
    document.issue = Some(Issue {
        entry: id.to_string(),
        signature: entry.header().proof.signature().map(Vec::from).unwrap_or_default(),
    });
    let begins = match request.part {
        Part::Legs { first, .. } => {
            let itinerary = then.itinerary.as_ref();
            itinerary.and_then(|stated| stated.fact.legs().nth(first)).map(|leg| leg.from.clone())
        }
        Part::Whole | Part::Movement(_) | Part::Equipment(_) | Part::Goods(_) => None,
    };
    Ok(Reprint { document, begins })
}

/// The entry of the document in force under a name such as `smgs-2`, or of any document under its number.
///
/// Errors: the consignment needs no such document, or it was not issued.
pub(crate) fn find_issued(
    press: Press<'_>,
    dossier: &Dossier,
    state: &DossierState,
    name: &str,
) -> Result<EntryId, Refusal> {
    if let Some(stated) = state.documents.iter().rev().find(|stated| stated.fact.number == name) {
        return Ok(stated.entry.clone());
    }
    let needed = match_needed(press, dossier, state)?.into_iter().find(|one| one.request.name() == name);
    let needed = needed.ok_or_else(|| Refusal::NotFound { what: "document", id: name.to_owned() })?;
    needed.issued.map(|stated| stated.entry).ok_or_else(|| not_issued(&needed.request))
}

/// The names in addresses of the documents in force, by the entries that issued them.
pub fn list_names(press: Press<'_>, dossier: &Dossier, state: &DossierState) -> BTreeMap<EntryId, String> {
    let needed = match_needed(press, dossier, state).unwrap_or_default().into_iter();
    needed.filter_map(|one| Some((one.issued?.entry, one.request.name()))).collect()
}

/// A document that is needed and not issued.
pub(crate) fn not_issued(request: &DocumentRequest) -> Refusal {
    Refusal::conflict(
        Finding::error("node.not-issued", format!("the {} is not issued yet", request.kind.title()))
            .remedy("accept an itinerary; the documents are issued with it"),
    )
}
