//! What a customs officer does with a movement: each act is an entry of the dossier, signed by the administration.

use crate::case_file::{MovementFile, load_events};
use crate::clear::{CaseInputs, Side, load_case_inputs, note, take};
use crate::control_team::keep_claim;
use crate::guarantee::{CoverState, cover, retry_on_shortfall};
use crate::message::reference_of;
use crate::project::project;
use crate::screening::check_cleared;
use crate::scribe::Scribe;
use crate::work_list::version_of;
use crate::{Call, CaseFile, Desk, Refusal};
use kervan_customs::{CONTROL_CLEAN, CONTROL_FOUND, Content, Proposal};
use kervan_model::{Finding, MovementId, Role};

/// An act of an officer of the office of departure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficerAct {
    /// The goods are to be looked at.
    Control {
        /// Why, in words.
        reason: String,
    },
    /// The goods stay until the officer decides.
    Hold {
        /// Why, in words.
        reason: String,
    },
    /// Documents are asked for; the goods wait.
    AskDocuments {
        /// Which, in words.
        wanted: String,
    },
    /// The control was done; whether the goods agree with the declaration.
    ControlResult {
        /// Whether they agree.
        satisfactory: bool,
        /// What was found, in words.
        remark: String,
    },
    /// The goods may go.
    Release,
    /// The goods must not go.
    NoRelease {
        /// Why, in words.
        reason: String,
    },
}

/// Who acts, and on what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    /// The officer whose own token came with the request, by id; none where the administration's system acts.
    pub officer: Option<String>,
    /// The version of the movement that the officer saw; absent if any will do.
    pub seen: Option<String>,
}

impl OfficerAct {
    /// The word used in packs and on the wire.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Control { .. } => "control",
            Self::Hold { .. } => "hold",
            Self::AskDocuments { .. } => "ask_documents",
            Self::ControlResult { .. } => "control_result",
            Self::Release => "release",
            Self::NoRelease { .. } => "no_release",
        }
    }

    /// Whether it ends what the rules began.
    const fn is_final(&self) -> bool {
        matches!(self, Self::Release | Self::NoRelease { .. })
    }

    fn remark(&self) -> &str {
        match self {
            Self::Control { reason } | Self::Hold { reason } | Self::NoRelease { reason } => reason,
            Self::AskDocuments { wanted } => wanted,
            Self::ControlResult { remark, .. } => remark,
            Self::Release => "",
        }
    }

    fn content(self, id: &MovementId, officers: &str) -> Content {
        let findings = |finding: Finding| {
            let finding = finding.at(format!("/movements/{id}"));
            vec![if officers.is_empty() { finding } else { finding.rule(officers) }]
        };
        match self {
            Self::Control { reason } => Content::ControlDecision {
                findings: findings(
                    Finding::warning("customs.officer-control", reason).remedy("present the goods"),
                ),
            },
            Self::Hold { reason } => Content::ControlDecision {
                findings: findings(
                    Finding::warning("customs.officer-hold", reason).remedy("wait for the officer"),
                ),
            },
            Self::AskDocuments { wanted } => Content::ControlDecision {
                findings: findings(
                    Finding::warning("customs.documents-asked", wanted)
                        .source("NCTS CC060C, notification type 1: request for documents")
                        .remedy("attach the documents to the dossier"),
                ),
            },
            Self::ControlResult { satisfactory: true, remark } => Content::ControlResult {
                satisfactory: true,
                findings: findings(Finding::info(CONTROL_CLEAN, remark)),
            },
            Self::ControlResult { satisfactory: false, remark } => Content::ControlResult {
                satisfactory: false,
                findings: findings(Finding::warning(CONTROL_FOUND, remark)),
            },
            Self::Release => Content::Release,
            Self::NoRelease { reason } => {
                Content::NoRelease { findings: findings(Finding::error("customs.officer-refusal", reason)) }
            }
        }
    }
}

/// Takes an officer's act on a movement; the caller must be the customs administration of the office of departure. Where the
/// pack wants four eyes, the first officer's act is a proposal, and takes effect when another officer does the same.
///
/// Errors: another administration calls, the officer saw another version, the same officer comes twice, or the act does not
/// fit the state of the movement.
pub fn act_as_officer(
    desk: &Desk,
    mut call: Call<'_>,
    id: &MovementId,
    act: OfficerAct,
    by: &By,
) -> Result<CaseFile, Refusal> {
    retry_on_shortfall(|| act_once(desk, &mut call, id, &act, by))
}

fn act_once(
    desk: &Desk,
    call: &mut Call<'_>,
    id: &MovementId,
    act: &OfficerAct,
    by: &By,
) -> Result<CaseFile, Refusal> {
    let reference = reference_of(id)?;
    let _held = desk.hold(&reference);
    let mut case = CaseFile::load(desk, &reference)?;
    let officer = desk.party(&call.actor)?;
    let not_found = || Refusal::NotFound { what: "movement", id: id.to_string() };
    let file = case.movements.iter_mut().find(|file| file.movement.id == *id).ok_or_else(not_found)?;
    let territory = &file.movement.departure().territory;
    if officer.find_territory(Role::Customs) != Some(territory) {
        let message = format!("only the customs administration of {territory} decides on {id}");
        return Err(Refusal::NotAllowed(message));
    }
    check_version(file, by)?;
    if *act == OfficerAct::Release {
        check_cleared(desk, &case.state, territory)?;
    }
    let agreement = agree(desk, file, act, by, call.now)?;
    let mut scribe = Scribe::new(desk, call);
    match agreement {
        Agreement::Wanting(proposal) => {
            let text = format!("{} proposes {}: {}", proposal.officer, proposal.act, proposal.remark);
            let finding = Finding::info("customs.proposed", text)
                .at(format!("/movements/{id}"))
                .rule("four-eyes")
                .remedy("another officer confirms or does otherwise");
            scribe.officers = vec![proposal.officer.clone()];
            note(&mut scribe, &mut case.dossier, file, "proposal", vec![finding])?;
            file.proposal = Some(proposal);
        }
        Agreement::Reached(officers) => {
            file.proposal = None;
            if matches!(act, OfficerAct::Control { .. } | OfficerAct::ControlResult { .. }) {
                keep_claim(&mut scribe, id)?;
            }
            let content = act.clone().content(id, &say(&officers));
            scribe.officers = officers;
            if content == Content::Release {
                cover_first(&mut scribe, file, &load_case_inputs(desk, &case.state))?;
            }
            take(&mut scribe, &mut case.dossier, file, content, Side::Departure, None)?;
        }
    }
    let state = scribe.fold(&case.dossier)?;
    let events = load_events(desk, &reference)?;
    project(&mut scribe, &reference, &case.dossier, &state, &case.movements, &events, Some(&case.summary))?;
    scribe.save()?;
    CaseFile::load(desk, &reference)
}

/// Goods that are held for want of a guarantee go only when one covers them.
fn cover_first(
    scribe: &mut Scribe<'_, '_>,
    file: &mut MovementFile,
    inputs: &CaseInputs,
) -> Result<(), Refusal> {
    let short = file.guarantee.as_ref().is_some_and(|guarantee| guarantee.state == CoverState::Refused);
    if let (true, Some(consignment), Some(holder)) = (short, &inputs.consignment, &inputs.holder)
        && let Some(refused) = cover(scribe, file, consignment, holder)?
    {
        let finding = Finding::error("customs.guarantee-not-valid", refused.reason());
        return Err(Refusal::conflict(
            finding.at("/guarantee").remedy("let the holder give a valid guarantee first"),
        ));
    }
    Ok(())
}

fn check_version(file: &MovementFile, by: &By) -> Result<(), Refusal> {
    let version = version_of(file)?;
    match &by.seen {
        Some(seen) if *seen != version => {
            let text =
                format!("the movement is now version {version}, you saw {seen}: somebody else was quicker");
            let finding = Finding::error("customs.case-changed", text)
                .at(format!("/movements/{}", file.movement.id))
                .remedy("load it again and look at what has changed");
            Err(Refusal::Changed(Box::new(finding)))
        }
        _ => Ok(()),
    }
}

/// Whether an act may take effect.
enum Agreement {
    /// It may; the officers who stand behind it.
    Reached(Vec<String>),
    /// It waits for a second officer.
    Wanting(Proposal),
}

fn agree(
    desk: &Desk,
    file: &MovementFile,
    act: &OfficerAct,
    by: &By,
    now: jiff::Timestamp,
) -> Result<Agreement, Refusal> {
    let named = by.officer.as_deref();
    let pack = file.decision.as_ref().map(|decision| decision.rule_pack.id.clone());
    let by_pack =
        pack.and_then(|id| desk.rules.packs().find(&id).map(|pack| pack.needs_four_eyes(act.word())));
    let by_rule = act.is_final() && file.decision.as_ref().is_some_and(|decision| decision.four_eyes);
    if !by_rule && by_pack != Some(true) {
        return Ok(Agreement::Reached(named.map(str::to_owned).into_iter().collect()));
    }
    let name = named.ok_or_else(officer_missing)?;
    match &file.proposal {
        Some(first) if first.act == act.word() && first.officer == name => {
            Err(same_officer(name, &first.act))
        }
        Some(first) if first.act == act.word() => {
            Ok(Agreement::Reached(vec![first.officer.clone(), name.to_owned()]))
        }
        // Another act takes the place of the proposal, and waits in its turn.
        Some(_) | None => Ok(Agreement::Wanting(Proposal {
            officer: name.to_owned(),
            act: act.word().to_owned(),
            remark: act.remark().to_owned(),
            at: now,
        })),
    }
}

/// The officers in words.
fn say(officers: &[String]) -> String {
    match officers {
        [] => String::new(),
        [one] => format!("officer {one}"),
        many => format!("officers {}", many.join(" and ")),
    }
}

/// An act that needs two officers came without the token of one.
pub(crate) fn officer_missing() -> Refusal {
    let text = "this act needs two officers; the administration's own token does not tell them apart";
    let finding = Finding::error("customs.officer-missing", text).at("/officer");
    Refusal::invalid(finding.remedy("sign in with the token of an officer: kervan people add"))
}

/// The officer who proposed an act cannot confirm it.
pub(crate) fn same_officer(name: &str, act: &str) -> Refusal {
    let text = format!("{name} has proposed {act} and cannot confirm it as well");
    Refusal::conflict(
        Finding::error("customs.same-officer", text).rule("four-eyes").remedy("another officer confirms"),
    )
}
