//! Who stands how to a consignment.

use crate::Place;
use kervan_model::Reference;
use kervan_store::{CircleRow, Write};

pub(crate) fn each_takes_the_place_of_the_one_before(place: &Place) {
    let store = place.open();
    let (one, other): (Reference, Reference) =
        ("KRV-2026-0001".parse().unwrap(), "KRV-2026-0002".parse().unwrap());
    let put = |reference: &Reference, members: &[(&str, u16)]| {
        let members = members.iter().map(|(who, bits)| ((*who).to_owned(), *bits)).collect();
        store.save(vec![Write::Circle(CircleRow { reference: reference.clone(), members })]).unwrap();
    };
    put(&one, &[("party:a", 3), ("party:b", 5), ("territory:X", 16)]);
    put(&other, &[("party:a", 1)]);
    // The same again, in another order, changes nothing; fewer leave nobody behind.
    put(&one, &[("territory:X", 16), ("party:b", 5), ("party:a", 3)]);
    put(&one, &[("territory:X", 16), ("party:a", 7)]);
    drop(store);
    let store = place.open();
    let members = vec![("party:a".to_owned(), 7), ("territory:X".to_owned(), 16)];
    assert_eq!(store.list_members(&one).unwrap(), members);
    let who = ["party:a", "party:b", "territory:X"].map(str::to_owned);
    assert_eq!(store.find_relations(&one, &who).unwrap(), members);
    assert_eq!(store.list_circle("party:a", None, 10).unwrap(), [(one.clone(), 7), (other.clone(), 1)]);
    assert_eq!(store.list_circle("party:a", None, 1).unwrap(), [(one.clone(), 7)]);
    assert_eq!(store.list_circle("party:a", Some(&one), 10).unwrap(), [(other, 1)]);
    assert_eq!(store.list_circle("party:b", None, 10).unwrap(), []);
}
