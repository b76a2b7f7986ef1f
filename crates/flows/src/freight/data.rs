//! What freight flows are computed from: regions, kinds of goods, corridors, demand, capacities, published volumes.

use super::table::{Row, read_rows};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, LinkId, Provenance};
use kervan_network::Network;

/// Where goods start or end: places and the share of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Short name, such as `EU-NORTH`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Places with their shares, which add up to one.
    pub places: Vec<(PlaceCode, f64)>,
}

/// A kind of goods: what time is worth and how sharply cost decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Commodity {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What a day is worth. Unit: US dollar per forty-foot container.
    pub usd_per_day: f64,
    /// Scale of the logit. Unit: one over US dollar per forty-foot container.
    pub scale: f64,
    /// How much of the path size counts: 0 none, 1 all.
    pub overlap: f64,
    /// What the figures rest on.
    pub provenance: Provenance,
}

/// A family of routes: those that go over one of its gates.
#[derive(Clone, Debug, PartialEq)]
pub struct Corridor {
    /// Short name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Links, in either direction, of which every route of the corridor has one.
    pub gates: Vec<LinkId>,
    /// What else counts against it: risk, habit, what no tariff names. Unit: US dollar per forty-foot container.
    pub constant_usd: f64,
    /// Another corridor whose constant it takes, by id; empty if it has its own.
    pub constant_like: String,
    /// What the constant was fitted on.
    pub provenance: Provenance,
}

/// Containers of a year between two regions.
#[derive(Clone, Debug, PartialEq)]
pub struct DemandRow {
    /// Id of the row.
    pub id: String,
    /// Kind of goods, by number in the table of commodities.
    pub commodity: usize,
    /// Region of origin, by number.
    pub from: usize,
    /// Region of destination, by number.
    pub to: usize,
    /// Volume. Unit: TEU a year.
    pub teu: f64,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// What can be too small.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// A directed link.
    Link(LinkId),
    /// A place, both directions together.
    Place(PlaceCode),
}

/// What a link or place takes, and how it gets slower.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// Where.
    pub spot: Spot,
    /// The function of volume and delay. Unit: TEU a year, hours.
    pub delay: crate::Delay,
    /// What it rests on.
    pub provenance: Provenance,
}

/// A volume that somebody published, to hold the model against.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Id of the row.
    pub id: String,
    /// What was counted.
    pub name: String,
    /// Only routes of this corridor, by number.
    pub corridor: Option<usize>,
    /// Only routes over this link, in either direction.
    pub link: Option<LinkId>,
    /// Only demand between these regions, in either direction, by number.
    pub between: Option<(Vec<usize>, Vec<usize>)>,
    /// The volume. Unit: TEU a year.
    pub teu: f64,
    /// Whether a constant was fitted on it; if not, it was held out.
    pub fitted: bool,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Everything beside the network that freight flows are computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct FreightData {
    /// The year that demand and published volumes speak of.
    pub year: i16,
    /// Regions.
    pub regions: Vec<Region>,
    /// Kinds of goods.
    pub commodities: Vec<Commodity>,
    /// Corridors, in order: a route belongs to the first whose gate it uses.
    pub corridors: Vec<Corridor>,
    /// Demand.
    pub demand: Vec<DemandRow>,
    /// Capacities; both directions of a link have each its own.
    pub capacities: Vec<Capacity>,
    /// Published volumes.
    pub published: Vec<Published>,
}

/// The other direction of a link: `L020` and `L020R`.
pub(crate) fn opposite(link: &LinkId) -> Option<LinkId> {
    let text = link.as_str();
    text.strip_suffix('R').map_or_else(|| format!("{text}R").parse(), str::parse).ok()
}

/// A link whatever its direction: the one that a row of the tables names.
pub(crate) fn without_direction(link: &LinkId) -> LinkId {
    link.as_str().strip_suffix('R').and_then(|row| row.parse().ok()).unwrap_or_else(|| link.clone())
}

const VOLUME: std::ops::RangeInclusive<f64> = 0.0..=1e9;
const ABOVE_ZERO: std::ops::RangeInclusive<f64> = 1e-9..=1e9;

impl FreightData {
    /// Reads the tables of `data/flows`; `read` gives the text of a table by its file name. Rows with a problem are left out
    /// and reported; a table that is missing is empty.
    pub fn load(read: impl Fn(&str) -> Option<String>, network: &Network) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut rows = |file| read_rows(file, &read(file).unwrap_or_default(), &mut findings);
        let tables = [
            rows("regions.csv"),
            rows("commodities.csv"),
            rows("corridors.csv"),
            rows("demand.csv"),
            rows("capacities.csv"),
            rows("published.csv"),
        ];
        let [regions, commodities, corridors, demand, capacities, published] = &tables;
        let mut data = Self {
            year: demand.iter().filter_map(|row| row.text("year").parse().ok()).max().unwrap_or(2024),
            regions: Vec::new(),
            commodities: Vec::new(),
            corridors: Vec::new(),
            demand: Vec::new(),
            capacities: Vec::new(),
            published: Vec::new(),
        };
        for row in regions {
            data.read_region(row, network, &mut findings);
        }
        data.check_shares(&mut findings);
        data.commodities = commodities.iter().filter_map(|row| read_commodity(row, &mut findings)).collect();
        data.corridors =
            corridors.iter().filter_map(|row| read_corridor(row, network, &mut findings)).collect();
        data.demand = demand.iter().filter_map(|row| data.read_demand(row, &mut findings)).collect();
        data.capacities =
            capacities.iter().flat_map(|row| read_capacity(row, network, &mut findings)).collect();
        data.published =
            published.iter().filter_map(|row| data.read_published(row, network, &mut findings)).collect();
        (data, findings)
    }

    fn read_region(&mut self, row: &Row, network: &Network, findings: &mut Vec<Finding>) {
        let place = known_place(row, "place", row.text("place"), network, findings);
        let share = row.number("share", 0.0..=1.0, findings);
        row.provenance(findings);
        let (Some(place), Some(share)) = (place, share) else { return };
        let id = row.text("region");
        match self.regions.iter_mut().find(|region| region.id == id) {
            Some(region) => region.places.push((place, share)),
            None => self.regions.push(Region {
                id: id.to_owned(),
                name: row.text("name").to_owned(),
                places: vec![(place, share)],
            }),
        }
    }

    fn check_shares(&self, findings: &mut Vec<Finding>) {
        for region in &self.regions {
            let sum: f64 = region.places.iter().map(|(_, share)| share).sum();
            if (sum - 1.0).abs() > 1e-6 {
                findings.push(
                    Finding::error("flows.shares", format!("the shares of {} add up to {sum}", region.id))
                        .at("regions.csv")
                        .remedy("make the shares of each region add up to 1"),
                );
            }
        }
    }

    fn number_of(
        &self,
        row: &Row,
        column: &str,
        word: &str,
        ids: &[&str],
        findings: &mut Vec<Finding>,
    ) -> Option<usize> {
        let found = ids.iter().position(|id| *id == word);
        if found.is_none() {
            findings.push(row.bad(column, format!("`{word}` is none of {}", ids.join(", "))));
        }
        found
    }

    fn region_ids(&self) -> Vec<&str> {
        self.regions.iter().map(|region| region.id.as_str()).collect()
    }

    fn read_demand(&self, row: &Row, findings: &mut Vec<Finding>) -> Option<DemandRow> {
        let commodities: Vec<&str> = self.commodities.iter().map(|one| one.id.as_str()).collect();
        let regions = self.region_ids();
        let commodity = self.number_of(row, "commodity", row.text("commodity"), &commodities, findings);
        let from = self.number_of(row, "from", row.text("from"), &regions, findings);
        let to = self.number_of(row, "to", row.text("to"), &regions, findings);
        let teu = row.number("teu", VOLUME, findings);
        let provenance = row.provenance(findings);
        let id = row.text("id").to_owned();
        Some(DemandRow {
            id,
            commodity: commodity?,
            from: from?,
            to: to?,
            teu: teu?,
            provenance: provenance?,
        })
    }

    fn read_published(&self, row: &Row, network: &Network, findings: &mut Vec<Finding>) -> Option<Published> {
        let corridors: Vec<&str> = self.corridors.iter().map(|one| one.id.as_str()).collect();
        let corridor = match row.text("corridor") {
            "" => None,
            word => Some(self.number_of(row, "corridor", word, &corridors, findings)?),
        };
        let link = match row.text("link") {
            "" => None,
            word => Some(known_link(row, "link", word, network, findings)?),
        };
        let regions = self.region_ids();
        let mut side = |text: &str| -> Option<Vec<usize>> {
            text.split(';')
                .map(|word| self.number_of(row, "between", word.trim(), &regions, findings))
                .collect()
        };
        let between = match row.text("between").split_once('>') {
            Some((one, other)) => Some((side(one)?, side(other)?)),
            None => None,
        };
        let fitted = match row.text("use") {
            "fit" => true,
            "held-out" => false,
            other => {
                findings.push(row.bad("use", format!("`{other}` is none of fit, held-out")));
                return None;
            }
        };
        let (id, name) = (row.text("id").to_owned(), row.text("name").to_owned());
        let teu = row.number("teu", VOLUME, findings)?;
        let provenance = row.provenance(findings)?;
        Some(Published { id, name, corridor, link, between, teu, fitted, provenance })
    }
}

fn read_commodity(row: &Row, findings: &mut Vec<Finding>) -> Option<Commodity> {
    let usd_per_day = row.number("usd_per_feu_day", ABOVE_ZERO, findings);
    let scale = row.number("scale_per_usd", 1e-9..=1.0, findings);
    let overlap = row.number("overlap", 0.0..=1.0, findings);
    let provenance = row.provenance(findings);
    let (id, name) = (row.text("commodity").to_owned(), row.text("name").to_owned());
    let (usd_per_day, scale, overlap) = (usd_per_day?, scale?, overlap?);
    Some(Commodity { id, name, usd_per_day, scale, overlap, provenance: provenance? })
}

fn read_corridor(row: &Row, network: &Network, findings: &mut Vec<Finding>) -> Option<Corridor> {
    let gates: Vec<LinkId> = row
        .words("gates")
        .iter()
        .filter_map(|gate| known_link(row, "gates", gate, network, findings))
        .collect();
    let constant_usd = row.number("constant_usd", -1e6..=1e6, findings);
    let provenance = row.provenance(findings);
    let (id, name) = (row.text("corridor").to_owned(), row.text("name").to_owned());
    let constant_like = row.text("constant_like").to_owned();
    Some(Corridor { id, name, gates, constant_usd: constant_usd?, constant_like, provenance: provenance? })
}

fn read_capacity(row: &Row, network: &Network, findings: &mut Vec<Finding>) -> Vec<Capacity> {
    let id = row.text("id");
    let spots = match row.text("at") {
        "link" => known_link(row, "id", id, network, findings)
            .map(|link| {
                let back = opposite(&link).filter(|back| network.find_link(back).is_some());
                [Some(link), back].into_iter().flatten().map(Spot::Link).collect()
            })
            .unwrap_or_default(),
        "place" => known_place(row, "id", id, network, findings).map(Spot::Place).into_iter().collect(),
        other => {
            findings.push(row.bad("at", format!("`{other}` is none of link, place")));
            Vec::new()
        }
    };
    let capacity = row.number("teu_per_year", ABOVE_ZERO, findings);
    let other = row.number("other_teu", VOLUME, findings);
    let hours = row.number("hours", 0.0..=10_000.0, findings);
    let slope = row.number("slope", 0.0..=100.0, findings);
    let power = row.number("power", 1.0..=10.0, findings);
    let provenance = row.provenance(findings);
    let made = || {
        let delay =
            crate::Delay { hours: hours?, capacity: capacity?, slope: slope?, power: power?, other: other? };
        Some((delay, provenance?))
    };
    let Some((delay, provenance)) = made() else { return Vec::new() };
    spots.into_iter().map(|spot: Spot| Capacity { spot, delay, provenance: provenance.clone() }).collect()
}

fn known_place(
    row: &Row,
    column: &str,
    text: &str,
    network: &Network,
    findings: &mut Vec<Finding>,
) -> Option<PlaceCode> {
    let place = text.parse().ok().and_then(|code: PlaceCode| network.find_place(&code));
    if place.is_none() {
        findings.push(super::unknown_place(network, text, &row.path(column)));
    }
    place.map(|place| place.code.clone())
}

fn known_link(
    row: &Row,
    column: &str,
    text: &str,
    network: &Network,
    findings: &mut Vec<Finding>,
) -> Option<LinkId> {
    let link = text.parse().ok().and_then(|id: LinkId| network.find_link(&id));
    if link.is_none() {
        findings.push(row.bad(column, format!("`{text}` is no link of the network")));
    }
    link.map(|link| link.id.clone())
}
