//! What needs an officer at this node, and how clearance goes.

use crate::open_list::Held;
use crate::permitted::Permitted;
use crate::replay::list_decided;
use crate::scribe::to_text;
use crate::work_order::{OpenMovement, Rank, WorkCursor, assess};
use crate::work_told::Line;
use crate::{Desk, MovementFile, Refusal, Sight, read_movement};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_customs::{Cleared, ClearedStep, Measures, WorkItem, decide, decide_in, measure_clearance};
use kervan_model::{Finding, MovementId, TerritoryId};
use kervan_rights::Action;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A page of the work list.
#[derive(Clone, Debug)]
pub struct WorkPage {
    /// The movements, each with its version.
    pub items: Vec<(WorkItem, String)>,
    /// Where the next page begins; none after the last.
    pub next: Option<WorkCursor>,
    /// How many movements the whole list holds now.
    pub total: usize,
}

/// The movements that need an officer of a territory, or of any, most urgent first, with their findings in a language as far
/// as the rules speak it.
///
/// Errors: the store failed, or a movement cannot be read.
pub fn list_work<'a>(
    sight: impl Into<Sight<'a>>,
    territory: Option<&TerritoryId>,
    language: &str,
    now: Timestamp,
) -> Result<Vec<(WorkItem, String)>, Refusal> {
    Ok(list_work_page(sight, territory, language, (now, None), usize::MAX)?.items)
}

/// A page of at most `most` movements, from the beginning as it stands at an instant, or after a cursor. Movements that come in
/// meanwhile neither repeat others nor hide them. What the caller may not know of is left out first: it is not counted, and no
/// cursor names it.
///
/// Errors: the store failed, or a movement cannot be read.
pub fn list_work_page<'a>(
    sight: impl Into<Sight<'a>>,
    territory: Option<&TerritoryId>,
    language: &str,
    (now, after): (Timestamp, Option<&WorkCursor>),
    most: usize,
) -> Result<WorkPage, Refusal> {
    let sight = sight.into();
    let desk = sight.desk;
    let at = after.map_or(now, |cursor| cursor.at);
    let (names, mut permitted) = (sight.names(), Permitted::of(sight, Action::GetMovement));
    let always = sight.permits_always(Action::GetMovement);
    let mut ranks: Vec<(Rank, Held<Vec<OpenMovement>>)> = Vec::new();
    for open in &desk.open_work.list(desk)?.all {
        let relations = sight.within(&names, &open.circle);
        for one in &open.things {
            let there = territory.is_none_or(|territory| one.standing.territory == *territory);
            if there && (always || permitted.to(sight.at_one_of(&one.offices, relations))) {
                ranks.push((one.standing.rank(&one.id, at), Arc::clone(open)));
            }
        }
    }
    let total = ranks.len();
    ranks.retain(|(rank, _)| after.is_none_or(|cursor| *rank > cursor.rank));
    ranks.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    let mut items = Vec::new();
    let mut last = None;
    let mut rest = ranks.into_iter();
    for (rank, held) in rest.by_ref() {
        if let Some(line) = tell(desk, &held, &rank.3, language)? {
            items.push(Line::clone(&line));
        }
        last = Some(rank);
        if items.len() >= most {
            break;
        }
    }
    let more = rest.next().is_some();
    let next = last.filter(|_| more).map(|rank| WorkCursor { at, rank });
    Ok(WorkPage { items, next, total })
}

/// What an officer is told of a movement; nothing if it was released since the order was made and is no work any more.
fn tell(
    desk: &Desk,
    held: &Held<Vec<OpenMovement>>,
    id: &MovementId,
    language: &str,
) -> Result<Option<Arc<Line>>, Refusal> {
    if let Some(line) = desk.work_told.find(held, id, language) {
        return Ok(Some(line));
    }
    let Some(row) = desk.store.find_movement(id)? else { return Ok(None) };
    let file = read_movement(&row)?;
    let Some(mut item) = assess(desk, &file) else { return Ok(None) };
    speak(desk, &file, language, &mut item.why);
    let line = Arc::new((item, version_of(&file)?));
    desk.work_told.remember(held, language, &line);
    Ok(Some(line))
}

/// Puts what the rules found into a language: the case is decided again by the same pack, which gives the same findings in
/// other words. What is signed stays as it is; findings that no rule gave stay in English.
fn speak(desk: &Desk, file: &MovementFile, language: &str, findings: &mut [Finding]) {
    let packs = desk.rules.packs();
    let known = file.decision.as_ref().zip(file.case.as_ref()).and_then(|(decision, case)| {
        let pack = packs.find(&decision.rule_pack.id)?;
        let same = pack.reference().hash == decision.rule_pack.hash;
        (same && pack.languages().iter().any(|spoken| spoken == language)).then_some((pack, case, decision))
    });
    let Some((pack, case, decision)) = known else { return };
    // The order of findings does not hang on the language.
    let signed = decide(pack, case, decision.at).findings;
    let spoken = decide_in(pack, case, decision.at, language).findings;
    for finding in findings {
        if let Some((_, other)) = signed.iter().zip(&spoken).find(|(signed, _)| *signed == finding) {
            finding.clone_from(other);
        }
    }
}

/// The version of a movement: an officer who acts names the one that was seen, and is told if it is no longer that.
///
/// Errors: never for a movement of ours.
pub fn version_of(file: &MovementFile) -> Result<String, Refusal> {
    let digest = Sha256::digest(to_text(file)?.as_bytes());
    Ok(HEXLOWER.encode(digest.get(..8).unwrap_or_default()))
}

/// How clearance goes at this node: of every movement, from its signed steps.
///
/// Errors: the store failed, or an entry cannot be read.
pub fn measure(desk: &Desk) -> Result<Measures, Refusal> {
    let mut steps: BTreeMap<String, Vec<ClearedStep>> = BTreeMap::new();
    for (entry, fact) in list_decided(desk)? {
        steps.entry(fact.movement.to_string()).or_default().push(ClearedStep {
            at: entry.header().authored,
            message: fact.message,
            findings: fact.findings,
        });
    }
    let mut movements = Vec::new();
    for row in desk.store.list_movements(None, u32::MAX)? {
        let file = read_movement(&row)?;
        let steps = steps.remove(row.id.as_str()).unwrap_or_default();
        let territory = file.movement.territory().to_string();
        movements.push(Cleared { territory, presented: file.movement.presented, steps });
    }
    Ok(measure_clearance(&movements))
}
