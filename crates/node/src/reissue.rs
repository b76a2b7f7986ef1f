//! Documents are issued, issued anew where what they say has changed, and withdrawn where the way no longer needs them.
//!
//! Each document in force is made again under its own number, day and head. If its data has the hash that was signed it
//! stands; else another one takes its place: it names the one before, carries its number and that of the contract before it
//! forward, and has a number of its own. A contract that another law of carriage takes over from at the same place is
//! replaced by that of the other law; what nothing takes the place of is cancelled.

use crate::documents::build;
use crate::issued::{Needed, day_of, match_needed, reprint};
use crate::scribe::Scribe;
use crate::{Refusal, Registered};
use kervan_documents::{DocumentKind, DocumentRequest, Part, ReplacedDocument};
use kervan_dossier::{
    CarriedReference, DocumentCancelled, DocumentIssued, Dossier, DossierState, Fact, Stated, canonical,
};
use kervan_model::Role;

/// Brings the documents in step with the dossier. Nothing is done before an itinerary is accepted. Returns whether anything
/// was issued or withdrawn.
///
/// Errors: a document cannot be made from the facts as they are now.
pub(crate) fn renew_documents(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    forwarder: &Registered,
) -> Result<bool, Refusal> {
    let mut state = scribe.fold(dossier)?;
    if state.itinerary.is_none() {
        return Ok(false);
    }
    let needed = match_needed(scribe.desk.press(), dossier, &state)?;
    let mut order: Vec<(usize, String)> =
        needed.iter().map(|one| (place_in_order(one), one.request.name())).collect();
    order.sort();
    let mut changed = false;
    for (_, name) in order {
        let needed = match_needed(scribe.desk.press(), dossier, &state)?;
        let Some(one) = needed.iter().find(|one| one.request.name() == name) else { continue };
        if is_in_step(scribe, dossier, &state, one)? {
            continue;
        }
        let replaced = match &one.issued {
            Some(issued) => Some(issued.clone()),
            None => find_other_law(scribe, dossier, &state, (one, &needed))?,
        };
        issue(scribe, dossier, &state, forwarder, (one, replaced))?;
        state = scribe.fold(dossier)?;
        changed = true;
    }
    Ok(withdraw(scribe, dossier, &state, forwarder)? || changed)
}

/// Contracts come first and in order of travel, since each names the one before it.
fn place_in_order(one: &Needed) -> usize {
    match one.request.part {
        Part::Legs { first, .. } if one.request.kind.is_contract() => first,
        _ => usize::MAX,
    }
}

/// Whether the document in force says what would be said now.
fn is_in_step(
    scribe: &Scribe<'_, '_>,
    dossier: &Dossier,
    state: &DossierState,
    one: &Needed,
) -> Result<bool, Refusal> {
    let Some(issued) = &one.issued else { return Ok(false) };
    let parents = dossier.find_entry(&issued.entry).map(|entry| entry.header().parents.as_slice());
    let head = parents.and_then(<[_]>::first).map_or("", |head| head.as_str());
    let issue = (issued.fact.issued, head);
    let document = build(scribe.desk.press(), dossier, state, &one.request, issue)?;
    Ok(hash_of(&document.data)? == issued.fact.data_sha256)
}

fn hash_of(data: &serde_json::Value) -> Result<String, Refusal> {
    let bytes = canonical::jcs(data).map_err(|error| Refusal::broken("a document", &error))?;
    Ok(canonical::sha256_hex(&bytes))
}

/// The contract in force that the way needs no longer and whose carriage begins where that of a new one does.
fn find_other_law(
    scribe: &Scribe<'_, '_>,
    dossier: &Dossier,
    state: &DossierState,
    (one, needed): (&Needed, &[Needed]),
) -> Result<Option<Stated<DocumentIssued>>, Refusal> {
    let (true, Part::Legs { first, .. }) = (one.request.kind.is_contract(), one.request.part) else {
        return Ok(None);
    };
    let itinerary = state.itinerary.as_ref();
    let begins = itinerary.and_then(|stated| stated.fact.legs().nth(first)).map(|leg| &leg.from);
    for stated in list_unneeded(state, needed) {
        let is_contract = DocumentKind::find(&stated.fact.slug).is_some_and(DocumentKind::is_contract);
        if is_contract
            && let Ok(old) = reprint(scribe.desk.press(), dossier, state, &stated.entry)
            && old.begins.as_ref() == begins
        {
            return Ok(Some(stated.clone()));
        }
    }
    Ok(None)
}

/// Documents in force that answer no need.
fn list_unneeded<'a>(
    state: &'a DossierState,
    needed: &'a [Needed],
) -> impl Iterator<Item = &'a Stated<DocumentIssued>> {
    let is_needed = |stated: &Stated<DocumentIssued>| {
        needed.iter().filter_map(|one| one.issued.as_ref()).any(|issued| issued.entry == stated.entry)
    };
    // What others issued, such as a carrier, is theirs to withdraw.
    state.list_current().filter(move |stated| stated.author.role == Role::Forwarder && !is_needed(stated))
}

fn issue(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    state: &DossierState,
    forwarder: &Registered,
    (one, replaced): (&Needed, Option<Stated<DocumentIssued>>),
) -> Result<(), Refusal> {
    let kind = one.request.kind;
    let earlier = state.documents.iter().filter(|stated| {
        stated.fact.slug == kind.slug() && DocumentRequest::is_issue_of(&stated.fact.number, &one.base)
    });
    let request = DocumentRequest {
        number: DocumentRequest::number_of(&one.base, earlier.count() + 1),
        replaces: replaced.as_ref().map(|stated| ReplacedDocument {
            number: stated.fact.number.clone(),
            issued: day_of(&stated.fact),
        }),
        ..one.request.clone()
    };
    let heads = dossier.heads();
    let head = heads.first().map_or("", |head| head.as_str());
    let now = scribe.call.now;
    let document = build(scribe.desk.press(), dossier, state, &request, (now, head))?;
    let type_code = |code: &str| code.parse().map_err(|error| Refusal::broken("a document type", &error));
    let mut carries: Vec<CarriedReference> = Vec::new();
    carries.extend(replaced.as_ref().map(|stated| CarriedReference {
        type_code: stated.fact.type_code.clone(),
        number: stated.fact.number.clone(),
        issued: day_of(&stated.fact),
    }));
    if let Some(previous) = &request.previous {
        carries.push(CarriedReference {
            type_code: type_code(&previous.type_code)?,
            number: previous.number.clone(),
            issued: previous.issued,
        });
    }
    let fact = Fact::DocumentIssued(DocumentIssued {
        slug: kind.slug().to_owned(),
        type_code: type_code(kind.type_code())?,
        number: document.number,
        issued: now,
        data_sha256: hash_of(&document.data)?,
        replaces: replaced.map(|stated| stated.entry),
        carries,
    });
    scribe.assert(dossier, forwarder, Role::Forwarder, None, &fact)
}

/// Cancels the documents that the way needs no longer and that nothing took the place of.
fn withdraw(
    scribe: &mut Scribe<'_, '_>,
    dossier: &mut Dossier,
    state: &DossierState,
    forwarder: &Registered,
) -> Result<bool, Refusal> {
    let needed = match_needed(scribe.desk.press(), dossier, state)?;
    let unneeded: Vec<_> = list_unneeded(state, &needed).map(|stated| stated.entry.clone()).collect();
    for document in &unneeded {
        let reason = "the way that is accepted now needs no such document".to_owned();
        let fact = Fact::DocumentCancelled(DocumentCancelled { document: document.clone(), reason });
        scribe.assert(dossier, forwarder, Role::Forwarder, None, &fact)?;
    }
    Ok(!unneeded.is_empty())
}
