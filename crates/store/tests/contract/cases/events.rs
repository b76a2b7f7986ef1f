//! The repository of events against a list in memory.

use crate::Place;
use crate::event_list::{at, check, event, numbers, save};
use kervan_store::{
    CaptureJobRow, EventRow, NamedQueryRow, OldEvent, SubscriptionRow, VocabularyRow, WordKind, Write,
};

pub(crate) fn as_a_list_does(place: &Place) {
    let mut count = 0;
    for step in [1, 39, 1, 200, 7, 400, 3] {
        let store = place.open();
        check(&store, count);
        for start in (0..step).step_by(23) {
            // Half of each batch was there already.
            save(&store, (count + start).saturating_sub(12)..count + (start + 23).min(step));
        }
        count += step;
        check(&store, count);
    }
}

pub(crate) fn many_callers(place: &Place) {
    let store = place.open();
    std::thread::scope(|scope| {
        for caller in 0..8_u64 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..100 {
                    // Neighbours send half of their events twice.
                    save(store, caller * 50 + number..caller * 50 + number + 1);
                }
            });
        }
    });
    let events = store.list_events_after(0, 10_000).unwrap();
    let mut seen = numbers(&events);
    seen.sort_unstable();
    assert_eq!(seen, (0..450).collect::<Vec<_>>());
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=450).collect::<Vec<_>>());
}

pub(crate) fn failed_batch(place: &Place) {
    let store = place.open();
    let short = Write::Reserve(kervan_store::GuaranteeUse {
        grn: "24XX0000000000002".parse().unwrap_or_else(|_| "21DE0000010000013".parse().unwrap()),
        movement: "KRV-1/1".parse().unwrap(),
        amount: 1,
        at: at(0),
        actor: "party".parse().unwrap(),
        why: String::new(),
    });
    assert!(store.save(vec![Write::Event(event(0)), short]).is_err());
    check(&store, 0);
    assert!(store.list_event_words(WordKind::BizStep, "", 10).unwrap().is_empty());
    save(&store, 0..1);
    check(&store, 1);
    assert_eq!(store.list_event_words(WordKind::BizStep, "", 10).unwrap(), ["step-0"]);
}

pub(crate) fn by_time(place: &Place) {
    let store = place.open();
    save(&store, 0..300);
    let read = store.find_event(18).unwrap().unwrap();
    let mut expected = EventRow { seq: 18, words: Vec::new(), ..event(17) };
    expected.marks.sort_unstable();
    assert_eq!(read, expected);
    let mut ours: Vec<u64> = (0..300).step_by(10).collect();
    ours.sort_by_key(|number| at(*number));
    assert_eq!(numbers(&store.list_events(&"KRV-1".parse().unwrap()).unwrap()), ours);
    let (mut after, mut paged) = (None, Vec::new());
    let (from, until) = (at(0), at(0) + jiff::SignedDuration::from_secs(5_000));
    loop {
        let events = store.list_events_between(from, until, after, 9).unwrap();
        let Some(last) = events.last() else { break };
        after = Some((last.event_time, last.seq));
        paged.extend(numbers(&events));
    }
    let mut expected: Vec<u64> =
        (0..300).filter(|number| from <= at(*number) && at(*number) < until).collect();
    expected.sort_by_key(|number| (at(*number), *number));
    assert_eq!(paged, expected);
    assert_eq!(store.list_event_words(WordKind::BizStep, "step-1", 2).unwrap(), ["step-2", "step-3"]);
    assert_eq!(store.list_old_events(10).unwrap(), Vec::<OldEvent>::new());
}

pub(crate) fn vocabularies_and_jobs(place: &Place) {
    let store = place.open();
    let job = |id: &str, seq, running| CaptureJobRow {
        seq,
        id: id.into(),
        party: "a".parse().unwrap(),
        running,
        job: format!("{{\"{id}\":{running}}}"),
        document: running.then(|| "[]".to_owned()),
    };
    let put = |id: &str, running| Write::CaptureJob(job(id, 0, running));
    store.save(vec![put("x", true), put("y", true), put("z", true), put("y", false)]).unwrap();
    let seqs: Vec<_> =
        store.list_capture_jobs(0, 9).unwrap().iter().map(|job| (job.id.clone(), job.seq)).collect();
    assert_eq!(seqs.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["z", "y", "x"]);
    let second = store.list_capture_jobs(seqs[0].1, 1).unwrap();
    assert_eq!(second, [job("y", seqs[1].1, false)]);
    assert_eq!(store.find_capture_job("x").unwrap(), Some(job("x", seqs[2].1, true)));
    let running: Vec<_> = store.list_running_jobs().unwrap().into_iter().map(|job| job.id).collect();
    assert_eq!(running, ["x", "z"]);
    let element = |id: &str, element: &str| VocabularyRow {
        party: "a".parse().unwrap(),
        vocabulary: "v".into(),
        id: id.into(),
        element: element.into(),
    };
    let state = |row: VocabularyRow| Write::Vocabulary(row);
    store
        .save(vec![state(element("2", "{}")), state(element("1", "{}")), state(element("2", "new"))])
        .unwrap();
    assert_eq!(store.list_vocabulary(9).unwrap(), [element("1", "{}"), element("2", "new")]);
    assert_eq!(store.count_vocabulary().unwrap(), 2);
}

pub(crate) fn queries_and_subscriptions(place: &Place) {
    let store = place.open();
    let query = |name: &str| NamedQueryRow {
        name: name.into(),
        party: "a".parse().unwrap(),
        definition: "{}".into(),
    };
    let subscription = |id: &str, query: &str, progress: &str| SubscriptionRow {
        id: id.into(),
        query: query.into(),
        party: "a".parse().unwrap(),
        terms: "{}".into(),
        progress: progress.into(),
    };
    store.save(vec![Write::NamedQuery(query("q")), Write::NamedQuery(query("r"))]).unwrap();
    assert!(store.save(vec![Write::NamedQuery(query("q"))]).is_err());
    let subscribe = |id: &str, query: &str| Write::Subscription(subscription(id, query, "0"));
    store.save(vec![subscribe("1", "q"), subscribe("2", "r"), subscribe("3", "gone")]).unwrap();
    store.save(vec![Write::SubscriptionProgress { id: "1".into(), progress: "7".into() }]).unwrap();
    assert_eq!(store.find_subscription("1").unwrap(), Some(subscription("1", "q", "7")));
    store.save(vec![Write::SubscriptionTerms { id: "1".into(), terms: "sealed".into() }]).unwrap();
    let sealed = SubscriptionRow { terms: "sealed".into(), ..subscription("1", "q", "7") };
    assert_eq!(store.find_subscription("1").unwrap(), Some(sealed));
    assert_eq!(store.list_subscriptions(Some("r")).unwrap(), [subscription("2", "r", "0")]);
    assert_eq!(store.list_subscriptions(None).unwrap().len(), 2);
    assert_eq!(store.list_named_queries("q", 9).unwrap(), [query("r")]);
    store.save(vec![Write::RemoveNamedQuery("q".into()), Write::RemoveSubscription("2".into())]).unwrap();
    assert_eq!(store.find_named_query("q").unwrap(), None);
    assert!(store.list_subscriptions(None).unwrap().is_empty());
}
