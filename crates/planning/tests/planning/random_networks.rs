//! Plans of random small networks against every simple path there is.
//!
//! Every duration is exact, so there is no luck in the odds and the alternatives must be exactly the unbeaten ways. The
//! other side of the comparison shares no code with the planner but the network room, which says what happens at a stay.

use kervan_codes::PlaceCode;
use kervan_model::{Itinerary, Mode, ProcessKind};
use kervan_network::{Network, Process, Runs, Service, TariffUnit};
use kervan_planning::{Alternative, PlanOptions, PlanRequest, plan};
use kervan_units::Seconds;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::collections::{BTreeMap, BTreeSet};

/// Time, cost, emissions, figures missing.
type Figures = [u64; 4];

/// Gross mass of every request, so that emissions are whole numbers of grams for whole grams per tonne-kilometre.
const TONNES: u64 = 2;

struct Dice(Xoshiro256PlusPlus);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0.next_u64() % sides
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

/// Tables in the making: the header comes from the real table, so that a row names only the cells it cares for.
#[derive(Default)]
struct Tables(BTreeMap<&'static str, (Vec<String>, String)>);

impl Tables {
    fn add(&mut self, file: &'static str, cells: &[(&str, String)]) {
        let (columns, text) = self.0.entry(file).or_insert_with(|| {
            let path = format!("{}/../../data/network/{file}", env!("CARGO_MANIFEST_DIR"));
            let header = std::fs::read_to_string(path).unwrap().lines().next().unwrap().to_owned();
            (header.split(',').map(str::to_owned).collect(), format!("{header}\n"))
        });
        let common = [("source", "made up"), ("period", "2026"), ("confidence", "low"), ("status", "open")];
        for (name, _) in cells {
            assert!(columns.iter().any(|column| column == name), "{file} has no column {name}");
        }
        let cell = |column: &String| {
            let own = cells.iter().find(|(name, _)| name == column).map(|(_, value)| value.clone());
            let shared = common.iter().find(|(name, _)| name == column).map(|(_, value)| (*value).to_owned());
            own.or(shared).unwrap_or_default()
        };
        let row: Vec<String> = columns.iter().map(cell).collect();
        text.push_str(&row.join(","));
        text.push('\n');
    }
}

fn place(number: u64) -> (String, &'static str) {
    let country = ["KZ", "AZ", "GE"][(number % 3) as usize];
    (format!("{country}-P{number:02}"), country)
}

fn random_network(dice: &mut Dice) -> Network {
    let mut tables = Tables::default();
    let places = 3 + dice.below(4);
    for number in 0..places {
        let (code, country) = place(number);
        let cells = [("code", code.clone()), ("name", code.clone()), ("country", country.into())];
        let more = [("zone", "UTC".to_owned()), ("kinds", "rail_terminal;seaport".into())];
        tables.add("places.csv", &[cells.as_slice(), &more].concat());
        let point = [("lat", format!("{}", 40 + number)), ("lon", "50".into()), ("licence", "none".into())];
        tables.add("points.csv", &[[("place", code.clone())].as_slice(), &point].concat());
        add_processes(dice, &mut tables, &code);
    }
    for number in 0..(places + dice.below(2 * places)) {
        let from = dice.below(places);
        let to = (from + 1 + dice.below(places - 1)) % places;
        add_service(dice, &mut tables, number, from, to);
    }
    for (mode, grams) in [("rail", 20), ("road", 70), ("sea", 10)] {
        let amounts =
            ["g_per_tkm_min", "g_per_tkm_typ", "g_per_tkm_max"].map(|name| (name, grams.to_string()));
        let cells = [("id", format!("E-{mode}")), ("mode", mode.to_owned())];
        tables.add("emission_factors.csv", &[cells.as_slice(), &amounts].concat());
    }
    Network::load(|file| tables.0.get(file).map(|(_, text)| text.clone())).unwrap().0
}

fn exactly(prefix: &'static str, value: u64) -> [(&'static str, String); 3] {
    let names = match prefix {
        "hours" => ["hours_min", "hours_typ", "hours_max"],
        "km" => ["km_min", "km_typ", "km_max"],
        "running_h" => ["running_h_min", "running_h_typ", "running_h_max"],
        "wait_h" => ["wait_h_min", "wait_h_typ", "wait_h_max"],
        "cost" => ["cost_min", "cost_typ", "cost_max"],
        _ => ["amount_min", "amount_typ", "amount_max"],
    };
    names.map(|name| (name, value.to_string()))
}

fn add_processes(dice: &mut Dice, tables: &mut Tables, code: &str) {
    let kinds = ["formation", "delivery", "transfer", "gauge_change", "border", "yard"];
    for (number, kind) in kinds.into_iter().enumerate() {
        for (variant, column) in [(0, ""), (1, "class"), (2, "from_mode"), (3, "to_mode")] {
            // A general row more often than a special one; some changes have no row at all.
            if dice.below(4) < u64::from(variant > 0) + 2 {
                continue;
            }
            let word = match column {
                "" => String::new(),
                "class" => dice.pick(&["block_train", "carload", "truck"]).to_owned(),
                _ => dice.pick(&["rail", "road", "sea"]).to_owned(),
            };
            let id = format!("P-{code}-{number}-{variant}");
            let mut cells = vec![("id", id), ("place", code.to_owned()), ("kind", kind.to_owned())];
            cells.extend(exactly("hours", dice.below(12)));
            cells.push(("includes_waiting", dice.pick(&["yes", "no"]).to_owned()));
            let ends = [("at_origin", "formation"), ("at_destination", "delivery")];
            cells.extend(ends.map(|(name, of)| (name, if kind == of { "yes" } else { "no" }.to_owned())));
            if !column.is_empty() {
                cells.push((column, word));
            }
            if dice.chance(3) {
                let priced = [("cost_per", "feu"), ("currency", "USD"), ("cost_basis", "derived")];
                cells.extend(priced.map(|(name, value)| (name, value.to_owned())));
                cells.push(("cost_source", "made up".to_owned()));
                cells.extend(exactly("cost", dice.below(6)));
            }
            tables.add("processes.csv", &cells);
        }
    }
}

fn add_service(dice: &mut Dice, tables: &mut Tables, number: u64, from: u64, to: u64) {
    let ((from, from_country), (to, to_country)) = (place(from), place(to));
    let mode = dice.pick(&["rail", "rail", "road", "sea"]);
    let class = match mode {
        "rail" => dice.pick(&["block_train", "carload"]),
        "road" => "truck",
        _ => "container_vessel",
    };
    let countries =
        if from_country == to_country { from_country.into() } else { format!("{from_country};{to_country}") };
    let gauge = if mode == "rail" { dice.pick(&["1435", "1520"]) } else { "" };
    let link = format!("L{number}");
    let service = format!("S{number}");
    let ends = [("from", from), ("to", to), ("mode", mode.to_owned()), ("both_ways", "no".to_owned())];
    let mut cells = vec![("id", link.clone()), ("operator", "nobody".to_owned()), ("countries", countries)];
    cells.push(("gauge_mm", gauge.to_owned()));
    cells.extend(ends.clone());
    cells.extend(exactly("km", 100 * (1 + dice.below(9))));
    tables.add("links.csv", &cells);
    let mut cells =
        vec![("id", service.clone()), ("name", service.clone()), ("operator", "nobody".to_owned())];
    cells.extend(ends);
    cells.extend([("class", class.to_owned()), ("links", link)]);
    cells.extend(exactly("running_h", 1 + dice.below(9)));
    if dice.chance(2) {
        cells.push(("runs", "on_demand".to_owned()));
    } else {
        cells.push(("runs", "leaves_when_full".to_owned()));
        cells.extend(exactly("wait_h", dice.below(9)));
    }
    tables.add("services.csv", &cells);
    if !dice.chance(6) {
        let mut cells = vec![("id", format!("T{number}")), ("service", service)];
        let words = [("direction", "both"), ("per", "feu"), ("load", "loaded"), ("cargo", "general")];
        cells.extend(words.map(|(name, value)| (name, value.to_owned())));
        cells.extend([("currency", "USD".to_owned()), ("basis", "derived".to_owned())]);
        cells.extend(exactly("amount", 1 + dice.below(20)));
        tables.add("tariffs.csv", &cells);
    }
}

/// Every simple path, weighed.
struct BruteForce<'n> {
    network: &'n Network,
    to: &'n PlaceCode,
    found: Vec<Figures>,
}

impl<'n> BruteForce<'n> {
    fn extend(&mut self, way: &mut Vec<&'n Service>, visited: &mut BTreeSet<PlaceCode>, at: &PlaceCode) {
        if at == self.to {
            self.found.push(self.weigh(way));
            return;
        }
        for service in self.network.services_from(at) {
            if visited.insert(service.to.clone()) {
                way.push(service);
                self.extend(way, visited, &service.to);
                way.pop();
                visited.remove(&service.to);
            }
        }
    }

    fn weigh(&self, way: &[&'n Service]) -> Figures {
        let mut figures = [0; 4];
        let mut stays = vec![(None, way.first().copied())];
        stays.extend(way.windows(2).map(|pair| (Some(pair[0]), Some(pair[1]))));
        stays.push((way.last().copied(), None));
        for (arriving, departing) in stays {
            self.weigh_stay(arriving, departing, &mut figures);
        }
        for service in way {
            figures[0] += service.running.typ().get();
            let day = jiff::civil::date(2026, 12, 1);
            match self.network.find_tariff(&service.id, TariffUnit::Feu, day) {
                Some(tariff) => figures[1] += tariff.amount.typ() as u64,
                None => figures[3] += 1,
            }
            let kilometres = self.network.distance_of_service(&service.id).typ().metres() / 1_000;
            let grams = match service.mode {
                Mode::Rail => 20,
                Mode::Road => 70,
                _ => 10,
            };
            figures[2] += kilometres * grams * TONNES;
        }
        figures
    }

    fn weigh_stay(&self, arriving: Option<&Service>, departing: Option<&Service>, figures: &mut Figures) {
        let code = departing.map(|service| &service.from).or(arriving.map(|service| &service.to)).unwrap();
        let place = self.network.find_place(code).unwrap();
        let mut processes = self.network.processes_of_stay(code, arriving, departing);
        let has = |processes: &[&Process], kind| processes.iter().any(|process| process.kind == kind);
        let end = match (arriving, departing) {
            (None, _) => Some(ProcessKind::Formation),
            (_, None) => Some(ProcessKind::Delivery),
            _ => None,
        };
        if let Some(end) = end.filter(|end| !has(&processes, *end)) {
            let of_kind = place.processes.iter().filter(|process| process.kind == end);
            processes.extend(of_kind.max_by_key(|process| (process.duration.typ(), &process.id)));
        }
        if let (Some(arriving), Some(departing)) = (arriving, departing) {
            let gauges = (self.network.gauge_at_end(arriving), self.network.gauge_at_start(departing));
            let changes_gauge = matches!(gauges, (Some(one), Some(other)) if one != other);
            figures[3] += u64::from(changes_gauge && !has(&processes, ProcessKind::GaugeChange));
            let changes_mode = arriving.mode != departing.mode;
            figures[3] += u64::from(changes_mode && !has(&processes, ProcessKind::Transfer));
        }
        for process in &processes {
            figures[0] += process.duration.typ().get();
            figures[1] += process.cost.as_ref().map_or(0, |cost| cost.amount.typ() as u64);
        }
        if let Some(Runs::LeavesWhenFull { wait }) = departing.map(|service| service.runs)
            && !processes.iter().any(|process| process.includes_waiting)
        {
            figures[0] += wait.typ().get();
        }
    }
}

fn unbeaten(found: &[Figures]) -> Vec<[u64; 3]> {
    let no_worse = |one: &Figures, other: &Figures| one.iter().zip(other).all(|(a, b)| a <= b);
    let beaten = |one: &Figures| found.iter().any(|other| other != one && no_worse(other, one));
    let front: BTreeSet<Figures> = found.iter().filter(|one| !beaten(one)).copied().collect();
    sorted(front.into_iter().map(|[seconds, cents, grams, _]| [seconds, cents, grams]))
}

fn sorted(figures: impl Iterator<Item = [u64; 3]>) -> Vec<[u64; 3]> {
    let mut figures: Vec<[u64; 3]> = figures.collect();
    figures.sort();
    figures
}

fn shown(alternative: &Alternative) -> [u64; 3] {
    let Itinerary { departs, arrives, cost, carbon, .. } = &alternative.itinerary;
    assert_eq!((arrives.p10, arrives.p90), (arrives.p50, arrives.p50), "nothing is uncertain here");
    [Seconds::between(*departs, arrives.p50).get(), cost.total.minor() as u64, carbon.grams()]
}

#[test]
fn plans_of_random_networks_equal_brute_force() {
    let mut dice = Dice(Xoshiro256PlusPlus::seed_from_u64(20_261_122));
    let (mut with_choice, mut without_way) = (0, 0);
    for case in 0..1_200 {
        let network = random_network(&mut dice);
        let (from, to): (PlaceCode, PlaceCode) = (place(0).0.parse().unwrap(), place(1).0.parse().unwrap());
        let mut brute = BruteForce { network: &network, to: &to, found: Vec::new() };
        brute.extend(&mut Vec::new(), &mut BTreeSet::from([from.clone()]), &from);
        let expected = unbeaten(&brute.found);
        let request = PlanRequest {
            from,
            to: to.clone(),
            ready: "2026-12-01T08:00:00Z".parse().unwrap(),
            equipment: vec![(1, "45G1".parse().unwrap())],
            gross_mass: Some(kervan_units::Mass::from_tonnes(TONNES)),
            allow_planned: false,
            allow_disrupted: false,
            conditions: kervan_planning::Conditions::default(),
        };
        let options = PlanOptions { samples: 100, most_alternatives: 100, ..PlanOptions::default() };
        let plan = plan(&network, &request, &options).unwrap();
        assert_eq!(sorted(plan.alternatives.iter().map(shown)), expected, "case {case}");
        assert_eq!(plan.alternatives.is_empty(), plan.findings.iter().any(|f| f.code == "planning.no-way"));
        with_choice += usize::from(expected.len() > 1);
        without_way += usize::from(expected.is_empty());
    }
    assert!(
        with_choice > 200 && without_way > 50,
        "{with_choice} with a choice, {without_way} without a way"
    );
}
