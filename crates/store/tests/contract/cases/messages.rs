//! Messages as they came in.

use crate::Place;
use jiff::Timestamp;
use kervan_store::{ReceivedRow, Write};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_796_000_000 + second).unwrap()
}

fn message(number: u32, outcome: &str) -> ReceivedRow {
    ReceivedRow {
        hash: format!("{number:064x}"),
        party: "office".parse().unwrap(),
        identification: Some(format!("M{number}")),
        code: None,
        movement: number.is_multiple_of(2).then(|| "KRV-1/1".parse().unwrap()),
        outcome: outcome.into(),
        received: at(number.into()),
        content: vec![0, 255, number as u8],
        refusal: None,
    }
}

pub(crate) fn kept_and_forgotten(place: &Place) {
    let store = place.open();
    let save = |row: ReceivedRow| store.save(vec![Write::Message(Box::new(row))]).unwrap();
    for number in 0..10 {
        save(message(number, if number < 5 { "refused" } else { "waiting" }));
    }
    save(message(9, "applied"));
    let office = "office".parse().unwrap();
    assert_eq!(store.bytes_of_messages(&office).unwrap(), 30);
    assert_eq!(store.find_message(&message(9, "").hash).unwrap(), Some(message(9, "applied")));
    let listed = |movement, outcome, most| {
        let rows = store.list_received(movement, outcome, most).unwrap();
        assert!(rows.iter().all(|row| row.content.is_empty()));
        rows.iter().map(|row| row.received.duration_since(at(0)).as_secs()).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, None, 3), [9, 8, 7]);
    assert_eq!(listed(Some("KRV-1/1"), None, 9), [8, 6, 4, 2, 0]);
    assert_eq!(listed(None, Some("waiting"), 2), [8, 7]);
    assert_eq!(listed(Some("KRV-1/1"), Some("refused"), 9), [4, 2, 0]);
    assert!(store.has_originals_before(at(3)).unwrap() && !store.has_originals_before(at(0)).unwrap());
    store.save(vec![Write::ForgetOriginals { before: at(3), most: 2 }]).unwrap();
    assert!(store.has_originals_before(at(3)).unwrap(), "one of three is left");
    store.save(vec![Write::ForgetOriginals { before: at(8), most: 100 }]).unwrap();
    assert_eq!(store.bytes_of_messages(&office).unwrap(), 15, "what waits or was applied is kept");
    let forgotten = store.find_message(&message(1, "").hash).unwrap().unwrap();
    assert_eq!(forgotten, ReceivedRow { content: Vec::new(), ..message(1, "refused") });
}
