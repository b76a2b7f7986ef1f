//! What is changed: links closed and opened, capacities, times, prices, demand.

use super::data::{FreightData, without_direction};
use crate::limits;
use kervan_codes::PlaceCode;
use kervan_model::{Finding, LinkId};
use kervan_network::Network;
use serde::{Deserialize, Serialize};

/// One figure changed, as people write it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// A link, a place, a corridor, or for demand a kind of goods, a region, or `FROM>TO`.
    pub at: String,
    /// Times this; for hours this many more or fewer.
    pub by: f64,
}

/// A scenario as people write it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScenarioText {
    /// The year whose links are open; without it that of the demand.
    pub year: Option<i16>,
    /// Links and places that nothing passes.
    pub close: Vec<String>,
    /// Links that are used although they are planned or disrupted.
    pub open: Vec<String>,
    /// Capacities of links and places, times a factor.
    pub capacity: Vec<Change>,
    /// Hours added to links and places.
    pub hours: Vec<Change>,
    /// Prices of links and corridors, times a factor.
    pub price: Vec<Change>,
    /// Demand, times a factor.
    pub demand: Vec<Change>,
}

/// A scenario whose names are all known.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub(crate) year: i16,
    pub(crate) closed_links: Vec<LinkId>,
    pub(crate) closed_places: Vec<PlaceCode>,
    pub(crate) opened: Vec<LinkId>,
    pub(crate) capacity: Vec<(At, f64)>,
    pub(crate) hours: Vec<(At, f64)>,
    pub(crate) price: Vec<(At, f64)>,
    pub(crate) demand: Vec<(Of, f64)>,
}

/// Where a figure is changed. Links without direction: both change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum At {
    Link(LinkId),
    Place(PlaceCode),
    Corridor(usize),
}

/// Which demand is changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Of {
    All,
    Commodity(usize),
    Region(usize),
    Pair(usize, usize),
}

impl Scenario {
    /// Nothing changed, in the year of the demand.
    pub fn unchanged(data: &FreightData) -> Self {
        Self {
            year: data.year,
            closed_links: Vec::new(),
            closed_places: Vec::new(),
            opened: Vec::new(),
            capacity: Vec::new(),
            hours: Vec::new(),
            price: Vec::new(),
            demand: Vec::new(),
        }
    }
}

/// What looks up names, and keeps what is wrong.
struct Reading<'a> {
    network: &'a Network,
    data: &'a FreightData,
    findings: Vec<Finding>,
}

/// Reads a scenario. Errors: every finding at once, with paths into [`ScenarioText`].
pub fn read_scenario(
    text: &ScenarioText,
    network: &Network,
    data: &FreightData,
) -> Result<Scenario, Vec<Finding>> {
    let mut reading = Reading { network, data, findings: Vec::new() };
    let mut scenario = Scenario::unchanged(data);
    scenario.year = text.year.unwrap_or(data.year);
    if !limits::YEARS.contains(&scenario.year) {
        let message = format!("the year {}", scenario.year);
        reading.refuse("flows.out-of-range", message, "/year", "give a year from 2000 to 2100");
    }
    reading.check_counts(text);
    for (number, word) in text.close.iter().enumerate() {
        match reading.at(word, &format!("/close/{number}")) {
            Some(At::Link(link)) => scenario.closed_links.push(link),
            Some(At::Place(place)) => scenario.closed_places.push(place),
            Some(At::Corridor(corridor)) => {
                scenario.closed_links.extend(data.corridors[corridor].gates.iter().map(without_direction));
            }
            None => {}
        }
    }
    for (number, word) in text.open.iter().enumerate() {
        match reading.at(word, &format!("/open/{number}")) {
            Some(At::Link(link)) => scenario.opened.push(link),
            Some(At::Corridor(corridor)) => {
                scenario.opened.extend(data.corridors[corridor].gates.iter().map(without_direction));
            }
            Some(At::Place(place)) => reading.refuse(
                "flows.not-a-link",
                format!("{place} is a place; what opens is a link"),
                &format!("/open/{number}"),
                "name the links; `kervan network show PLACE` lists them",
            ),
            None => {}
        }
    }
    scenario.capacity = reading.changes(&text.capacity, "capacity", &limits::FACTORS);
    scenario.hours = reading.changes(&text.hours, "hours", &limits::HOURS);
    scenario.price = reading.changes(&text.price, "price", &limits::FACTORS);
    scenario.demand = reading.demand(&text.demand);
    reading.check_capacities(&scenario);
    if reading.findings.is_empty() { Ok(scenario) } else { Err(reading.findings) }
}

impl Reading<'_> {
    fn refuse(&mut self, code: &str, message: String, path: &str, remedy: &str) {
        self.findings.push(Finding::error(code, message).at(path).remedy(remedy));
    }

    fn check_counts(&mut self, text: &ScenarioText) {
        let counts = [
            ("/close", text.close.len()),
            ("/open", text.open.len()),
            ("/capacity", text.capacity.len()),
            ("/hours", text.hours.len()),
            ("/price", text.price.len()),
            ("/demand", text.demand.len()),
        ];
        for (path, count) in counts.into_iter().filter(|(_, count)| *count > limits::MOST_CHANGES) {
            let remedy = format!("give at most {}", limits::MOST_CHANGES);
            self.refuse("flows.too-many", format!("{count} changes of one kind"), path, &remedy);
        }
    }

    /// A link, place or corridor by its id.
    fn at(&mut self, word: &str, path: &str) -> Option<At> {
        if let Some(number) = self.data.corridors.iter().position(|corridor| corridor.id == word) {
            return Some(At::Corridor(number));
        }
        if let Some(link) = word.parse().ok().and_then(|id: LinkId| self.network.find_link(&id)) {
            return Some(At::Link(without_direction(&link.id)));
        }
        if let Some(place) = word.parse().ok().and_then(|code: PlaceCode| self.network.find_place(&code)) {
            return Some(At::Place(place.code.clone()));
        }
        let mut finding = super::unknown_place(self.network, word, path);
        finding.message = format!("`{word}` is no link, place or corridor");
        finding.code = "flows.unknown-name".into();
        let corridors: Vec<&str> = self.data.corridors.iter().map(|corridor| corridor.id.as_str()).collect();
        let kinds = format!(
            "corridors are {}; links are named such as L020, places by their code",
            corridors.join(", ")
        );
        finding.remedy = Some(match finding.remedy.take().filter(|remedy| remedy.starts_with("did")) {
            Some(nearest) => format!("{nearest} ({kinds})"),
            None => kinds,
        });
        self.findings.push(finding);
        None
    }

    fn changes(
        &mut self,
        changes: &[Change],
        kind: &str,
        range: &std::ops::RangeInclusive<f64>,
    ) -> Vec<(At, f64)> {
        let mut known = Vec::new();
        for (number, change) in changes.iter().enumerate() {
            self.check_range(change.by, kind, number, range);
            let path = format!("/{kind}/{number}/at");
            match self.at(&change.at, &path) {
                Some(At::Corridor(_)) if kind == "hours" => {
                    let message =
                        format!("`{}` is a corridor; hours are those of a link or place", change.at);
                    self.refuse("flows.no-figure", message, &path, "name its links or places");
                }
                Some(At::Place(_)) if kind == "price" => {
                    let message =
                        format!("`{}` is a place; prices are those of a link or corridor", change.at);
                    self.refuse("flows.no-figure", message, &path, "name a link that ends there");
                }
                Some(at) => known.push((at, change.by)),
                None => {}
            }
        }
        known
    }

    fn check_range(&mut self, by: f64, kind: &str, number: usize, range: &std::ops::RangeInclusive<f64>) {
        if range.contains(&by) {
            return;
        }
        let (code, remedy) = if kind == "demand" && by < 0.0 {
            (
                "flows.negative-demand",
                "demand cannot be less than nothing; give a factor such as 0.5".to_owned(),
            )
        } else {
            ("flows.out-of-range", format!("give {} to {}", range.start(), range.end()))
        };
        self.refuse(code, format!("{kind} is changed by {by}"), &format!("/{kind}/{number}/by"), &remedy);
    }

    fn demand(&mut self, changes: &[Change]) -> Vec<(Of, f64)> {
        let region = |word: &str| self.data.regions.iter().position(|region| region.id == word.trim());
        let of = |word: &str| match word.split_once('>') {
            Some((from, to)) => Some(Of::Pair(region(from)?, region(to)?)),
            None if word == "all" => Some(Of::All),
            None => {
                let commodity = self.data.commodities.iter().position(|commodity| commodity.id == word);
                commodity.map(Of::Commodity).or_else(|| region(word).map(Of::Region))
            }
        };
        let found: Vec<Option<Of>> = changes.iter().map(|change| of(&change.at)).collect();
        let mut known = Vec::new();
        for (number, (change, of)) in changes.iter().zip(found).enumerate() {
            self.check_range(change.by, "demand", number, &limits::DEMAND_FACTORS);
            match of {
                Some(of) => known.push((of, change.by)),
                None => {
                    let regions: Vec<&str> =
                        self.data.regions.iter().map(|region| region.id.as_str()).collect();
                    let goods: Vec<&str> = self.data.commodities.iter().map(|one| one.id.as_str()).collect();
                    let remedy = format!(
                        "give `all`, a kind of goods ({}), a region ({}) or FROM>TO",
                        goods.join(", "),
                        regions.join(", ")
                    );
                    let message = format!("`{}` is no demand", change.at);
                    self.refuse("flows.unknown-demand", message, &format!("/demand/{number}/at"), &remedy);
                }
            }
        }
        known
    }

    /// A capacity can only be changed where one is known.
    fn check_capacities(&mut self, scenario: &Scenario) {
        use super::data::Spot;
        let fits = |at: &At, spot: &Spot| match (at, spot) {
            (At::Link(link), Spot::Link(other)) => *link == without_direction(other),
            (At::Place(place), Spot::Place(other)) => place == other,
            _ => false,
        };
        let unknown: Vec<usize> = (0..scenario.capacity.len())
            .filter(|number| {
                !self.data.capacities.iter().any(|one| fits(&scenario.capacity[*number].0, &one.spot))
            })
            .collect();
        for number in unknown {
            self.refuse(
                "flows.no-capacity",
                "no capacity is known there".to_owned(),
                &format!("/capacity/{number}/at"),
                "`kervan flows assign` lists the links and places that have one; add a row to data/flows/capacities.csv",
            );
        }
    }
}
