//! Which conditions of a request keep a ride out, so that they can be named when there is no way.

use crate::boxes::Boxes;
use crate::ride::{Allowance, carrier_matches, statuses};
use crate::{PlanRequest, limits};
use kervan_model::Mode;
use kervan_network::{Acceptance, DangerClass, Network, Place, Service, Status};
use kervan_units::Mass;

/// One condition, which can be relaxed by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cut {
    /// Not open yet.
    Planned,
    /// Not to be relied on.
    Disrupted,
    /// Does not take the dangerous goods.
    Dangerous,
    /// Does not take goods under temperature control.
    Temperature,
    /// Does not take containers so long.
    Length,
    /// Does not take containers so heavy.
    Mass,
    /// Takes fewer containers at once.
    Capacity,
    /// Another track gauge.
    Gauge,
    /// An item of what is to be avoided, by its number over all kinds.
    Avoid(usize),
    /// An item of what is required, by its number over all kinds. Cuts no ride, but ways.
    Require(usize),
    /// More changes than may be. Cuts no ride, but ways.
    Transshipments,
    /// Longer than the horizon, or too late for the arrival that is asked for. Cuts no ride, but ways.
    Horizon,
}

/// The conditions of a request that can cut something, each with one bit.
pub(crate) struct Conditioned<'r> {
    request: &'r PlanRequest,
    pub(crate) cuts: Vec<Cut>,
    boxes: Boxes,
    allowance: Allowance,
    classes: Vec<DangerClass>,
    longest_ft: u16,
    heaviest: Mass,
}

/// A set of conditions, one bit each, in the order of [`Conditioned::cuts`].
pub(crate) type CutSet = u64;

/// An item of a selection.
pub(crate) enum Item<'r> {
    Place(&'r kervan_codes::PlaceCode),
    Country(kervan_codes::CountryCode),
    Mode(Mode),
    Carrier(&'r str),
    Link(&'r kervan_model::LinkId),
    Service(&'r kervan_model::ServiceId),
}

/// The items of a selection in a fixed order, each with its path.
pub(crate) fn items(selection: &crate::Selection) -> Vec<(Item<'_>, String)> {
    let mut items = Vec::new();
    let mut add = |item, kind: &str, index: usize| items.push((item, format!("{kind}/{index}")));
    selection.places.iter().enumerate().for_each(|(index, place)| add(Item::Place(place), "places", index));
    selection
        .countries
        .iter()
        .enumerate()
        .for_each(|(index, code)| add(Item::Country(*code), "countries", index));
    selection.modes.iter().enumerate().for_each(|(index, mode)| add(Item::Mode(*mode), "modes", index));
    selection
        .carriers
        .iter()
        .enumerate()
        .for_each(|(index, name)| add(Item::Carrier(name), "carriers", index));
    selection.links.iter().enumerate().for_each(|(index, link)| add(Item::Link(link), "links", index));
    selection.services.iter().enumerate().for_each(|(index, id)| add(Item::Service(id), "services", index));
    items
}

impl Item<'_> {
    /// Whether a service touches it. A place is touched only where the service is boarded or left.
    pub(crate) fn is_of(&self, network: &Network, service: &Service) -> bool {
        match self {
            Self::Place(code) => service.from == **code || service.to == **code,
            Self::Country(country) => {
                network.links_of_service(&service.id).any(|link| link.countries.contains(country))
            }
            Self::Mode(mode) => service.mode == *mode,
            Self::Carrier(name) => carrier_matches(&service.operator, name),
            Self::Link(link) => service.links.contains(link),
            Self::Service(id) => service.id == **id || service.part_of.as_ref() == Some(*id),
        }
    }

    /// In words.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Place(code) => (*code).to_string(),
            Self::Country(country) => format!("the territory {country}"),
            Self::Mode(mode) => format!("the mode {mode}"),
            Self::Carrier(name) => format!("the carrier {name}"),
            Self::Link(link) => format!("the link {link}"),
            Self::Service(service) => format!("the service {service}"),
        }
    }
}

impl<'r> Conditioned<'r> {
    pub(crate) fn new(request: &'r PlanRequest) -> Self {
        let conditions = &request.conditions;
        let boxes = Boxes::of_request(request);
        let mut cuts = Vec::new();
        let mut when = |holds: bool, cut: Cut| {
            if holds && cuts.len() < CutSet::BITS as usize {
                cuts.push(cut);
            }
        };
        when(!request.allow_planned, Cut::Planned);
        when(!request.allow_disrupted, Cut::Disrupted);
        when(!conditions.dangerous.is_empty(), Cut::Dangerous);
        when(boxes.reefer, Cut::Temperature);
        when(true, Cut::Length);
        when(true, Cut::Mass);
        when(true, Cut::Capacity);
        when(!conditions.gauges_mm.is_empty(), Cut::Gauge);
        (0..items(&conditions.avoid).len()).for_each(|index| when(true, Cut::Avoid(index)));
        (0..items(&conditions.require).len()).for_each(|index| when(true, Cut::Require(index)));
        when(conditions.most_transshipments.is_some(), Cut::Transshipments);
        when(true, Cut::Horizon);
        Self {
            request,
            cuts,
            allowance: Allowance::of_request(request),
            classes: conditions.dangerous.iter().filter_map(|class| class.parse().ok()).collect(),
            longest_ft: request.equipment.iter().map(|(_, size)| size.length_feet()).max().unwrap_or(0),
            heaviest: boxes.heaviest(),
            boxes,
        }
    }

    /// The bit of a condition; none if it is not among those of the request.
    pub(crate) fn bit(&self, cut: Cut) -> CutSet {
        self.cuts.iter().position(|other| *other == cut).map_or(0, |index| 1 << index)
    }

    /// The conditions that keep a service out.
    pub(crate) fn of_service(&self, network: &Network, service: &Service) -> CutSet {
        let mut cut = 0;
        for status in statuses(network, service).filter(|status| !self.allowance.allows(status)) {
            cut |= match status {
                Status::Open => 0,
                Status::Planned { .. } => self.bit(Cut::Planned),
                Status::Disrupted { .. } => self.bit(Cut::Disrupted),
            };
        }
        if service.capacity_teu.is_some_and(|capacity| u64::from(capacity) < self.boxes.teu()) {
            cut |= self.bit(Cut::Capacity);
        }
        let gauges = &self.request.conditions.gauges_mm;
        let mut gauges_ridden = network.links_of_service(&service.id).filter_map(|link| link.gauge_mm);
        if !gauges.is_empty() && gauges_ridden.any(|gauge| !gauges.contains(&gauge)) {
            cut |= self.bit(Cut::Gauge);
        }
        for (index, (item, _)) in items(&self.request.conditions.avoid).iter().enumerate() {
            if item.is_of(network, service) {
                cut |= self.bit(Cut::Avoid(index));
            }
        }
        cut | self.not_taken(&|| network.acceptances_of_service(service).collect())
            | self.at_ends(network, service)
    }

    /// What the places at both ends of a service do not take.
    fn at_ends(&self, network: &Network, service: &Service) -> CutSet {
        let ends = [&service.from, &service.to].into_iter().filter_map(|code| network.find_place(code));
        ends.fold(0, |cut, place: &Place| {
            cut | self.not_taken(&|| network.acceptances_of_place(place).collect())
        })
    }

    /// What rows say is not taken, the first row that says something about it. What no row knows of is taken.
    fn not_taken<'n>(&self, rows: &dyn Fn() -> Vec<&'n Acceptance>) -> CutSet {
        let rows = rows();
        let mut cut = 0;
        for class in &self.classes {
            if rows.iter().find_map(|row| row.takes_dangerous(*class)) == Some(false) {
                cut |= self.bit(Cut::Dangerous);
            }
        }
        if self.boxes.reefer && rows.iter().find_map(|row| row.reefer) == Some(false) {
            cut |= self.bit(Cut::Temperature);
        }
        if rows.iter().find_map(|row| row.longest_ft).is_some_and(|longest| longest < self.longest_ft) {
            cut |= self.bit(Cut::Length);
        }
        if rows.iter().find_map(|row| row.heaviest).is_some_and(|heaviest| heaviest < self.heaviest) {
            cut |= self.bit(Cut::Mass);
        }
        cut
    }

    /// What nobody says of a service although the goods need it, in words.
    pub(crate) fn not_known(&self, network: &Network, service: &Service) -> Vec<String> {
        let rows: Vec<&Acceptance> = network.acceptances_of_service(service).collect();
        let classes =
            self.classes.iter().filter(|class| rows.iter().all(|row| row.takes_dangerous(**class).is_none()));
        let mut unknown: Vec<String> =
            classes.map(|class| format!("dangerous goods of class {class}")).collect();
        if self.boxes.reefer && rows.iter().all(|row| row.reefer.is_none()) {
            unknown.push("goods under temperature control".to_owned());
        }
        unknown
    }

    /// Where a condition stands in the request.
    pub(crate) fn path(&self, cut: Cut) -> String {
        let of = |selection: &crate::Selection, name: &str, index: usize| {
            let items = items(selection);
            let path = items.get(index).map_or("", |(_, path)| path.as_str());
            format!("/conditions/{name}/{path}")
        };
        match cut {
            Cut::Planned => "/allow_planned".to_owned(),
            Cut::Disrupted => "/allow_disrupted".to_owned(),
            Cut::Dangerous => "/conditions/dangerous".to_owned(),
            Cut::Temperature if self.request.conditions.temperature_controlled => {
                "/conditions/temperature_controlled".to_owned()
            }
            Cut::Temperature | Cut::Length | Cut::Mass | Cut::Capacity => "/equipment".to_owned(),
            Cut::Gauge => "/conditions/gauges_mm".to_owned(),
            Cut::Avoid(index) => of(&self.request.conditions.avoid, "avoid", index),
            Cut::Require(index) => of(&self.request.conditions.require, "require", index),
            Cut::Transshipments => "/conditions/most_transshipments".to_owned(),
            Cut::Horizon if self.request.conditions.arrive_by.is_some() => "/conditions/arrive_by".to_owned(),
            Cut::Horizon => "/conditions/horizon_days".to_owned(),
        }
    }

    /// What to do to relax a condition.
    pub(crate) fn relaxation(&self, cut: Cut) -> String {
        let of = |selection: &crate::Selection, index: usize| {
            items(selection).get(index).map_or(String::new(), |(item, _)| item.in_words())
        };
        match cut {
            Cut::Planned => "allow planned services".to_owned(),
            Cut::Disrupted => "allow disrupted services".to_owned(),
            Cut::Dangerous => format!(
                "send the dangerous goods of class {} on their own",
                self.request.conditions.dangerous.join(", ")
            ),
            Cut::Temperature => "do without temperature control".to_owned(),
            Cut::Length => format!("use shorter containers than {} ft", self.longest_ft),
            Cut::Mass => format!(
                "load less than {} t into one container",
                self.heaviest.to_kilogram_decimal().parse::<f64>().unwrap_or(0.0) / 1e3
            ),
            Cut::Capacity => format!("divide the {} TEU over several departures", self.boxes.teu()),
            Cut::Gauge => "allow other track gauges".to_owned(),
            Cut::Avoid(index) => format!("do not avoid {}", of(&self.request.conditions.avoid, index)),
            Cut::Require(index) => format!("do not require {}", of(&self.request.conditions.require, index)),
            Cut::Transshipments => "allow more transshipments".to_owned(),
            Cut::Horizon if self.request.conditions.arrive_by.is_some() => {
                "arrive later, or be ready earlier".to_owned()
            }
            Cut::Horizon => format!(
                "look further ahead than {} days",
                self.request.conditions.horizon_days.unwrap_or(limits::HORIZON_DAYS)
            ),
        }
    }
}
