//! The same timetable for `vulture`, in arrays and with a fare per ride, so that it is as fast as it can be.

use vulture::{
    Duration, Journey, Label, RaptorCache, RouteIdx, SecondOfDay, StopIdx, Timetable, TripContext, TripIdx,
};

/// A service of the synthetic network.
pub(crate) struct Ride {
    pub(crate) stops: Vec<u32>,
    pub(crate) times: Vec<(u32, u32)>,
    pub(crate) segments: Vec<kervan_search::Weights>,
    pub(crate) fare: u32,
    pub(crate) starts: Vec<u32>,
}

/// Arrival and the sum of fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fared {
    arrival: SecondOfDay,
    fare: u32,
}

/// Fare of each route.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fares(Vec<u32>);

impl Label for Fared {
    type Ctx = Fares;
    const UNREACHED: Self = Self { arrival: SecondOfDay::MAX, fare: 0 };

    fn from_departure(_: &Fares, at: SecondOfDay) -> Self {
        Self { arrival: at, fare: 0 }
    }

    fn extend_by_trip(self, fares: &Fares, leg: TripContext) -> Self {
        Self { arrival: leg.arrival, fare: self.fare + fares.0[leg.route.get() as usize] }
    }

    fn extend_by_footpath(self, _: &Fares, _: StopIdx, _: StopIdx, walk: Duration) -> Self {
        Self { arrival: self.arrival + walk, fare: self.fare }
    }

    fn dominates(&self, other: &Self) -> bool {
        self.arrival <= other.arrival && self.fare <= other.fare
    }

    fn arrival(&self) -> SecondOfDay {
        self.arrival
    }
}

struct Route {
    stops: Vec<StopIdx>,
    times: Vec<(u32, u32)>,
    starts: Vec<u32>,
    first: u32,
}

/// The timetable.
pub(crate) struct Theirs {
    routes: Vec<Route>,
    serving: Vec<Vec<(RouteIdx, u32)>>,
    trips: Vec<(u32, u32)>,
    fares: Fares,
}

impl Theirs {
    pub(crate) fn new(terminals: u32, rides: &[Ride]) -> Self {
        let mut made = Self {
            routes: Vec::new(),
            serving: vec![Vec::new(); terminals as usize],
            trips: Vec::new(),
            fares: Fares(rides.iter().map(|ride| ride.fare).collect()),
        };
        for (number, ride) in rides.iter().enumerate() {
            let first = made.trips.len() as u32;
            made.trips.extend(ride.starts.iter().map(|start| (number as u32, *start)));
            for (place, stop) in ride.stops.iter().enumerate() {
                made.serving[*stop as usize].push((RouteIdx::new(number as u32), place as u32));
            }
            made.routes.push(Route {
                stops: ride.stops.iter().map(|stop| StopIdx::new(*stop)).collect(),
                times: ride.times.clone(),
                starts: ride.starts.clone(),
                first,
            });
        }
        made
    }

    pub(crate) fn cache(&self) -> RaptorCache<Fared> {
        RaptorCache::for_timetable(self)
    }

    /// The front of arrival and fare, in order of arrival.
    pub(crate) fn ask(
        &self,
        cache: &mut RaptorCache<Fared>,
        from: u32,
        to: u32,
        begin: u32,
    ) -> Vec<(u32, u32)> {
        let journeys: Vec<Journey<Fared>> = self
            .query_with_label::<Fared>()
            .with_context(self.fares.clone())
            .from(StopIdx::new(from))
            .to(StopIdx::new(to))
            .max_transfers(10)
            .depart_at(SecondOfDay(begin))
            .run_with_cache(cache);
        let mut points: Vec<(u32, u32)> =
            journeys.iter().map(|way| (way.label.arrival.0, way.label.fare)).collect();
        points.sort_unstable();
        let mut least = u32::MAX;
        points.retain(|(_, fare)| {
            let better = *fare < least;
            least = least.min(*fare);
            better
        });
        points
    }

    fn at(&self, trip: TripIdx, place: u32) -> (u32, u32) {
        let (route, start) = self.trips[trip.get() as usize];
        let (arrives, departs) = self.routes[route as usize].times[place as usize];
        (start + arrives, start + departs)
    }
}

impl Timetable for Theirs {
    fn n_stops(&self) -> usize {
        self.serving.len()
    }

    fn n_routes(&self) -> usize {
        self.routes.len()
    }

    fn get_routes_serving_stop(&self, stop: StopIdx) -> &[(RouteIdx, u32)] {
        &self.serving[stop.get() as usize]
    }

    fn get_stops_after(&self, route: RouteIdx, place: u32) -> &[StopIdx] {
        &self.routes[route.get() as usize].stops[place as usize..]
    }

    fn stop_at(&self, route: RouteIdx, place: u32) -> StopIdx {
        self.routes[route.get() as usize].stops[place as usize]
    }

    fn get_earliest_trip(&self, route: RouteIdx, at: SecondOfDay, place: u32) -> Option<TripIdx> {
        let route = &self.routes[route.get() as usize];
        let least = at.0.saturating_sub(route.times[place as usize].1);
        let next = route.starts.partition_point(|start| *start < least);
        (next < route.starts.len()).then(|| TripIdx::new(route.first + next as u32))
    }

    fn get_arrival_time(&self, trip: TripIdx, place: u32) -> SecondOfDay {
        SecondOfDay(self.at(trip, place).0)
    }

    fn get_departure_time(&self, trip: TripIdx, place: u32) -> SecondOfDay {
        SecondOfDay(self.at(trip, place).1)
    }

    fn get_footpaths_from(&self, _: StopIdx) -> &[StopIdx] {
        &[]
    }

    fn footpaths_are_transitively_closed(&self) -> bool {
        true
    }
}
