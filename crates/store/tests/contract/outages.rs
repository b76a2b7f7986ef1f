//! A server that goes away and comes back: nothing that was acknowledged is lost, and nothing is said to be saved that was not.

use crate::{Place, postgres};
use kervan_store::{EventKey, EventQuery, EventRow, Store, StoreError, StoreLocation, Topic, Write};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;

/// A batch: an event, a change and a note that say the same number.
fn batch(number: u64) -> Vec<Write> {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    let event = EventRow {
        seq: 0,
        hash,
        reference: Some("KRV-1".parse().unwrap()),
        event_time: jiff::Timestamp::UNIX_EPOCH,
        record_time: jiff::Timestamp::UNIX_EPOCH,
        context: "[]".into(),
        event: number.to_string(),
        marks: Vec::new(),
        words: Vec::new(),
    };
    vec![
        Write::Event(event),
        Write::Change { topic: Topic::Position, payload: number.to_string() },
        Write::Note { name: format!("note {number}"), value: number.to_string() },
    ]
}

/// What the store holds of the batches: the numbers in the sequence, by the index, in the stream.
fn numbers(store: &Store) -> [Vec<u64>; 3] {
    let number = |text: &str| text.parse::<u64>().unwrap();
    let query = EventQuery::of(EventKey::of("KRV-1"), 10_000);
    [
        store.list_events_after(0, 10_000).unwrap().iter().map(|event| number(&event.event)).collect(),
        store.list_events_of(&query).unwrap().iter().map(|event| number(&event.event)).collect(),
        store.list_changes(0, 10_000).unwrap().iter().map(|change| number(&change.payload)).collect(),
    ]
}

#[test]
fn a_server_that_goes_away_under_load_loses_nothing_that_was_acknowledged() {
    let Some(server) = postgres::Server::start(&[]) else { return };
    let place = Place::on_server(&server);
    let store = place.open();
    let (saved, unsure) = (Mutex::new(BTreeSet::new()), Mutex::new(BTreeSet::new()));
    let over = AtomicBool::new(false);
    let (tell, told) = sync_channel(10_000);
    std::thread::scope(|scope| {
        for caller in 0..4_u64 {
            let (store, saved, unsure, over, tell) = (&store, &saved, &unsure, &over, tell.clone());
            scope.spawn(move || {
                for number in (caller..).step_by(4) {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    match store.save(batch(number)) {
                        Ok(()) => {
                            saved.lock().unwrap().insert(number);
                            tell.send(()).unwrap();
                        }
                        Err(StoreError::Unsure(_)) => drop(unsure.lock().unwrap().insert(number)),
                        Err(StoreError::Unreachable { .. }) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
        for round in 0..4 {
            // The server goes in the middle of the work, never between two pieces of it.
            assert_eq!(told.iter().take(30).count(), 30);
            if round % 2 == 0 {
                server.stop()
            } else {
                server.crash()
            }
            server.resume();
            told.try_iter().for_each(drop);
        }
        assert_eq!(told.iter().take(30).count(), 30);
        over.store(true, Ordering::Relaxed);
    });
    let (saved, unsure) = (saved.into_inner().unwrap(), unsure.into_inner().unwrap());
    let check = |store: &Store| {
        let [events, found, changes] = numbers(store);
        assert_eq!(events, found, "the index is what the rows say");
        assert_eq!(events, changes, "batches are whole");
        let there: BTreeSet<u64> = events.iter().copied().collect();
        assert_eq!(there.len(), events.len(), "each once");
        assert!(there.is_superset(&saved), "lost: {:?}", saved.difference(&there).collect::<Vec<_>>());
        let more: Vec<_> = there.difference(&saved).filter(|number| !unsure.contains(number)).collect();
        assert!(more.is_empty(), "there although it was said not to be: {more:?}");
    };
    check(&store);
    drop(store);
    check(&place.open());
}

#[test]
fn a_server_that_is_away_is_named_and_reading_goes_on_when_it_is_back() {
    let Some(server) = postgres::Server::start(&[]) else { return };
    let place = Place::on_server(&server);
    let store = place.open();
    store.save(batch(1)).unwrap();
    server.stop();
    assert!(matches!(store.find_note("note 1"), Err(StoreError::NoServer { .. })));
    let away =
        Store::open_at(&StoreLocation::parse(Some(&server.fresh_name()), place.folder.path()).unwrap());
    assert!(away.is_err());
    server.resume();
    assert_eq!(store.find_note("note 1").unwrap().as_deref(), Some("1"));
    store.save(batch(2)).unwrap();
    assert_eq!(numbers(&store)[0], [1, 2]);
}

#[test]
fn what_cannot_be_a_store_is_refused_with_a_next_step() {
    let folder = tempfile::tempdir().unwrap();
    let told = |given: &str| {
        let location = StoreLocation::parse(Some(given), folder.path());
        location
            .and_then(|location| Store::open_at(&location))
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    for (given, word) in [
        ("mysql://a/b", "begins with postgres://"),
        ("postgres://", "names no host"),
        ("postgres://a:b@127.0.0.1:1/db", "start it, or mend the URL"),
        ("postgres://u@localhost/db?nonsense=1", "unknown option"),
    ] {
        let text = told(given);
        assert!(text.contains(word), "{given}: {text}");
    }
    let secret = StoreLocation::parse(Some("postgres://u:secret@host/db"), folder.path()).unwrap();
    assert_eq!(secret.to_string(), "PostgreSQL, db at host");
    let Some(server) = postgres::shared() else { return };
    server.sql("CREATE SCHEMA theirs; CREATE TABLE theirs.customer (id int)");
    assert!(told(&server.url("theirs")).contains("tables that are not Kervan's (customer)"));
    let url = server.fresh_url();
    drop(Store::open_at(&StoreLocation::parse(Some(&url), folder.path()).unwrap()).unwrap());
    let schema = url.rsplit("%3D").next().unwrap();
    server.sql(&format!("INSERT INTO {schema}.kervan_schema VALUES (9999)"));
    assert!(told(&url).contains("schema 9999"), "{}", told(&url));
}

/// What a server without room says: the class of its error is what counts, whatever disk it is.
const FULL: &str = "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
    END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON note FOR EACH ROW WHEN (NEW.name LIKE 'note %') EXECUTE FUNCTION no_room()";

#[test]
fn a_server_whose_disk_is_full_saves_nothing_in_part_and_goes_on_when_there_is_room() {
    let Some(server) = postgres::shared() else { return };
    let place = Place::on_server(server);
    let store = place.open();
    store.save(batch(1)).unwrap();
    place.tamper(FULL);
    for number in [2, 3] {
        let refused = store.save(batch(number)).unwrap_err();
        assert!(matches!(refused, StoreError::Full(_)), "{refused}");
        assert!(refused.to_string().contains("make room on its disk"), "{refused}");
    }
    // The event and the change of the batch are not there either, what was saved is read, and other batches are saved.
    assert_eq!(numbers(&store), [vec![1], vec![1], vec![1]]);
    store.save(vec![Write::Note { name: "small".into(), value: "fits".into() }]).unwrap();
    place.tamper("DROP TRIGGER no_room ON note");
    store.save(batch(4)).unwrap();
    assert_eq!(numbers(&store), [vec![1, 4], vec![1, 4], vec![1, 4]]);
    drop(store);
    assert_eq!(numbers(&place.open()), [vec![1, 4], vec![1, 4], vec![1, 4]]);
}
