//! How both databases find what is asked for: no statement walks through a table that grows without end.
//!
//! The cases run against a server that writes the plan of every statement into its log and takes an index wherever one fits, whatever
//! the values. What it then still walks through has none. The same statements are held against SQLite.

use crate::{Place, STATEMENTS, postgres};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a server needs to tell the plan of everything.
const SETTINGS: &[&str] = &[
    "session_preload_libraries=auto_explain",
    "auto_explain.log_min_duration=0",
    "auto_explain.log_format=json",
    "plan_cache_mode=force_generic_plan",
    "enable_seqscan=off",
    "enable_bitmapscan=off",
];

/// Tables that are small, or read whole by what they are for.
const WHOLE: &[(&str, &str)] = &[
    ("party", "everybody is known when a node starts"),
    ("person", "everybody is known when a node starts"),
    ("session", "whoever is signed in is known when a node starts"),
    ("api_key", "everybody is known when a node starts"),
    ("closure", "what is closed on a corridor fits a page"),
    ("dwelling", "what stands open is known when a node starts"),
    ("departed", "one row for each service"),
    ("kervan_commit", "one row"),
    ("latest", "the few rows of a question inside"),
    ("event", "events of an earlier version are filed away until there are none"),
];

/// Statements that count everything by what they are for, or list it in the order in which it stands.
const WALKS: &[&str] = &[
    "SELECT count(*) FROM entry",
    "SELECT count(*) FROM fix",
    "SELECT count(*) FROM event_vocabulary",
    "WHERE grn = g.grn) ORDER BY g.grn LIMIT $1",
];

#[test]
fn no_statement_walks_through_a_table_that_grows() {
    let Some(server) = postgres::Server::start(SETTINGS) else { return };
    for case in STATEMENTS {
        case(&Place::on_server(&server));
    }
    let plans = plans_of(&server.log());
    assert!(plans.len() > 100, "{} statements were seen", plans.len());
    let mut walks = BTreeSet::new();
    for (statement, plan) in &plans {
        let mut scanned = BTreeSet::new();
        seq_scans(plan, &mut scanned);
        for table in scanned {
            walks.insert(format!("PostgreSQL walks through {table}: {statement}"));
        }
    }
    let store = Place::in_folder();
    drop(store.open());
    let connection = rusqlite::Connection::open(store.folder.path().join("kervan.sqlite")).unwrap();
    let mut explained = 0;
    for statement in plans.keys().filter(|statement| !is_of_postgres(statement)) {
        explained += 1;
        let sql = format!("EXPLAIN QUERY PLAN {}", of_sqlite(statement));
        let mut prepared = connection.prepare(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        let mut rows = prepared.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let detail: String = row.get(3).unwrap();
            if statement.contains("seq = ANY")
                && detail.contains(" captured ")
                && !detail.contains("(rowid=?)")
            {
                walks.insert(format!("SQLite looks between places: {detail}: {statement}"));
            }
            let table = detail.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            if let Some(table) = table
                && !detail.contains("INDEX")
                && is_growing(table)
                // A list of values that was handed in.
                && table != "json_each"
                // Rows that were handed in together.
                && !detail.ends_with("-ROW VALUES CLAUSE")
                && !is_in_order_of_its_rows(statement)
            {
                walks.insert(format!("SQLite: {detail}: {statement}"));
            }
        }
    }
    assert!(explained > 90, "{explained} statements were explained");
    walks.retain(|walk| !WALKS.iter().any(|allowed| walk.ends_with(allowed)));
    assert!(
        walks.is_empty(),
        "{} statements walk:\n{}",
        walks.len(),
        walks.into_iter().collect::<Vec<_>>().join("\n")
    );
}

/// A list that stops after so many rows in the order in which the table itself stands walks no further than that.
fn is_in_order_of_its_rows(statement: &str) -> bool {
    statement.contains("LIMIT") && !statement.contains("WHERE")
}

fn is_growing(table: &str) -> bool {
    !WHOLE.iter().any(|(whole, _)| *whole == table)
}

/// A statement as SQLite has it: the words of the server for values and lists of them turned back.
fn of_sqlite(statement: &str) -> String {
    let mut text = statement.replace('$', "?");
    for number in 1..=9 {
        let list = format!("IN (SELECT value FROM json_each(?{number}))");
        text = text.replace(&format!("= ANY(?{number})"), &list);
    }
    text
}

/// What SQLite has no words for, because it does not need it.
fn is_of_postgres(statement: &str) -> bool {
    let words = [
        "pg_",
        "setval",
        "kervan_schema",
        "kervan_commit",
        "current_schema",
        "WHERE NOT EXISTS (SELECT 1 FROM entry",
        "CREATE ",
        "moved AS",
        "SHOW ",
    ];
    words.iter().any(|word| statement.contains(word))
}

/// The plans in a server's log, by the statement.
fn plans_of(log: &str) -> BTreeMap<String, Value> {
    let mut plans = BTreeMap::new();
    for part in log.split(" plan:\n").skip(1) {
        let lines: Vec<&str> = part.lines().take_while(|line| line.starts_with('\t')).collect();
        let Ok(Value::Object(mut plan)) = serde_json::from_str::<Value>(&lines.join("\n")) else { continue };
        if let (Some(Value::String(text)), Some(tree)) = (plan.remove("Query Text"), plan.remove("Plan")) {
            let words: Vec<&str> = text.split_whitespace().collect();
            plans.insert(words.join(" "), tree);
        }
    }
    plans
}

/// The growing tables that a plan walks through.
fn seq_scans(plan: &Value, into: &mut BTreeSet<String>) {
    if plan.get("Node Type").and_then(Value::as_str) == Some("Seq Scan")
        && let Some(table) = plan.get("Relation Name").and_then(Value::as_str)
    {
        let table = table.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
        if is_growing(table) && !table.starts_with("pg_") && table != "kervan_schema" {
            into.insert(table.to_owned());
        }
    }
    for inner in plan.get("Plans").and_then(Value::as_array).into_iter().flatten() {
        seq_scans(inner, into);
    }
}
