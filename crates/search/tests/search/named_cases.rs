//! Cases with a name: what a rule means, and what bad input gets.

use kervan_search::{
    Change, Departure, End, Fault, Line, LineStop, Network, Parts, Query, QueryFault, Runs, Stay, Stop,
    Stopped, Storage, When, Window, find_front, limits,
};

fn stop() -> Stop {
    Stop { stay: Some(Stay::default()), ..Stop::default() }
}

fn line(stops: &[u32], hours: u32, cost: u32, runs: Runs) -> Line {
    let at = |(index, stop): (usize, &u32)| LineStop::at(*stop, index as u32 * hours, index as u32 * hours);
    Line {
        stops: stops.iter().enumerate().map(at).collect(),
        segments: vec![[cost, 0, 0, 0, 0]; stops.len() - 1],
        runs,
    }
}

fn anytime() -> Runs {
    Runs::Anytime { wait: 0, open: Vec::new(), capacity: None }
}

fn at(starts: &[u32]) -> Runs {
    Runs::Timetable(starts.iter().map(|start| Departure::at(*start)).collect())
}

fn ask(parts: &Parts, query: &Query) -> Vec<(u32, u32)> {
    let network = Network::new(parts.clone()).unwrap();
    let front = find_front(&network, query).unwrap();
    front.journeys.iter().map(|way| (way.arrives, way.weights[0])).collect()
}

fn query(to: u32) -> Query {
    Query::new(End::at(0), End::at(to), When::DepartAfter(0), 1_000)
}

#[test]
fn goods_wait_at_home_when_the_port_is_dear() {
    // The truck to the port is followed by a vessel at 100; storage there costs 5 for each started 10 hours.
    let mut parts = Parts {
        stops: vec![stop(), stop(), stop()],
        lines: vec![line(&[0, 1], 10, 1, at(&[0, 50, 80])), line(&[1, 2], 10, 1, at(&[100]))],
        changes: Vec::new(),
    };
    parts.stops[1].storage = Some(Storage { free: 0, period: 10, price: 5 });
    assert_eq!(ask(&parts, &query(2)), [(110, 7)]);
}

#[test]
fn what_stands_between_two_lines_decides() {
    let mut parts = Parts {
        stops: vec![stop(), stop(), stop()],
        lines: vec![
            line(&[0, 1], 5, 1, anytime()),
            line(&[0, 1], 6, 2, anytime()),
            line(&[1, 2], 5, 1, anytime()),
        ],
        changes: Vec::new(),
    };
    assert_eq!(ask(&parts, &query(2)), [(10, 2)]);
    parts.changes.push(Change { stop: 1, arriving: 0, departing: 2, stay: None });
    assert_eq!(ask(&parts, &query(2)), [(11, 3)]);
}

#[test]
fn a_way_does_not_come_back_to_a_stop() {
    // Only by going round could goods change from the first line to the last; that is no way.
    let parts = Parts {
        stops: vec![stop(), stop(), stop(), stop()],
        lines: vec![
            line(&[0, 1], 5, 1, anytime()),
            line(&[1, 3], 5, 1, anytime()),
            line(&[3, 1], 5, 1, anytime()),
            line(&[1, 2], 5, 1, anytime()),
        ],
        changes: vec![Change { stop: 1, arriving: 0, departing: 3, stay: None }],
    };
    assert_eq!(ask(&parts, &query(2)), []);
}

#[test]
fn a_full_departure_is_let_go() {
    let departures = vec![
        Departure { start: 10, capacity: Some(2) },
        Departure { start: 20, capacity: Some(9) },
        Departure::at(30),
    ];
    let parts = Parts {
        stops: vec![stop(), stop()],
        lines: vec![line(&[0, 1], 5, 1, Runs::Timetable(departures))],
        changes: Vec::new(),
    };
    for (demand, arrives) in [(0, 15), (2, 15), (3, 25), (9, 25), (10, 35)] {
        assert_eq!(ask(&parts, &Query { demand, ..query(1) }), [(arrives, 1)], "{demand}");
    }
}

#[test]
fn a_closed_stop_and_a_closed_line_wait_for_each_other() {
    let mut parts = Parts {
        stops: vec![stop(), stop(), stop()],
        lines: vec![
            line(&[0, 1], 5, 1, anytime()),
            line(
                &[1, 2],
                5,
                1,
                Runs::Anytime { wait: 0, open: vec![Window { from: 30, until: 31 }], capacity: None },
            ),
        ],
        changes: Vec::new(),
    };
    parts.stops[1].stay = Some(Stay { duration: 4, ..Stay::default() });
    assert_eq!(ask(&parts, &query(2)), [(35, 2)]);
    parts.stops[1].open = vec![Window { from: 26, until: 40 }];
    assert_eq!(ask(&parts, &query(2)), [(35, 2)]);
    parts.stops[1].open = vec![Window { from: 27, until: 40 }];
    assert_eq!(ask(&parts, &query(2)), []);
}

#[test]
fn arriving_by_an_instant_departs_as_late_as_it_can() {
    let parts = Parts {
        stops: vec![stop(), stop(), stop()],
        lines: vec![line(&[0, 1], 10, 1, anytime()), line(&[1, 2], 10, 1, at(&[50, 100, 150]))],
        changes: Vec::new(),
    };
    let network = Network::new(parts).unwrap();
    let query = Query { when: When::ArriveBy(140), ..query(2) };
    let front = find_front(&network, &query).unwrap();
    let way = &front.journeys[0];
    assert_eq!(
        (way.departs, way.arrives, way.legs[1].departs, way.legs[1].departure),
        (90, 140, 100, Some(1))
    );
}

#[test]
fn parts_that_make_no_network_are_refused_with_every_fault() {
    let mut parts = Parts {
        stops: vec![stop()],
        lines: vec![line(&[0, 7], 5, 1, at(&[9, 3])), line(&[0], 5, 1, anytime())],
        changes: vec![Change { stop: 0, arriving: 5, departing: 0, stay: None }],
    };
    parts.stops[0].open = vec![Window { from: 5, until: 5 }];
    parts.lines[0].segments[0] = [limits::MOST_WEIGHT + 1, 0, 0, 0, 0];
    let faults = Network::new(parts).unwrap_err();
    assert_eq!(faults.len(), 6, "{faults:#?}");
    assert!(faults.contains(&Fault::Unknown { place: "line 0".into(), number: 7 }));
    assert!(faults.contains(&Fault::Shape { line: 1, stops: 1, segments: 0 }));
}

#[test]
fn a_query_that_cannot_be_answered_says_why() {
    let parts =
        Parts { stops: vec![stop(), stop()], lines: vec![line(&[0, 1], 5, 1, anytime())], changes: vec![] };
    let network = Network::new(parts).unwrap();
    let wrong = Query { required: vec![9], epsilon: 2_000, to: vec![], ..query(1) };
    let Err(Stopped::Query(faults)) = find_front(&network, &wrong) else { panic!("it has faults") };
    assert_eq!(
        faults,
        [
            QueryFault::Unknown { field: "required", number: 9 },
            QueryFault::Ends { field: "to" },
            QueryFault::Range { field: "epsilon" },
        ]
    );
    let few = Query { most_labels: 1, ..query(1) };
    assert_eq!(find_front(&network, &few).unwrap_err(), Stopped::TooManyLabels { most: 1 });
}

#[test]
fn a_sum_that_does_not_fit_is_refused() {
    let stops = 40;
    let heavy = |from: u32| line(&[from, from + 1], 1, limits::MOST_WEIGHT, anytime());
    let parts = Parts {
        stops: vec![stop(); stops as usize],
        lines: (0..stops - 1).map(heavy).collect(),
        changes: Vec::new(),
    };
    let network = Network::new(parts).unwrap();
    assert_eq!(find_front(&network, &query(stops - 1)).unwrap_err(), Stopped::Overflow);
}
