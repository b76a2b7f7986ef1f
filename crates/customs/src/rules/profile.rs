//! Risk profiles: weighted conditions of a pack that together ask for a control. A profile never refuses.

use super::compile::{Faults, Kinds, scope_of};
use super::expression::{Condition, flat};
use super::file::{ProfileFile, Resolved, WeighedFile};
use super::pack::{Each, RulePack};
use super::quick::Screen;
use super::render::list_paths;
use super::scopes::{Scopes, elements_of};
use crate::limits::{LONGEST_TEXT, MOST_CONDITIONS, MOST_POINTS, MOST_PROFILES};
use crate::{Act, Case, ProfilePart, Profiled};
use cel::IdedExpr;
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_model::{Confidence, Finding};
use std::collections::BTreeSet;

/// A risk profile, compiled.
#[derive(Debug)]
pub struct Profile {
    /// Its id, unique among the rules and profiles of the pack.
    pub id: String,
    /// What it looks for.
    pub title: String,
    /// Where it comes from.
    pub source: String,
    /// How sure we are of it.
    pub confidence: Confidence,
    /// What it asks for from its threshold on.
    pub act: Act,
    /// The points from which it asks. Unit: point.
    pub threshold: i32,
    /// Its conditions, in order.
    pub conditions: Vec<Weighed>,
    pub(crate) since: Option<Date>,
    pub(crate) until: Option<Date>,
}

/// A condition of a profile, with its weight.
#[derive(Debug)]
pub struct Weighed {
    /// Its id, unique in the profile.
    pub id: String,
    /// What it says.
    pub title: String,
    /// What it adds if it holds, for some element of the list that it walks. Unit: point; below nothing it speaks against a
    /// control.
    pub weight: i32,
    /// The condition as it is written.
    pub condition: String,
    pub(crate) each: Option<Each>,
    pub(crate) when: Condition,
    pub(crate) reads: Vec<(String, IdedExpr)>,
    pub(crate) screen: Screen,
}

impl Profile {
    pub(crate) fn in_force(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Weighed {
    /// The list that it walks, if it walks one.
    pub fn walks(&self) -> Option<&'static str> {
        self.each.map(Each::word)
    }

    /// The paths that it reads.
    pub fn list_paths(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(|(path, _)| path.as_str())
    }
}

/// Compiles every profile; what is wrong goes to the findings.
pub(super) fn compile_profiles(
    resolved: &Resolved,
    kinds: &Kinds<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<Profile> {
    let mut compiled = Vec::new();
    if resolved.profiles.len() > MOST_PROFILES {
        let text = format!("{} profiles are more than {MOST_PROFILES}", resolved.profiles.len());
        findings.push(Finding::error("rules.profile", text).at(resolved.pack.clone()));
        return compiled;
    }
    let mut ids: BTreeSet<&String> = resolved.rules.iter().map(|rule| &rule.id).collect();
    for file in &resolved.profiles {
        let mut faults = Faults { place: format!("{}/{}", resolved.pack, file.id), findings };
        let before = faults.count();
        if !ids.insert(&file.id) {
            faults.add("id", format!("`{}` is the id of another rule or profile", file.id));
        }
        check_file(file, &mut faults);
        let conditions: Vec<Weighed> = file
            .conditions
            .iter()
            .filter_map(|weighed| compile_one(resolved, weighed, kinds, &mut faults))
            .collect();
        if faults.count() == before {
            compiled.push(Profile {
                id: file.id.clone(),
                title: file.title.clone(),
                source: file.source.clone(),
                confidence: file.confidence,
                act: file.outcome,
                threshold: file.threshold,
                conditions,
                since: file.since,
                until: file.until,
            });
        }
    }
    compiled
}

fn check_file(file: &ProfileFile, faults: &mut Faults<'_>) {
    for (field, text) in [("id", &file.id), ("title", &file.title), ("source", &file.source)] {
        if text.trim().is_empty() || text.chars().count() > LONGEST_TEXT {
            faults.add(field, format!("the text is empty or longer than {LONGEST_TEXT} characters"));
        }
    }
    if file.outcome == Act::Refuse {
        faults.add(
            "outcome",
            "a profile may ask for a control, a hold or documents; it never refuses".to_owned(),
        );
    }
    if !(1..=MOST_POINTS).contains(&file.threshold) {
        faults.add("threshold", format!("the threshold is not between 1 and {MOST_POINTS} points"));
    }
    if file.conditions.is_empty() || file.conditions.len() > MOST_CONDITIONS {
        faults.add(
            "conditions",
            format!("the profile has {} conditions, not 1 to {MOST_CONDITIONS}", file.conditions.len()),
        );
    }
    if file.confidence == Confidence::Low && !file.source.starts_with("judgement") {
        faults.add("source", "a source of low confidence must begin with `judgement`".to_owned());
    }
    if let (Some(since), Some(until)) = (file.since, file.until)
        && until < since
    {
        faults.add("until", "`until` is before `since`".to_owned());
    }
    let most: i64 = file.conditions.iter().map(|weighed| i64::from(weighed.weight.max(0))).sum();
    if most < i64::from(file.threshold) {
        faults.add(
            "threshold",
            format!("all conditions together give {most} points and never reach {}", file.threshold),
        );
    }
    let mut ids = BTreeSet::new();
    for weighed in &file.conditions {
        if !ids.insert(&weighed.id) {
            faults.add("conditions", format!("the condition `{}` stands twice", weighed.id));
        }
        if weighed.weight == 0 || weighed.weight.abs() > MOST_POINTS {
            faults.add(
                &format!("conditions/{}/weight", weighed.id),
                format!("the weight is 0 or beyond {MOST_POINTS} points"),
            );
        }
    }
}

fn compile_one(
    resolved: &Resolved,
    file: &WeighedFile,
    kinds: &Kinds<'_>,
    faults: &mut Faults<'_>,
) -> Option<Weighed> {
    let field = format!("conditions/{}", file.id);
    if file.title.trim().is_empty() || file.title.chars().count() > LONGEST_TEXT {
        faults.add(&field, format!("the title is empty or longer than {LONGEST_TEXT} characters"));
    }
    let scope = scope_of(file.each.as_deref(), kinds, faults);
    let each = file.each.as_deref().and_then(Each::find);
    let (when, _) = faults.keep(&format!("{field}/when"), Condition::compile(&file.when, &scope))?;
    let reads = list_paths(&when.written).into_iter().map(|(name, path)| (name, flat(&path))).collect();
    Some(Weighed {
        id: file.id.clone(),
        title: file.title.clone(),
        weight: file.weight,
        condition: file.when.clone(),
        screen: Screen::of(&when.written, &resolved.parameters, kinds.compiled, each),
        each,
        when,
        reads,
    })
}

/// What every profile in force says of a case; those of which no condition held are left out. `scopes` makes the scopes of the
/// case if a condition cannot be told without them.
pub(super) fn assess_profiles(
    pack: &RulePack,
    case: &Case,
    now: Timestamp,
    day: Date,
    scopes: &Scopes<'_>,
) -> Vec<Profiled> {
    let in_force = pack.profiles.iter().filter(|profile| profile.in_force(day));
    let said = in_force.map(|profile| {
        let parts: Vec<ProfilePart> =
            profile.conditions.iter().filter_map(|weighed| weigh(weighed, case, now, scopes)).collect();
        Profiled {
            profile: profile.id.clone(),
            title: profile.title.clone(),
            source: profile.source.clone(),
            act: profile.act,
            points: parts.iter().map(|part| part.points).fold(0, i32::saturating_add),
            threshold: profile.threshold,
            parts,
        }
    });
    said.filter(|profiled| !profiled.parts.is_empty()).collect()
}

/// Whether some condition of some profile in force may hold; `false` is certain.
pub(super) fn may_hold(pack: &RulePack, case: &Case, now: Timestamp, day: Date) -> bool {
    let conditions =
        pack.profiles.iter().filter(|profile| profile.in_force(day)).flat_map(|profile| &profile.conditions);
    conditions.into_iter().any(|weighed| {
        elements_of(weighed.each, case)
            .into_iter()
            .any(|it| weighed.screen.find_truth(case, now, it) != Some(false))
    })
}

/// What a condition adds; nothing if it does not hold for any element.
fn weigh(weighed: &Weighed, case: &Case, now: Timestamp, scopes: &Scopes<'_>) -> Option<ProfilePart> {
    let part = |points: i32, held: bool| ProfilePart {
        condition: weighed.id.clone(),
        title: weighed.title.clone(),
        points,
        held,
    };
    let mut doubtful = false;
    for (scope, it) in scopes.of(weighed.each).iter().zip(elements_of(weighed.each, case)) {
        match weighed.screen.find_truth(case, now, it).map_or_else(|| weighed.when.holds(scope), Ok) {
            Ok(true) => return Some(part(weighed.weight, true)),
            Ok(false) => {}
            Err(_) => doubtful = true,
        }
    }
    // What cannot be told never speaks for letting goods pass.
    doubtful.then(|| part(weighed.weight.max(0), false))
}
