//! What the draw, the score, the profiles and an examination add to the decision of the rules: a control or a hold where there
//! was none, never a refusal; and what the capacity of the control team takes away again.

use crate::{Act, Case, Decision, Outcome, Profiled, RulePack, Selection, decide};
use jiff::Timestamp;
use kervan_model::Finding;

/// The value of a case that was drawn: before every score. Unit: a thousandth.
const DRAWN: u32 = 1_001;

/// Decides a case by a pack as if it came alone: the rules and the risk profiles, without draw, score, screening or capacity.
pub fn decide_alone(pack: &RulePack, case: &Case, now: Timestamp) -> Decision {
    let mut decision = decide(pack, case, now);
    if decision.profiles.iter().any(Profiled::selects) {
        apply_selection(&mut decision, &Selection::default());
    }
    decision
}

/// How much a control of a case is worth that rules do not demand: that of the strongest of profile, score and draw that select
/// it. Unit: a thousandth. `None` if none selects it, or if the rules control it anyhow.
pub fn value_of(decision: &Decision, selection: &Selection) -> Option<u32> {
    if decision.outcome != Outcome::Release {
        return None;
    }
    let drawn = selection.draw.as_ref().filter(|draw| draw.drawn).map(|_| DRAWN);
    let scored = selection.score.as_ref().filter(|score| score.selected).map(|score| score.chance_permille);
    let profiled = decision.profiles.iter().filter(|profile| profile.selects()).map(share_of);
    profiled.chain(drawn).chain(scored).max()
}

/// The points of a profile as a share of twice its threshold: it asks from a half on. Unit: a thousandth.
fn share_of(profile: &Profiled) -> u32 {
    let share = i64::from(profile.points) * 500 / i64::from(profile.threshold.max(1));
    u32::try_from(share.clamp(0, 1_000)).unwrap_or(0)
}

/// Adds what the profiles, the draw, the score and an examination say. A case that the rules refuse or control stays as it is,
/// with the findings added; one that the rules would release is controlled if it was selected and the team of the day has room,
/// and held while it is examined. Nothing here can refuse.
pub fn apply_selection(decision: &mut Decision, selection: &Selection) {
    let room = selection.capacity.as_ref().is_none_or(|ruling| ruling.room);
    let by_rules = decision.outcome != Outcome::Release;
    let mut asked: Vec<Act> = Vec::new();
    let mut findings = say_selected(decision, selection, &mut asked);
    if let Some(ruling) = selection.capacity.as_ref().filter(|ruling| !ruling.room && !asked.is_empty()) {
        let text = format!(
            "the control team of {} can do {} controls on {}, {} are taken and {} cases of a higher value are ahead: this one \
             (value {}) is let pass",
            ruling.team, ruling.controls, ruling.day, ruling.taken, ruling.ahead, ruling.value
        );
        findings.push(Finding::info("risk.capacity", text).rule("control-capacity").source(
            "Revised Kyoto Convention, general annex, standard 6.2: control is limited to what is necessary",
        ));
    }
    if !room && !by_rules {
        asked.clear();
    }
    if selection.examined {
        asked.push(Act::Hold);
        findings.push(
            Finding::warning(
                "clearance.examined",
                "the administration examines the consignment and holds the goods",
            )
            .rule("examination")
            .remedy("wait for the administration; it asks if it needs anything"),
        );
    }
    if !asked.is_empty() && !by_rules && asked.iter().any(|act| act.outcome() == Outcome::Control) {
        decision.outcome = Outcome::Control;
        decision.findings.retain(|finding| finding.code != "clearance.released");
    }
    for act in asked.into_iter().filter(|act| *act != Act::Note) {
        if !decision.acts.contains(&act) {
            decision.acts.push(act);
            decision.acts.sort_unstable();
        }
    }
    // The release stays the last word.
    let released = decision.findings.pop_if(|finding| finding.code == "clearance.released");
    decision.findings.append(&mut findings);
    decision.findings.extend(released);
    decision.selection = Some(selection.clone());
}

/// What selected the case, each with its finding; the acts asked for are added to `asked`.
fn say_selected(decision: &Decision, selection: &Selection, asked: &mut Vec<Act>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for profile in decision.profiles.iter().filter(|profile| profile.selects()) {
        asked.push(profile.act);
        findings.push(say_profile(profile));
    }
    if let Some(draw) = selection.draw.as_ref().filter(|draw| draw.drawn) {
        asked.push(Act::Control);
        let text = format!(
            "drawn at random: {} of 1000 cases of the period {} are; anybody can check the draw against {}",
            draw.rate_permille, draw.period, draw.commitment
        );
        findings.push(
            Finding::warning("risk.draw", text)
                .rule("random-selection")
                .source("Revised Kyoto Convention, general annex, standards 6.3 to 6.5: risk management and selectivity")
                .remedy("present the goods for control; the draw says nothing against anybody"),
        );
    }
    if let Some(score) = selection.score.as_ref().filter(|score| score.selected) {
        asked.push(Act::Control);
        let text = format!(
            "the model {} ({}) sees a chance of {} in 1000 that a control finds something; from {} on it asks for one",
            score.model,
            score.hash.get(..12).unwrap_or(&score.hash),
            score.chance_permille,
            score.threshold_permille
        );
        findings.push(
            Finding::warning("risk.score", text)
                .rule("learned-score")
                .source("judgement: learned from the results of controls; it can ask for a control and never refuse")
                .remedy("present the goods for control"),
        );
    }
    findings
}

fn say_profile(profile: &Profiled) -> Finding {
    let parts: Vec<String> = profile
        .parts
        .iter()
        .map(|part| {
            let doubt = if part.held { "" } else { " (could not be told)" };
            format!("{} {:+}{doubt}", part.title, part.points)
        })
        .collect();
    let text = format!(
        "{}: {} points, it asks from {} on; {}",
        profile.title,
        profile.points,
        profile.threshold,
        parts.join("; ")
    );
    let finding = match profile.act {
        Act::Note => Finding::info("risk.profile", text),
        Act::Documents | Act::Control | Act::Hold | Act::Refuse => Finding::warning("risk.profile", text),
    };
    let remedy = match profile.act {
        Act::Note => "none",
        Act::Documents => "attach the documents to the dossier",
        Act::Control | Act::Hold | Act::Refuse => "present the goods for control",
    };
    finding.rule(profile.profile.clone()).source(profile.source.clone()).remedy(remedy)
}
