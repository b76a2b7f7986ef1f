//! Why a case was decided as it was: every rule with the values that it read.

use super::decide::find_obstacle;
use super::expression::Condition;
use super::pack::{Each, Rule, RulePack};
use super::profile::Profile;
use super::scopes::{Scopes, with_scopes};
use super::values::Record;
use crate::way::day_of;
use crate::{Act, Case};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelString};
use cel::common::value::Val;
use cel::{Context, Value};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, json};

/// Most elements of a list that a trace shows.
const MOST_SHOWN: usize = 10;

/// What a rule saw and said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleTrace {
    /// The rule.
    pub rule: String,
    /// What it demands.
    pub title: String,
    /// The condition as it is written.
    pub condition: String,
    /// What it leads to.
    pub act: Act,
    /// Whether it was in force on the day of entry; if not, it was not asked.
    pub in_force: bool,
    /// Whether it fired for some element.
    pub fired: bool,
    /// What it saw, for each element that it was asked of.
    pub asked: Vec<Asked>,
}

/// What a rule saw of one element.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asked {
    /// The element, such as `goods/0`; absent for a rule that is asked once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Whether the condition held; absent if it could not be evaluated.
    pub holds: Option<bool>,
    /// The values of the paths that the condition reads; `null` where the path is absent.
    pub values: Map<String, serde_json::Value>,
}

/// Every rule of a pack on a case, with the values that it read. Empty if the pack cannot decide the case at all.
pub fn trace(pack: &RulePack, case: &Case, now: Timestamp) -> Vec<RuleTrace> {
    let day = day_of(case.declaration.enters);
    if find_obstacle(pack, case, day).is_some() {
        return Vec::new();
    }
    with_scopes(pack, case, now, |scopes| {
        pack.rules.iter().map(|rule| trace_rule(rule, rule.in_force(day), scopes)).collect()
    })
}

/// A risk profile with what it saw: its points, and every condition with the values that it read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProfileTrace {
    /// The profile.
    pub profile: String,
    /// What it looks for.
    pub title: String,
    /// What it asks for.
    pub act: Act,
    /// Whether it was in force on the day of entry.
    pub in_force: bool,
    /// The weights of the conditions that held. Unit: point.
    pub points: i32,
    /// The points from which it asks. Unit: point.
    pub threshold: i32,
    /// Its conditions, in order.
    pub conditions: Vec<WeighedTrace>,
}

/// A condition of a profile with what it saw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WeighedTrace {
    /// The condition.
    pub id: String,
    /// What it says.
    pub title: String,
    /// As it is written.
    pub condition: String,
    /// What it adds if it holds. Unit: point.
    pub weight: i32,
    /// What it saw, for each element that it was asked of.
    pub asked: Vec<Asked>,
}

/// Every risk profile of a pack on a case. Empty if the pack cannot decide the case at all.
pub fn trace_profiles(pack: &RulePack, case: &Case, now: Timestamp) -> Vec<ProfileTrace> {
    let day = day_of(case.declaration.enters);
    if find_obstacle(pack, case, day).is_some() {
        return Vec::new();
    }
    let said = super::decide::decide(pack, case, now).profiles;
    with_scopes(pack, case, now, |scopes| {
        let one = |profile: &Profile| ProfileTrace {
            profile: profile.id.clone(),
            title: profile.title.clone(),
            act: profile.act,
            in_force: profile.in_force(day),
            points: said.iter().find(|said| said.profile == profile.id).map_or(0, |said| said.points),
            threshold: profile.threshold,
            conditions: profile
                .conditions
                .iter()
                .map(|weighed| WeighedTrace {
                    id: weighed.id.clone(),
                    title: weighed.title.clone(),
                    condition: weighed.condition.clone(),
                    weight: weighed.weight,
                    asked: ask(&weighed.when, &weighed.reads, weighed.each, scopes),
                })
                .collect(),
        };
        pack.profiles.iter().map(one).collect()
    })
}

/// What a condition sees of each element.
fn ask(
    when: &Condition,
    reads: &[(String, cel::IdedExpr)],
    each: Option<Each>,
    scopes: &Scopes<'_>,
) -> Vec<Asked> {
    let one = |(number, scope): (usize, &Context<'_, '_>)| Asked {
        element: each.map(|list| format!("{}/{number}", list.word())),
        holds: when.holds(scope).ok(),
        values: reads.iter().map(|(name, path)| (name.clone(), value_of(path, scope))).collect(),
    };
    scopes.of(each).iter().enumerate().map(one).collect()
}

fn trace_rule(rule: &Rule, in_force: bool, scopes: &Scopes<'_>) -> RuleTrace {
    let asked = if in_force { ask(&rule.when, &rule.reads, rule.each, scopes) } else { Vec::new() };
    RuleTrace {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        condition: rule.condition.clone(),
        act: rule.act,
        in_force,
        fired: asked.iter().any(|asked| asked.holds == Some(true)),
        asked,
    }
}

fn value_of(path: &cel::IdedExpr, scope: &Context<'_, '_>) -> serde_json::Value {
    Value::resolve_val(path, scope).map_or(serde_json::Value::Null, |value| to_json(value.as_ref()))
}

fn to_json(value: &dyn Val) -> serde_json::Value {
    if let Some(text) = value.downcast_ref::<CelString>() {
        return text.inner().into();
    }
    if let Some(int) = value.downcast_ref::<CelInt>() {
        return (*int.inner()).into();
    }
    if let Some(truth) = value.downcast_ref::<CelBool>() {
        return (*truth.inner()).into();
    }
    if let Some(double) = value.downcast_ref::<CelDouble>() {
        return json!(double.inner());
    }
    if let Some(list) = value.downcast_ref::<CelList>() {
        let mut shown: Vec<_> =
            list.inner().iter().take(MOST_SHOWN).map(|element| to_json(element.as_ref())).collect();
        if list.inner().len() > MOST_SHOWN {
            shown.push(format!("and {} more", list.inner().len() - MOST_SHOWN).into());
        }
        return shown.into();
    }
    if let Some(record) = value.downcast_ref::<Record>() {
        return record
            .fields()
            .iter()
            .map(|(name, value)| (name.to_string(), to_json(value.as_ref())))
            .collect();
    }
    serde_json::Value::Null
}
