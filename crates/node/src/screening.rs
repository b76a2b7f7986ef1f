//! Screening of the parties, contact persons, ships and goods of consignments: the lists that are loaded, what holds goods, what
//! officers decide about hits.
//!
//! What is found is for the administration alone: the dossier and its readers learn that the consignment is examined, and no
//! more; the entry of a decision holds its hash, so that the administration can show afterwards what it signed.
//!
//! A decision binds the administration that took it and no other. It holds for the same question and the same entity; another
//! name or number of the party, or a material change of the entity, opens the hit again.

use crate::case_file::load_events;
use crate::clear::{load_case_inputs, note, resume};
use crate::limits::LONGEST_REASON;
use crate::message::reference_of;
use crate::officer::{officer_missing, same_officer};
use crate::project::project;
use crate::scribe::{Scribe, to_text};
use crate::{Call, CaseFile, Desk, Refusal};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_customs::Proposal;
use kervan_dossier::DossierState;
use kervan_model::{Consignment, Finding, MovementId, Reference, Role, TerritoryId};
use kervan_screening::{
    Asked, Decision, GoodsList, Hit, Identifier, Index, PartyHit, PartyKind, Question, Standing, Tables,
    Verdict, findings_of, standing_of,
};
use kervan_store::{ScreeningDecisionRow, Write};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The lists of denied parties that a node has loaded, with the tables of matching.
pub struct Denied {
    /// Letters, sounds, legal forms, weights: those of the node's rules.
    pub tables: Arc<Tables>,
    /// The lists.
    pub index: Index,
    /// The lists of goods.
    pub goods: Vec<GoodsList>,
}

impl Denied {
    /// Everybody on the lists who may be meant, the surest first.
    pub fn ask(&self, question: &Question) -> Vec<Hit> {
        self.index.screen(&self.tables, question, self.tables.threshold())
    }
}

/// What an officer decides about a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitDecision {
    /// A movement that it holds; its administration decides.
    pub movement: MovementId,
    /// The list.
    pub list: String,
    /// The entity on it.
    pub entity: String,
    /// Hash of the question, as the hit gives it.
    pub question: String,
    /// What was found out.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: String,
    /// The officer whose own token came with the request, by id.
    pub officer: Option<String>,
    /// Whether it takes the place of another decision that holds.
    pub revise: bool,
}

/// Everybody who has a part in a consignment, each with all names, and the ships.
fn list_asked(consignment: &Consignment) -> Vec<Vec<Asked>> {
    let mut all = Vec::new();
    for (at, party) in consignment.parties.iter().enumerate() {
        let mut identifiers: Vec<Identifier> = party
            .identifiers
            .iter()
            .filter_map(|number| Identifier::new(&number.scheme, &number.value))
            .collect();
        if let Some(text) = &party.identifier {
            let (scheme, number) = text.split_once(' ').unwrap_or(("other", text));
            identifiers.extend(Identifier::new(scheme, number));
        }
        let question = |name: &str| Question {
            name: name.to_owned(),
            country: Some(party.country),
            identifiers: identifiers.clone(),
            ..Question::default()
        };
        let mut asked = vec![Asked { path: format!("/parties/{at}/name"), question: question(&party.name) }];
        asked.extend(party.names.iter().enumerate().map(|(number, local)| Asked {
            path: format!("/parties/{at}/names/{number}/name"),
            question: question(&local.name),
        }));
        all.push(asked);
        if let Some(contact) = &party.contact {
            let question = Question {
                name: contact.name.clone(),
                kind: Some(PartyKind::Person),
                country: Some(party.country),
                ..Question::default()
            };
            all.push(vec![Asked { path: format!("/parties/{at}/contact/name"), question }]);
        }
    }
    for (at, transport) in consignment.transport.iter().enumerate() {
        let Some(name) = &transport.name else { continue };
        let question = Question {
            name: name.clone(),
            kind: Some(PartyKind::Vessel),
            country: transport.nationality,
            identifiers: Identifier::new("imo", &transport.means).into_iter().collect(),
            ..Question::default()
        };
        all.push(vec![Asked { path: format!("/transport/{at}/name"), question }]);
    }
    all
}

/// The hits of a consignment as they stand for the administration of a territory; of several names of a party that find the
/// same entity the surest counts. Nobody is found where no list is loaded. Decisions among the pending writes count.
///
/// Errors: the store failed, or a decision cannot be read.
pub(crate) fn find_hits(
    desk: &Desk,
    pending: &[Write],
    consignment: &Consignment,
    territory: &TerritoryId,
) -> Result<Vec<PartyHit>, Refusal> {
    let Some(denied) = &desk.denied else { return Ok(Vec::new()) };
    let mut hits = find_goods(desk, denied, pending, consignment, territory)?;
    for party in list_asked(consignment) {
        let mut best: BTreeMap<(String, String), (String, Hit)> = BTreeMap::new();
        for asked in party {
            for hit in denied.ask(&asked.question) {
                let key = (hit.list.clone(), hit.entity.clone());
                if best.get(&key).is_none_or(|(_, known)| known.score < hit.score) {
                    best.insert(key, (asked.path.clone(), hit));
                }
            }
        }
        for (path, hit) in best.into_values() {
            let standing = standing_of(&hit, &list_decisions(desk, pending, territory, &hit.question)?);
            hits.push(PartyHit { path, hit, standing });
        }
    }
    Ok(hits)
}

/// The goods that fit a rule of a list of goods.
fn find_goods(
    desk: &Desk,
    denied: &Denied,
    pending: &[Write],
    consignment: &Consignment,
    territory: &TerritoryId,
) -> Result<Vec<PartyHit>, Refusal> {
    let mut hits = Vec::new();
    for (at, item) in consignment.goods.iter().enumerate() {
        for hit in denied
            .goods
            .iter()
            .flat_map(|list| list.screen(&denied.tables, item.hs.as_str(), &item.description))
        {
            let standing = standing_of(&hit, &list_decisions(desk, pending, territory, &hit.question)?);
            hits.push(PartyHit { path: format!("/goods/{at}/description"), hit, standing });
        }
    }
    Ok(hits)
}

fn list_decisions(
    desk: &Desk,
    pending: &[Write],
    territory: &TerritoryId,
    question: &str,
) -> Result<Vec<Decision>, Refusal> {
    let mut texts = desk.store.list_screening_decisions(territory.as_str(), question)?;
    texts.extend(pending.iter().filter_map(|write| match write {
        Write::ScreeningDecision(row) if row.territory == territory.as_str() && row.question == question => {
            Some(row.decision.clone())
        }
        _ => None,
    }));
    let read = |text: &String| {
        serde_json::from_str(text).map_err(|error| Refusal::broken("a decision of screening", &error))
    };
    texts.iter().map(read).collect()
}

/// The findings of the hits that hold a consignment at the offices of a territory.
pub(crate) fn list_holding(
    desk: &Desk,
    pending: &[Write],
    consignment: Option<&Consignment>,
    territory: &TerritoryId,
) -> Result<Vec<Finding>, Refusal> {
    match consignment {
        Some(consignment) => Ok(findings_of(&find_hits(desk, pending, consignment, territory)?)),
        None => Ok(Vec::new()),
    }
}

/// Goods are not released over a hit that nobody has cleared.
pub(crate) fn check_cleared(
    desk: &Desk,
    state: &DossierState,
    territory: &TerritoryId,
) -> Result<(), Refusal> {
    match list_holding(desk, &[], state.consignment.as_ref(), territory)?.into_iter().next() {
        None => Ok(()),
        Some(holding) => {
            let text = format!("a hit of the screening is not cleared: {}", holding.message);
            let finding = Finding::error("screening.not-cleared", text);
            let at = holding.path.unwrap_or_default();
            let remedy = "decide the hit first: POST /api/screening/decisions";
            Err(Refusal::conflict(finding.at(at).remedy(remedy)))
        }
    }
}

/// The hits of a consignment as they stand for the administration of a territory.
///
/// Errors: there is no such consignment, or the store failed.
pub fn list_hits(
    desk: &Desk,
    reference: &Reference,
    territory: &TerritoryId,
) -> Result<Vec<PartyHit>, Refusal> {
    let case = CaseFile::load(desk, reference)?;
    match &case.state.consignment {
        Some(consignment) => find_hits(desk, &[], consignment, territory),
        None => Ok(Vec::new()),
    }
}

/// A hit with what a first officer has proposed about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHit {
    /// The hit and how it stands.
    pub found: PartyHit,
    /// What waits for a second officer.
    pub proposal: Option<Proposal>,
}

/// The hits of a consignment as they stand for the administration of a territory, with what waits for a second officer.
///
/// Errors: there is no such consignment, or the store failed.
pub fn list_open_hits(
    desk: &Desk,
    reference: &Reference,
    territory: &TerritoryId,
) -> Result<Vec<OpenHit>, Refusal> {
    let with_proposal = |found: PartyHit| {
        let proposal = find_proposal(desk, territory, &found)?;
        Ok(OpenHit { found, proposal })
    };
    list_hits(desk, reference, territory)?.into_iter().map(with_proposal).collect()
}

/// The word of clearing a hit in the `four_eyes` of a pack.
const CLEAR_HIT: &str = "clear_hit";

fn note_of_proposal(territory: &TerritoryId, hit: &PartyHit) -> String {
    format!("screening-proposal/{territory}/{}/{}/{}", hit.hit.question, hit.hit.list, hit.hit.entity)
}

fn find_proposal(desk: &Desk, territory: &TerritoryId, hit: &PartyHit) -> Result<Option<Proposal>, Refusal> {
    let text = desk.store.find_note(&note_of_proposal(territory, hit))?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|error| Refusal::broken("a proposal about a hit", &error))
    };
    text.filter(|text| text != NOBODY).map(read).transpose()
}

/// What stands in the place of a proposal that has been settled.
const NOBODY: &str = "null";

/// Whether the verdict may take effect: where the pack wants four eyes for clearing, a first officer's is a proposal.
///
/// Gives the officers, or the proposal. Errors: the same officer comes twice, or no officer comes.
fn agree(
    desk: &Desk,
    pack: Option<&str>,
    (territory, found): (&TerritoryId, &PartyHit),
    wanted: &HitDecision,
    now: Timestamp,
) -> Result<Result<Vec<String>, Proposal>, Refusal> {
    let packs = desk.rules.packs();
    let two = pack.and_then(|id| packs.find(id)).is_some_and(|pack| pack.needs_four_eyes(CLEAR_HIT));
    let officer = wanted.officer.as_deref().map(str::trim);
    if !two || wanted.verdict != Verdict::Cleared {
        return Ok(Ok(officer.map(str::to_owned).into_iter().collect()));
    }
    let name = officer.ok_or_else(officer_missing)?;
    match find_proposal(desk, territory, found)? {
        Some(first) if first.officer == name => Err(same_officer(name, CLEAR_HIT)),
        Some(first) => Ok(Ok(vec![first.officer, name.to_owned()])),
        None => {
            let (officer, act, remark) =
                (name.to_owned(), CLEAR_HIT.to_owned(), wanted.reason.trim().to_owned());
            Ok(Err(Proposal { officer, act, remark, at: now }))
        }
    }
}

/// Decides a hit; the caller must be the administration of the office of departure of the movement. The decision is kept, noted
/// in the dossier by its hash under the administration's signature, and what only cleared hits have held is decided anew. The same
/// decision again changes nothing. Where the pack wants four eyes for clearing, the first officer's word waits for a second.
///
/// Errors: another administration calls, there is no such hit, it is decided otherwise already, or the reason is missing.
pub fn decide_hit(desk: &Desk, mut call: Call<'_>, wanted: &HitDecision) -> Result<CaseFile, Refusal> {
    check_words(wanted)?;
    let reference = reference_of(&wanted.movement)?;
    let _held = desk.hold(&reference);
    let mut case = CaseFile::load(desk, &reference)?;
    let officer = desk.party(&call.actor)?;
    let not_found = || Refusal::NotFound { what: "movement", id: wanted.movement.to_string() };
    let file = case.movements.iter().find(|file| file.movement.id == wanted.movement);
    let file = file.ok_or_else(not_found)?;
    let territory = file.movement.departure().territory.clone();
    if officer.find_territory(Role::Customs) != Some(&territory) {
        let message =
            format!("only the customs administration of {territory} decides on {}", wanted.movement);
        return Err(Refusal::NotAllowed(message));
    }
    let hits = match &case.state.consignment {
        Some(consignment) => find_hits(desk, &[], consignment, &territory)?,
        None => Vec::new(),
    };
    let found = find_wanted(&hits, wanted)?;
    if is_settled(found, wanted)? {
        return Ok(case);
    }
    let pack = file.decision.as_ref().map(|decision| decision.rule_pack.id.as_str());
    let note_name = note_of_proposal(&territory, found);
    let officers = match agree(desk, pack, (&territory, found), wanted, call.now)? {
        Ok(officers) => officers,
        Err(proposal) => {
            let value = to_text(&proposal)?;
            let mut scribe = Scribe::new(desk, &mut call);
            scribe.officers = vec![proposal.officer];
            let said =
                to_finding("an officer has proposed a decision in the examination", "proposal", &value);
            note(&mut scribe, &mut case.dossier, file, "examination", vec![said])?;
            scribe.writes.push(Write::Note { name: note_name, value });
            return finish(scribe, &reference, &case);
        }
    };
    let by = match officers.as_slice() {
        [] => call.actor.to_string(),
        [one] => format!("{}, officer {one}", call.actor),
        many => format!("{}, officers {}", call.actor, many.join(" and ")),
    };
    let decision = Decision::of(&found.hit, wanted.verdict, by, wanted.reason.trim(), call.now);
    let text = to_text(&decision)?;
    let said = to_finding("the administration has taken a decision in its examination", "decision", &text);
    let row = ScreeningDecisionRow {
        territory: territory.to_string(),
        question: decision.query_hash.clone(),
        reference: reference.clone(),
        decided: call.now,
        decision: text,
    };
    let mut scribe = Scribe::new(desk, &mut call);
    scribe.officers = officers;
    scribe.writes.push(Write::ScreeningDecision(row));
    scribe.writes.push(Write::Note { name: note_name, value: NOBODY.to_owned() });
    note(&mut scribe, &mut case.dossier, file, "examination", vec![said])?;
    let inputs = load_case_inputs(desk, &case.state);
    for file in case.movements.iter_mut().filter(|file| file.movement.departure().territory == territory) {
        resume(&mut scribe, &mut case.dossier, file, &inputs)?;
    }
    finish(scribe, &reference, &case)
}

/// Saves what an officer did with a hit, and gives the consignment as it is then.
fn finish(mut scribe: Scribe<'_, '_>, reference: &Reference, case: &CaseFile) -> Result<CaseFile, Refusal> {
    let desk = scribe.desk;
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, reference)?;
    project(&mut scribe, reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, reference)
}

fn check_words(wanted: &HitDecision) -> Result<(), Refusal> {
    let mut findings = Vec::new();
    for (path, text) in [("/reason", wanted.reason.trim())] {
        if text.is_empty() || text.chars().count() > LONGEST_REASON {
            let message = format!("1 to {LONGEST_REASON} characters are wanted here");
            let remedy = "say in words what was compared and what it showed";
            findings.push(Finding::error("screening.words", message).at(path).remedy(remedy));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(Refusal::Invalid(findings)) }
}

fn find_wanted<'a>(hits: &'a [PartyHit], wanted: &HitDecision) -> Result<&'a PartyHit, Refusal> {
    let same = |found: &&PartyHit| {
        found.hit.list == wanted.list
            && found.hit.entity == wanted.entity
            && found.hit.question == wanted.question
    };
    hits.iter().find(same).ok_or_else(|| Refusal::NotFound {
        what: "hit",
        id: format!("{} {} of {}", wanted.list, wanted.entity, wanted.movement),
    })
}

/// Whether the hit is decided as wanted already. Errors: it is decided otherwise, and the request does not revise that.
fn is_settled(found: &PartyHit, wanted: &HitDecision) -> Result<bool, Refusal> {
    let Standing::Decided { decision } = &found.standing else { return Ok(false) };
    if decision.verdict == wanted.verdict {
        return Ok(true);
    }
    if wanted.revise {
        return Ok(false);
    }
    let text = format!(
        "the hit was {} at {} by {}: {}",
        decision.verdict.word(),
        decision.at,
        decision.by,
        decision.reason
    );
    let remedy = "look at that decision; `revise: true` puts yours in its place";
    Err(Refusal::conflict(Finding::error("screening.decided", text).at("/verdict").remedy(remedy)))
}

/// A decision or proposal as the dossier holds it: that there is one, and its hash. Whom it is about is for the administration
/// alone.
fn to_finding(what: &str, word: &str, text: &str) -> Finding {
    let hash = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    let message = format!("{what}; SHA-256 of the {word}: {hash}");
    Finding::info("clearance.examination", message).rule("examination")
}
