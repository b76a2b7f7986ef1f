//! Who stands how to a consignment.

use crate::Place;
use kervan_model::Reference;
use kervan_store::{CircleRow, MovementRow, Write};

pub(crate) fn each_takes_the_place_of_the_one_before(place: &Place) {
    let store = place.open();
    let (one, other): (Reference, Reference) =
        ("KRV-2026-0001".parse().unwrap(), "KRV-2026-0002".parse().unwrap());
    let put = |reference: &Reference, members: &[(&str, u16)], moves| {
        let members = members.iter().map(|(who, bits)| ((*who).to_owned(), *bits)).collect();
        store.save(vec![Write::Circle(CircleRow { reference: reference.clone(), members, moves })]).unwrap();
    };
    put(&one, &[("party:a", 3), ("party:b", 5), ("territory:X", 16)], true);
    put(&other, &[("party:a", 1)], false);
    // The same again, in another order, changes nothing; fewer leave nobody behind.
    put(&one, &[("territory:X", 16), ("party:b", 5), ("party:a", 3)], true);
    put(&one, &[("territory:X", 16), ("party:a", 7)], true);
    drop(store);
    let store = place.open();
    let members = vec![("party:a".to_owned(), 7), ("territory:X".to_owned(), 16)];
    let circle = store.find_circle(&one).unwrap();
    assert_eq!((circle.members.as_slice(), circle.moves), (members.as_slice(), true));
    assert_eq!(store.list_moving_circle("party:a", None, 10).unwrap(), [(one.clone(), 7)]);
    assert_eq!(store.list_moving_circle("party:a", Some(&one), 10).unwrap(), []);
    let nobody: Reference = "KRV-2026-0009".parse().unwrap();
    let circles = store.find_circles(&[other.clone(), nobody.clone(), one.clone()]).unwrap();
    assert_eq!(circles.iter().map(|circle| circle.members.len()).collect::<Vec<_>>(), [1, 0, 2]);
    assert_eq!((&circles[2], &circles[1].reference, circles[0].moves), (&circle, &nobody, false));
    assert!(store.find_circles(&[]).unwrap().is_empty());
    let who = ["party:a", "party:b", "territory:X"].map(str::to_owned);
    assert_eq!(store.find_relations(&one, &who).unwrap(), members);
    assert_eq!(store.list_circle("party:a", None, 10).unwrap(), [(one.clone(), 7), (other.clone(), 1)]);
    assert_eq!(store.list_circle("party:a", None, 1).unwrap(), [(one.clone(), 7)]);
    assert_eq!(store.list_circle("party:a", Some(&one), 10).unwrap(), [(other.clone(), 1)]);
    assert_eq!(store.list_circle("party:b", None, 10).unwrap(), []);
    // What changes is only that it moves, or no longer does.
    let members = store.find_circle(&other).unwrap().members;
    store.save(vec![Write::Circle(CircleRow { reference: other.clone(), members, moves: true })]).unwrap();
    let moving = [(one.clone(), 7), (other.clone(), 1)];
    assert_eq!(store.list_moving_circle("party:a", None, 10).unwrap(), moving);
    assert_eq!(store.list_moving_circle("party:a", None, 1).unwrap(), moving[..1]);
    // Of many at once: relations of one name and another together, and nothing of whom there is no word.
    let none: Reference = "KRV-2026-0003".parse().unwrap();
    let three = [none.clone(), other.clone(), one.clone()];
    let found = store.find_relations_of(&three, &who).unwrap();
    assert_eq!(Vec::from_iter(found), [(one.clone(), 7 | 16), (other.clone(), 1)]);
    assert!(store.find_relations_of(&[], &who).unwrap().is_empty());
    assert!(store.find_relations_of(&three, &[]).unwrap().is_empty());
    assert!(store.list_movements_of_each(&three).unwrap().is_empty());
    let movement = MovementRow {
        id: "KRV-2026-0001/1".parse().unwrap(),
        reference: one.clone(),
        state: "under-control".into(),
        movement: "{}".into(),
        updated: jiff::Timestamp::UNIX_EPOCH,
        due: None,
        mrn: None,
    };
    let second =
        MovementRow { id: "KRV-2026-0001/2".parse().unwrap(), state: "arrived".into(), ..movement.clone() };
    let of_other = MovementRow { id: "KRV-2026-0002/1".parse().unwrap(), reference: other, ..second.clone() };
    store.save(vec![Write::Movement(of_other), Write::Movement(second), Write::Movement(movement)]).unwrap();
    let each = store.list_movements_of_each(&three).unwrap();
    let ids: Vec<&str> = each.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["KRV-2026-0001/1", "KRV-2026-0001/2", "KRV-2026-0002/1"]);
    assert_eq!(store.list_movements_of_each(&[none]).unwrap(), []);
}
