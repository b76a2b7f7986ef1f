//! Matrices and isochrones say what the plans of their pairs say.

use crate::shared::{network, request};
use kervan_codes::PlaceCode;
use kervan_planning::{
    Area, Learned, PlanOptions, Polygon, Position, Reach, draw_areas, limits, plan, plan_isochrone,
    plan_matrix,
};
use kervan_units::Seconds;

fn places(codes: &[&str]) -> Vec<PlaceCode> {
    codes.iter().map(|code| code.parse().unwrap()).collect()
}

fn options() -> PlanOptions {
    PlanOptions { samples: limits::FEWEST_SAMPLES, ..PlanOptions::default() }
}

#[test]
fn a_cell_is_the_plan_of_its_pair() {
    let network = network();
    let (from, to) = (places(&["CNXIA", "UZTAS"]), places(&["TRIST", "UZTAS"]));
    let matrix =
        plan_matrix(&network, &request("CNXIA", "TRIST"), &from, &to, &options(), &Learned::default())
            .unwrap();
    let pairs: Vec<_> = matrix.iter().map(|cell| format!("{} {}", cell.from, cell.to)).collect();
    assert_eq!(pairs, ["CNXIA TRIST", "CNXIA UZTAS", "UZTAS TRIST"]);
    for cell in &matrix {
        let plan = plan(&network, &request(cell.from.as_str(), cell.to.as_str()), &options()).unwrap();
        assert_eq!(cell.fastest.as_ref(), plan.alternatives.first().map(|way| &way.itinerary));
        assert_eq!(cell.ways, plan.alternatives.len());
    }
}

#[test]
fn more_days_reach_more_and_rides_end_where_the_time_does() {
    let network = network();
    let within = |days: u64| {
        plan_isochrone(
            &network,
            &request("UZTAS", "TRIST"),
            Seconds::from_hours(24 * days),
            &options(),
            &Learned::default(),
        )
        .unwrap()
    };
    let (five, fifteen) = (within(5), within(15));
    assert!(five.places.len() < fifteen.places.len() && !five.places.is_empty());
    for reached in &five.places {
        assert!(fifteen.places.iter().any(|other| other.to == reached.to), "{}", reached.to);
    }
    for part in &five.rides {
        assert!(part.departs_after < five.within);
        assert_eq!(part.done == 1_000, part.arrives_after <= five.within, "{part:?}");
    }
    assert!(five.rides.iter().any(|part| part.done < 1_000));
}

#[test]
fn places_that_are_not_there_are_named_once() {
    let network = network();
    let (from, to) = (places(&["CNXIA", "CNQQQ"]), places(&["TRIST", "UZTAS"]));
    let findings =
        plan_matrix(&network, &request("CNXIA", "TRIST"), &from, &to, &options(), &Learned::default())
            .unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].code, "planning.unknown-place");
    let many: Vec<PlaceCode> = network.list_places().map(|place| place.code.clone()).collect();
    let findings =
        plan_matrix(&network, &request("CNXIA", "TRIST"), &many, &many, &options(), &Learned::default())
            .unwrap_err();
    assert_eq!(findings[0].code, "planning.pairs");
}

/// Whether a position lies in a polygon and in none of its holes.
fn holds(polygons: &[Polygon], at: Position) -> bool {
    let crossings = |ring: &Vec<Position>| {
        let sides = ring.windows(2).filter(|side| {
            let ([x, y], [u, v]) = (side[0], side[1]);
            (y > at[1]) != (v > at[1]) && at[0] < (u - x) * (at[1] - y) / (v - y) + x
        });
        sides.count()
    };
    polygons.iter().any(|polygon| polygon.iter().map(crossings).sum::<usize>() % 2 == 1)
}

#[test]
fn areas_hold_what_is_within_reach_and_nothing_else() {
    let square = [[60.0, 40.0], [70.0, 40.0], [70.0, 48.0], [60.0, 48.0]];
    let mut reached: Vec<Reach> =
        (0..4).map(|side| Reach::Strip(square[side], square[(side + 1) % 4])).collect();
    reached.push(Reach::Place([40.0, 40.0], 0.5));
    let polygons = draw_areas(&reached);
    assert_eq!(
        polygons.iter().map(Vec::len).collect::<Vec<_>>(),
        [1, 2],
        "a disc, and a frame with its hole"
    );
    for ring in polygons.iter().flatten() {
        assert!(ring.len() > 4 && ring.first() == ring.last(), "a ring is closed");
    }
    let signed = |ring: &Vec<Position>| -> f64 {
        ring.windows(2).map(|side| side[0][0] * side[1][1] - side[1][0] * side[0][1]).sum()
    };
    assert!(polygons.iter().all(|polygon| signed(&polygon[0]) > 0.0) && signed(&polygons[1][1]) < 0.0);
    let cases = [
        ([65.0, 40.1], true, "on a ride"),
        ([65.0, 44.0], false, "between the rides"),
        ([40.0, 41.2], true, "133 km from a place with half a day left"),
        ([40.0, 41.5], false, "167 km from it"),
        ([50.0, 40.0], false, "far from all"),
    ];
    for (at, within, why) in cases {
        assert_eq!(holds(&polygons, at), within, "{why}");
    }
    assert_eq!(draw_areas(&[]), Vec::<Polygon>::new());
}

#[test]
fn the_areas_of_an_isochrone_hold_its_places_and_grow() {
    let network = network();
    let isochrone = plan_isochrone(
        &network,
        &request("UZTAS", "TRIST"),
        Seconds::from_hours(24 * 15),
        &options(),
        &Learned::default(),
    )
    .unwrap();
    let point = |code: &PlaceCode| {
        network.find_place(code).map(|place| [place.point.lon(), place.point.lat()]).unwrap()
    };
    let widest = isochrone.areas.last().unwrap();
    assert_eq!((isochrone.areas.len(), widest.within), (3, isochrone.within));
    assert!(isochrone.places.iter().all(|place| holds(&widest.polygons, point(&place.to))));
    let held =
        |area: &Area| isochrone.places.iter().filter(|place| holds(&area.polygons, point(&place.to))).count();
    let counts: Vec<usize> = isochrone.areas.iter().map(held).collect();
    assert!(counts.is_sorted() && counts[0] < counts[2], "{counts:?}");
}

#[test]
fn faults_of_a_matrix_say_where_they_stand() {
    let mut request = request("CNXIA", "TRIST");
    request.equipment = vec![(10_000, "45G1".parse().unwrap())];
    let (from, to) = (places(&["CNXIA", "UZTAZ"]), places(&["TRIST", "TRISX"]));
    let findings =
        plan_matrix(&network(), &request, &from, &to, &options(), &Learned::default()).unwrap_err();
    let mut paths: Vec<_> = findings.iter().filter_map(|finding| finding.path.as_deref()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/from/1", "/plan/equipment", "/to/1"]);
}
