//! What is told together of some of the open alarms, against groups made one by one.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use jiff::{SignedDuration, Timestamp};
use kervan_model::{Reference, Severity};
use kervan_tracking::Parameters;
use kervan_tracking::alarm::{
    Alarm, AlarmKind, AlarmOrder, AlarmState, Gathered, Owner, Ranked, gather, place,
};
use kervan_units::Seconds;
use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static PARAMETERS: LazyLock<Parameters> = LazyLock::new(|| {
    let folder = format!("{}/../../data/tracking", env!("CARGO_MANIFEST_DIR"));
    Parameters::load(|name| std::fs::read_to_string(format!("{folder}/{name}")).ok()).unwrap()
});

/// What an alarm is drawn from, and whether it is seen: kind, cause, owner, hour, consignment.
type Drawn = ((usize, usize, usize, i64, usize), bool);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec(
        ((0..2_usize, 0..3_usize, 0..2_usize, 0..200_i64, 0..4_usize), any::<bool>()),
        0..60,
    )
}

fn alarm(name: usize, (kind, cause, owner, hour, of): (usize, usize, usize, i64, usize)) -> Alarm {
    let reference: Reference = format!("KRV-{of}").parse().unwrap();
    Alarm {
        id: format!("{reference}!{name}"),
        reference,
        kind: AlarmKind::ALL[kind],
        severity: if name.is_multiple_of(3) { Severity::Error } else { Severity::Warning },
        cause: format!("cause {cause}"),
        reason: "a reason".to_owned(),
        raised: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hour),
        owner: Owner::ALL[owner],
        state: AlarmState::Raised,
        escalated: false,
    }
}

/// Names of the alarms of each group, made without an order that was kept.
fn expected(seen: &[&Alarm]) -> BTreeSet<Vec<String>> {
    let marks = &PARAMETERS.alarms;
    let mut alike: BTreeMap<(&str, &str, &str), Vec<&Alarm>> = BTreeMap::new();
    for alarm in seen {
        alike.entry((alarm.kind.word(), &alarm.cause, alarm.owner.word())).or_default().push(alarm);
    }
    let mut groups = BTreeSet::new();
    for mut alarms in alike.into_values() {
        alarms.sort_by_key(|alarm| (alarm.raised, alarm.id.clone()));
        let mut storms: Vec<Vec<&Alarm>> = Vec::new();
        for alarm in alarms {
            match storms.last_mut() {
                Some(storm)
                    if Seconds::between(storm[storm.len() - 1].raised, alarm.raised)
                        <= marks.digest_window =>
                {
                    storm.push(alarm);
                }
                _ => storms.push(vec![alarm]),
            }
        }
        for storm in storms {
            let names: Vec<String> = storm.iter().map(|alarm| alarm.id.clone()).collect();
            if names.len() >= marks.digest_from {
                groups.insert(names);
            } else {
                groups.extend(names.into_iter().map(|name| vec![name]));
            }
        }
    }
    groups
}

proptest! {
    #[test]
    fn some_of_the_alarms_are_gathered_as_if_there_were_no_others(drawn in drawn()) {
        let alarms: Vec<Alarm> = drawn.iter().enumerate().map(|(name, (of, _))| alarm(name, *of)).collect();
        let all: Vec<&Alarm> = alarms.iter().collect();
        let order = AlarmOrder::of(&all);
        let seen: Vec<Ranked> = order.by_likeness().iter().filter(|one| drawn[one.at].1).copied().collect();
        let mut gathered = gather(&seen, &PARAMETERS.alarms);
        gathered.sort_unstable_by_key(Gathered::rank);
        let digests: Vec<_> =
            gathered.iter().map(|one| one.to_digest(|at| all.get(at).copied()).unwrap()).collect();

        let of_seen: Vec<&Alarm> = all.iter().zip(&drawn).filter(|(_, (_, seen))| *seen).map(|(one, _)| *one).collect();
        let found: BTreeSet<Vec<String>> = digests.iter().map(|digest| digest.alarms.clone()).collect();
        prop_assert_eq!(found.len(), digests.len());
        prop_assert_eq!(found, expected(&of_seen));
        for digest in &digests {
            let named = of_seen.iter().filter(|alarm| digest.alarms.contains(&alarm.id));
            let of: BTreeSet<&Reference> = named.map(|alarm| &alarm.reference).collect();
            prop_assert_eq!(of.into_iter().collect::<Vec<_>>(), digest.consignments.iter().collect::<Vec<_>>());
        }
        let gravity = |name: &str| alarms.iter().find(|alarm| alarm.id == name).unwrap().severity;
        let ranks: Vec<_> = digests.iter().map(|one| (std::cmp::Reverse(gravity(&one.alarms[0])), one.since)).collect();
        prop_assert!(ranks.is_sorted());

        let places: Vec<_> = order.by_age().iter().map(|at| place(all[*at])).collect();
        prop_assert!(places.len() == all.len() && places.is_sorted());
    }
}
