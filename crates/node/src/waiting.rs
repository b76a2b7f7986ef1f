//! What waits for a party: consents, holds, papers that an office asks for, consignments without a way, alarms.

use crate::alarms::list_seen;
use crate::open_book::list_open_facts;
use crate::{CaseFile, ConsignmentState, Refusal, Sight};
use jiff::Timestamp;
use kervan_customs::State;
use kervan_dossier::ProposalStanding;
use kervan_model::{EntryId, Finding, MovementId, PartyId, Reference};
use kervan_tracking::alarm::AlarmState;
use std::collections::BTreeSet;

/// Why something waits for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingKind {
    /// Goods stand at an office until the declarant has answered.
    Held,
    /// An office asks for papers.
    Papers,
    /// An office has refused the goods.
    Refused,
    /// An amendment changes nothing until the party has consented.
    Consent,
    /// Somebody should look at it, and the party answers for that.
    Alarm,
    /// No way is accepted yet.
    NoItinerary,
}

impl WaitingKind {
    /// The word used on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Papers => "papers",
            Self::Refused => "refused",
            Self::Consent => "consent",
            Self::Alarm => "alarm",
            Self::NoItinerary => "no_itinerary",
        }
    }
}

/// Something that waits for a party.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Why.
    pub kind: WaitingKind,
    /// The consignment.
    pub reference: Reference,
    /// Since when.
    pub since: Timestamp,
    /// In words.
    pub message: String,
    /// What to do about it, where somebody said so.
    pub remedy: Option<String>,
    /// The code of the finding that says so, if one does.
    pub code: Option<String>,
    /// The rule that gave the finding.
    pub rule: Option<String>,
    /// The movement, for what an office wants.
    pub movement: Option<MovementId>,
    /// The entry that waits for consent.
    pub entry: Option<EntryId>,
    /// The alarm.
    pub alarm: Option<String>,
}

/// The code with which an officer asks for papers.
const PAPERS_ASKED: &str = "customs.documents-asked";

/// Everything that waits for a party, the gravest kind first and then the longest waiting.
///
/// Errors: the store fails; the party is not registered.
pub fn list_waiting(sight: Sight<'_>, party: &PartyId) -> Result<Vec<Waiting>, Refusal> {
    let roles: Vec<_> = sight.desk.party(party)?.record.roles.iter().map(|grant| grant.role.word()).collect();
    let mut waiting = Vec::new();
    let mut own: BTreeSet<Reference> = BTreeSet::new();
    for facts in list_open_facts(sight)? {
        if facts.forwarder != *party && !facts.participants.contains(party) {
            continue;
        }
        if facts.forwarder == *party {
            waiting.extend(facts.of_forwarder.iter().cloned());
        }
        let asked = facts.consents.iter().filter(|(of_whom, _)| of_whom.contains(party));
        waiting.extend(asked.map(|(_, waiting)| waiting.clone()));
        own.insert(facts.reference.clone());
    }
    let open = sight.desk.open_alarms.list(sight.desk)?;
    for alarm in list_seen(&sight, &open) {
        let answers = roles.contains(&alarm.owner.word()) && own.contains(&alarm.reference);
        if answers && alarm.state == AlarmState::Raised {
            waiting.push(Waiting {
                message: alarm.reason.clone(),
                alarm: Some(alarm.id.clone()),
                ..Waiting::new(WaitingKind::Alarm, alarm.reference.clone(), alarm.raised)
            });
        }
    }
    waiting.sort_by(|left, right| {
        (left.kind, left.since, &left.reference).cmp(&(right.kind, right.since, &right.reference))
    });
    Ok(waiting)
}

impl Waiting {
    fn new(kind: WaitingKind, reference: Reference, since: Timestamp) -> Self {
        let (message, remedy, code, rule) = (String::new(), None, None, None);
        Self { kind, reference, since, message, remedy, code, rule, movement: None, entry: None, alarm: None }
    }
}

/// What waits for whoever declared the consignment.
pub(crate) fn of_forwarder(case: &CaseFile) -> Vec<Waiting> {
    let reference = &case.row.reference;
    let mut waiting = Vec::new();
    if case.summary.state == ConsignmentState::Draft {
        waiting.push(Waiting::new(WaitingKind::NoItinerary, reference.clone(), case.row.updated));
    }
    for file in &case.movements {
        let (kind, findings) = match &file.movement.state {
            State::UnderControl { findings, .. } if asks_for_papers(findings) => {
                (WaitingKind::Papers, findings)
            }
            State::UnderControl { findings, .. } => (WaitingKind::Held, findings),
            State::Refused { findings, .. } => (WaitingKind::Refused, findings),
            _ => continue,
        };
        let asked = findings.iter().find(|one| one.code == PAPERS_ASKED);
        // Of findings of one severity the first one leads, as in the decision.
        let first = asked.or(Finding::gravest(findings));
        let since = file.movement.history.last().map_or(case.row.updated, |step| step.at);
        waiting.push(Waiting {
            message: first.map(|one| one.message.clone()).unwrap_or_default(),
            remedy: first.and_then(|one| one.remedy.clone()),
            code: first.map(|one| one.code.clone()),
            rule: first.and_then(|one| one.rule.clone()),
            movement: Some(file.movement.id.clone()),
            ..Waiting::new(kind, reference.clone(), since)
        });
    }
    waiting
}

fn asks_for_papers(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.code == PAPERS_ASKED)
}

/// Amendments that change nothing until others have answered, and who they are.
pub(crate) fn consents_of(case: &CaseFile) -> Vec<(Vec<PartyId>, Waiting)> {
    let waiting = case.state.proposals.iter().filter_map(|stated| {
        let ProposalStanding::Pending { waits_for } = &stated.fact.standing else { return None };
        let waiting = Waiting {
            message: stated.fact.amendment.reason.clone(),
            entry: Some(stated.entry.clone()),
            ..Waiting::new(WaitingKind::Consent, case.row.reference.clone(), stated.authored)
        };
        Some((waits_for.to_vec(), waiting))
    });
    waiting.collect()
}
