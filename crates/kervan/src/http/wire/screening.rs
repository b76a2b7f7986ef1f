//! Screening on the wire: lists, questions, hits, decisions.

use kervan_model::Finding;
use kervan_node::OpenHit;
use kervan_screening::limits::{LONGEST_NAME, MOST_QUESTIONS};
use kervan_screening::{Birth, Hit, Identifier, ListHead, PartyKind, Question, Standing, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most numbers of one party that are asked about; no register gives a party more.
const MOST_IDENTIFIERS: usize = 20;

/// A list that is loaded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeniedList {
    /// The name of its file.
    pub name: String,
    /// The shape that it was recognized by.
    pub format: &'static str,
    /// Hash of its content.
    pub version: String,
    /// The day that it says it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// How many are on it.
    pub entities: usize,
}

/// Somebody who is asked about.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningParty {
    /// The name in any script.
    pub name: String,
    /// `person`, `organisation` or `vessel`; without it all are tried.
    #[serde(default)]
    pub kind: Option<String>,
    /// Country, two letters.
    #[serde(default)]
    pub country: Option<String>,
    /// Year or day of birth.
    #[serde(default)]
    pub born: Option<String>,
    /// Numbers such as `imo:9074729`.
    #[serde(default)]
    pub identifiers: Vec<String>,
}

/// Names to screen.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningRequest {
    /// Names alone.
    #[serde(default)]
    pub names: Vec<String>,
    /// Parties with what else is known.
    #[serde(default)]
    pub parties: Vec<ScreeningParty>,
}

/// Somebody on a list who may be meant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScreeningHit {
    /// The list.
    pub list: String,
    /// Its version.
    pub version: String,
    /// The entity on it.
    pub entity: String,
    /// The nearest of its names.
    pub name: String,
    /// How sure, 0 to 1.
    pub score: f64,
    /// Why.
    pub reasons: Vec<String>,
}

/// A hit of a consignment, as it stands for the administration that asks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsignmentHit {
    /// Where the name stands in the consignment: a JSON pointer.
    pub path: String,
    /// The name that was asked about.
    pub asked: String,
    /// Hash of the question; a decision names it.
    pub question: String,
    /// Who may be meant.
    pub hit: ScreeningHit,
    /// `open`, `changed` (decided, and the entity has changed since) or `decided`.
    pub state: &'static str,
    /// Whether it holds the goods.
    pub holds: bool,
    /// The latest decision, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<TakenDecision>,
    /// A first officer's word that waits for a second, where the rules want four eyes for clearing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<ProposedClearing>,
}

/// A first officer's word that a hit is somebody else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProposedClearing {
    /// The officer, by id.
    pub officer: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: String,
}

/// A decision about a hit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TakenDecision {
    /// `cleared` or `confirmed`.
    pub verdict: &'static str,
    /// Who decided.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: String,
    /// The version of the list that was seen.
    pub list_version: String,
}

/// What was found out about a hit.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitVerdict {
    /// Somebody else: a false positive.
    Cleared,
    /// The denied party: a true match.
    Confirmed,
}

/// An officer's decision about a hit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideHit {
    /// A movement that the hit holds, such as `KRV-2026-0001/1`.
    pub movement: String,
    /// The list.
    pub list: String,
    /// The entity on it.
    pub entity: String,
    /// Hash of the question, as the hit gives it.
    pub question: String,
    /// What was found out.
    pub verdict: HitVerdict,
    /// Why: what was compared and what it showed.
    pub reason: String,
    /// The officer's id, if it should be checked against the token; whose token it is decides.
    #[serde(default)]
    pub officer: Option<String>,
    /// Whether it takes the place of another decision that holds.
    #[serde(default)]
    pub revise: bool,
}

/// The hits of one name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ScreeningAnswer {
    /// The name that was asked about.
    pub name: String,
    /// Hash of the question; a decision holds for it.
    pub question: String,
    /// The hits, the surest first.
    pub hits: Vec<ScreeningHit>,
}

impl From<&ListHead> for DeniedList {
    fn from(head: &ListHead) -> Self {
        Self {
            name: head.name.clone(),
            format: head.format.word(),
            version: head.version.clone(),
            published: head.published.clone(),
            entities: head.entities,
        }
    }
}

impl From<&Hit> for ScreeningHit {
    fn from(hit: &Hit) -> Self {
        Self {
            list: hit.list.clone(),
            version: hit.version.clone(),
            entity: hit.entity.clone(),
            name: hit.name.clone(),
            score: f64::from(hit.score.thousandths()) / 1000.0,
            reasons: hit.reasons.iter().map(ToString::to_string).collect(),
        }
    }
}

impl From<&OpenHit> for ConsignmentHit {
    fn from(open: &OpenHit) -> Self {
        let found = &open.found;
        let (state, decision) = match &found.standing {
            Standing::Open => ("open", None),
            Standing::Changed { decision } => ("changed", Some(decision)),
            Standing::Decided { decision } => ("decided", Some(decision)),
        };
        Self {
            path: found.path.clone(),
            asked: found.hit.asked.clone(),
            question: found.hit.question.clone(),
            hit: ScreeningHit::from(&found.hit),
            state,
            holds: !found.standing.lets_pass(),
            decision: decision.map(|decision| TakenDecision {
                verdict: decision.verdict.word(),
                by: decision.by.clone(),
                reason: decision.reason.clone(),
                at: decision.at.to_string(),
                list_version: decision.list_version.clone(),
            }),
            proposal: open.proposal.as_ref().map(|proposal| ProposedClearing {
                officer: proposal.officer.clone(),
                reason: proposal.remark.clone(),
                at: proposal.at.to_string(),
            }),
        }
    }
}

impl From<HitVerdict> for Verdict {
    fn from(verdict: HitVerdict) -> Self {
        match verdict {
            HitVerdict::Cleared => Self::Cleared,
            HitVerdict::Confirmed => Self::Confirmed,
        }
    }
}

impl ScreeningRequest {
    /// The questions. Errors: every fault of the request at once.
    pub fn read(self) -> Result<Vec<Question>, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut fault = |at: String, message: String, remedy: &str| {
            findings.push(Finding::error("screening.request", message).at(at).remedy(remedy));
        };
        let asked = self.names.len() + self.parties.len();
        if asked == 0 || asked > MOST_QUESTIONS {
            let message = format!("{asked} names are asked about; 1 to {MOST_QUESTIONS} may be");
            fault("/names".to_owned(), message, "ask in several requests");
        }
        let names = self.names.iter().enumerate().map(|(at, name)| (format!("/names/{at}"), name));
        let of_parties =
            self.parties.iter().enumerate().map(|(at, party)| (format!("/parties/{at}/name"), &party.name));
        for (at, name) in names.chain(of_parties) {
            if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
                let message = format!("a name has 1 to {LONGEST_NAME} characters");
                fault(at, message, "ask about one name");
            }
        }
        let mut questions: Vec<Question> = self.names.into_iter().map(Question::new).collect();
        for (at, party) in self.parties.into_iter().enumerate() {
            questions.push(read_party(party, at, &mut findings));
        }
        if findings.is_empty() { Ok(questions) } else { Err(findings) }
    }
}

fn read_party(party: ScreeningParty, at: usize, findings: &mut Vec<Finding>) -> Question {
    let mut wrong = |field: &str, value: &str| {
        let message = format!("`{value}` cannot be read as {field}");
        findings.push(Finding::error("screening.request", message).at(format!("/parties/{at}/{field}")));
    };
    let kind = party.kind.as_deref().and_then(|word| {
        let found = PartyKind::find(word);
        if found.is_none() {
            wrong("kind", word);
        }
        found
    });
    let country = party.country.as_deref().and_then(|code| {
        let found = code.parse().ok();
        if found.is_none() {
            wrong("country", code);
        }
        found
    });
    let born = party.born.as_deref().and_then(|text| {
        let found = Birth::find(text);
        if found.is_none() {
            wrong("born", text);
        }
        found
    });
    let numbers = party
        .identifiers
        .iter()
        .take(MOST_IDENTIFIERS)
        .map(|text| text.split_once(':').unwrap_or(("other", text)));
    let identifiers = numbers.filter_map(|(scheme, value)| Identifier::new(scheme, value)).collect();
    if party.identifiers.len() > MOST_IDENTIFIERS {
        wrong("identifiers", &format!("{} numbers", party.identifiers.len()));
    }
    Question { name: party.name, kind, country, born, identifiers }
}
