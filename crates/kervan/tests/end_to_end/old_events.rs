//! Events that an earlier version kept are put into the sequence when the program starts, each once, whatever interrupts it.

use super::node::Node;
use super::program::{kervan, run};
use kervan_store::Store;
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

/// Six batches of those that are filed together.
const EVENTS: usize = 6_000;

fn document(number: usize) -> Value {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-11-01T08:00:00Z",
        "epcisBody": {"eventList": [{
            "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "arriving", "eventTimeZoneOffset": "+00:00",
            "eventTime": "2026-11-01T07:00:00Z", "epcList": [format!("urn:epc:id:sgtin:4012345.011111.{number}")],
        }]},
    })
}

/// Events as the first version kept them: the table is in every file still.
fn keep_as_before(file: &Path) {
    let mut connection = Connection::open(file).unwrap();
    let transaction = connection.transaction().unwrap();
    let sql = "INSERT INTO event (hash, event_type, event_time, record_time, event)
               VALUES (?1, 'ObjectEvent', '2026-11-01T07:00:00Z', '2026-11-01T08:00:00Z', ?2)";
    for number in 0..EVENTS {
        transaction.execute(sql, params![format!("old {number}"), document(number).to_string()]).unwrap();
    }
    transaction.commit().unwrap();
}

fn count(file: &Path, table: &str) -> usize {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = format!("SELECT count(*) FROM {table}");
    usize::try_from(connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()).unwrap()
}

#[test]
fn a_start_that_is_killed_halfway_loses_no_event_and_doubles_none() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let party =
        ["party", "add", "rail", "--name", "Rail", "--country", "KZ", "--role", "carrier", "--data", data];
    assert!(run(&party).status.success());
    let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
    let file = files
        .into_iter()
        .find(|file| file.extension().is_some_and(|end| end == "db" || end == "sqlite"))
        .unwrap();
    keep_as_before(&file);

    let mut program = kervan()
        .args(["serve", "--data", data, "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let left = loop {
        let left = count(&file, "event");
        if left < EVENTS {
            break left;
        }
        assert!(program.try_wait().unwrap().is_none(), "it ended by itself");
    };
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(left > 0, "it was too fast to be killed halfway");
    let (left, filed) = (count(&file, "event"), count(&file, "captured"));
    assert_eq!(
        left + filed,
        EVENTS,
        "what a batch has filed is no longer where it was, and the other way round"
    );
    assert!(filed > 0);

    let node = Node::start(&["serve", "--data", data]);
    drop(node);
    assert_eq!((count(&file, "event"), count(&file, "captured")), (0, EVENTS));
    let store = Store::open(folder.path()).unwrap();
    for number in [0, 999, 1_000, EVENTS - 1] {
        let name = format!("urn:epc:id:sgtin:4012345.011111.{number}");
        let query = kervan_store::EventQuery::of(
            kervan_store::EventKey::of(&kervan_events::canonical_name(&name)),
            10,
        );
        let found = store.list_events_of(&query).unwrap();
        assert_eq!(found.len(), 1, "{name}");
    }
    let hashes = Connection::open(&file).unwrap();
    let mut all = hashes.prepare("SELECT hash FROM captured").unwrap();
    let all: BTreeSet<Vec<u8>> = all.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(all.len(), EVENTS, "each once");
}
