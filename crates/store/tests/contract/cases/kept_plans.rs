//! Plans that were kept.

use crate::Place;
use jiff::Timestamp;
use kervan_store::{PlanRow, Write};

fn plan(number: i64, reference: Option<&str>) -> PlanRow {
    PlanRow {
        id: format!("P{number:016x}"),
        reference: reference.map(|text| text.parse().unwrap()),
        author: if number < 3 { "forwarder" } else { "other" }.parse().unwrap(),
        kept: Timestamp::from_second(1_796_000_000 + number).unwrap(),
        plan: format!("{{\"number\":{number}}}"),
    }
}

pub(crate) fn kept_once_and_listed_newest_first(place: &Place) {
    let store = place.open();
    let rows = [plan(0, None), plan(1, Some("KRV-1")), plan(2, Some("KRV-2")), plan(3, Some("KRV-1"))];
    for row in rows.iter().chain([&PlanRow { plan: "{}".into(), ..plan(1, None) }]) {
        store.save(vec![Write::Plan(Box::new(row.clone()))]).unwrap();
    }
    assert_eq!(store.find_plan(&rows[1].id).unwrap().as_ref(), Some(&rows[1]), "the first one stays");
    assert_eq!(store.find_plan("P").unwrap(), None);
    let forwarder = "forwarder".parse().unwrap();
    let list = |reference: Option<&str>, most| {
        let reference = reference.map(|text| text.parse().unwrap());
        store.list_plans(&forwarder, reference.as_ref(), most).unwrap()
    };
    assert_eq!(list(None, 10), [rows[2].clone(), rows[1].clone(), rows[0].clone()]);
    assert_eq!(list(None, 1), [rows[2].clone()]);
    assert_eq!(list(Some("KRV-1"), 10), [rows[1].clone()]);
}
