//! `kervan store retention`: how long what is kept, by which law, what is due, and its removal.

use super::output;
use super::people::AT_THE_MACHINE;
use super::{Failure, Outcome};
use crate::clock::Clock;
use crate::facts::Facts;
use crate::setup::open_node;
use kervan_node::{Attempt, RetentionLine, RetentionRule, apply_retention, assess_retention};
use serde_json::json;
use std::path::Path;

pub(super) fn run(facts: &Facts, data: &Path, apply: bool, as_json: bool) -> Result<Outcome, Failure> {
    let location = facts.store_of(data)?;
    if !location.may_hold_store() {
        return Err(Failure::new(format!("there is no store in {location}"))
            .remedy("name the folder with --data DIR, or the database with --store URL"));
    }
    let desk = open_node(facts, data)?.desk;
    let failed = |refusal: kervan_node::Refusal| Failure::new(refusal.to_string());
    let now = Clock::Wall.now();
    let lines = assess_retention(&desk, &desk.rules.retention, now).map_err(failed)?;
    let by = Attempt { by: AT_THE_MACHINE, now };
    let removed = if apply { Some(apply_retention(&desk, &by, &lines).map_err(failed)?) } else { None };
    if as_json {
        let told: Vec<_> = lines.iter().map(to_json).collect();
        output::json(&json!({"kinds": told, "removed": removed}));
    } else {
        show(&lines);
        match removed {
            Some(removed) => output::line(&format!(
                "{removed} records were removed, and nothing of them is left in the store"
            )),
            None if lines.iter().any(|line| line.due > Some(0)) => {
                output::next("store retention --apply", data, "copies and backups keep what they hold");
            }
            None => output::line("nothing is due"),
        }
    }
    Ok(Outcome::Done)
}

fn to_json(line: &RetentionLine) -> serde_json::Value {
    let law = |row: &kervan_node::RetentionRow| {
        let rule = if row.rule == RetentionRule::Least { "least" } else { "most" };
        json!({"rule": rule, "law": row.law, "months": row.months, "source": row.source, "confidence": row.confidence,
            "judgement": row.is_judgement()})
    };
    json!({"kind": line.kind.word(), "least_months": line.least, "goes_after_months": line.goes_after, "before": line.before,
        "due": line.due, "stays_because": line.stays_because, "laws": line.laws.iter().map(law).collect::<Vec<_>>()})
}

fn show(lines: &[RetentionLine]) {
    let mut table = output::table(&["kind", "kept at least", "goes after", "due", "by"]);
    let months = |months: u32| format!("{months} months");
    for line in lines {
        let goes = match (line.goes_after, line.stays_because) {
            (Some(after), _) => months(after),
            (None, Some(why)) => format!("stays: {why}"),
            (None, None) => "no law asks for it".to_owned(),
        };
        let law = |row: &kervan_node::RetentionRow| {
            let rule = if row.rule == RetentionRule::Least { "least" } else { "most" };
            let mark = if row.is_judgement() { ", judgement" } else { "" };
            format!("{}: {rule} {}{mark}", row.law, row.months)
        };
        let laws: Vec<String> = line.laws.iter().map(law).collect();
        table.add_row([
            line.kind.word().to_owned(),
            if line.least == 0 { String::new() } else { months(line.least) },
            goes,
            line.due.map_or_else(String::new, |due| due.to_string()),
            laws.join("; "),
        ]);
    }
    output::line(&table.to_string());
    output::line(
        "judgement: no law says this number; --json has the source of each row, --facts DIR takes rows of your own",
    );
}
