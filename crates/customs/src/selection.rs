//! What the draw, the score and the screening of parties add to the decision of the rules: a control or a hold where there
//! was none, never a refusal.

use crate::{Act, Decision, Outcome, Selection};
use kervan_model::Finding;

/// Adds what the draw, the score and the screening say. A case that the rules refuse or control stays as it is, with the
/// findings added; one that the rules would release is controlled if it was drawn or selected, and held while a hit of the
/// screening is not cleared. Nothing here can refuse.
pub fn apply_selection(decision: &mut Decision, selection: &Selection) {
    let mut findings = Vec::new();
    let mut selected = false;
    if let Some(draw) = selection.draw.as_ref().filter(|draw| draw.drawn) {
        selected = true;
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
        selected = true;
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
    let held = !selection.screening.is_empty();
    if (selected || held) && decision.outcome == Outcome::Release {
        decision.outcome = Outcome::Control;
        decision.findings.retain(|finding| finding.code != "clearance.released");
    }
    for (asked, act) in [(selected, Act::Control), (held, Act::Hold)] {
        if asked && !decision.acts.contains(&act) {
            decision.acts.push(act);
            decision.acts.sort_unstable();
        }
    }
    findings.extend(selection.screening.iter().cloned());
    decision.findings.append(&mut findings);
    decision.selection = Some(selection.clone());
}
