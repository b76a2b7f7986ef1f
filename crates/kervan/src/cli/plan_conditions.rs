//! The conditions of `kervan plan`, as they are typed.

use super::Failure;
use super::plan::read_time;
use crate::http::wire::{PlanConditions, PlanSelection};
use clap::Args;
use kervan_model::Mode;
use kervan_network::{Network, Place};

/// Conditions on the ways.
#[derive(Debug, Args)]
pub(super) struct ConditionOptions {
    /// The goods must have arrived then: local time of the destination, or an instant; ways then leave as late as they can.
    #[arg(long, value_name = "TIME")]
    arrive_by: Option<String>,
    /// Longest time from beginning to end in days; 60 without it.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    horizon: Option<u16>,
    /// What ways are compared on: arrival, cost, emissions, exposure.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    criteria: Vec<String>,
    /// How many times a kilometre counts as exposed in a territory, with a carrier or on a link, such as RU=5, GR=2, L020=3.
    #[arg(long, value_name = "WHAT=WEIGHT")]
    expose: Vec<String>,
    /// A place, country, mode, carrier, link or service that no way may use, such as KZAAU, RU, sea, `carrier:GR`.
    #[arg(long, value_name = "WHAT")]
    avoid: Vec<String>,
    /// A place, country, mode, carrier, link or service that every way must use.
    #[arg(long, value_name = "WHAT")]
    require: Vec<String>,
    /// Class of dangerous goods, such as 3 or 6.1; may be given several times.
    #[arg(long, value_name = "CLASS")]
    dangerous: Vec<String>,
    /// The goods travel under temperature control.
    #[arg(long)]
    reefer: bool,
    /// Ride on this track gauge only, in millimetres; may be given several times.
    #[arg(long, value_name = "MM")]
    gauge: Vec<u16>,
    /// Most changes of vehicle or gauge.
    #[arg(long, value_name = "N")]
    max_transshipments: Option<u8>,
    /// Leave out ways than which a shown one is at most so much worse on every criterion, in percent.
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    epsilon: Option<f64>,
}

impl ConditionOptions {
    /// The conditions as they are sent. Errors: what cannot be understood; what is wrong with it the planner says.
    pub(super) fn read(&self, network: &Network, destination: &Place) -> Result<PlanConditions, Failure> {
        let instant = |text: &Option<String>, option: &str| {
            text.as_deref()
                .map(|text| read_time(text, destination, option).map(|at| at.to_string()))
                .transpose()
        };
        let mut conditions = PlanConditions {
            arrive_by: instant(&self.arrive_by, "--arrive-by")?,
            horizon_days: self.horizon,
            criteria: self.criteria.clone(),
            avoid: select(network, &self.avoid)?,
            require: select(network, &self.require)?,
            dangerous: self.dangerous.clone(),
            temperature_controlled: self.reefer,
            gauges_mm: self.gauge.clone(),
            most_transshipments: self.max_transshipments,
            ..PlanConditions::default()
        };
        if let Some(percent) = self.epsilon {
            let permille = (percent * 10.0).round();
            if !(0.0..=f64::from(u16::MAX)).contains(&permille) {
                return Err(Failure::new(format!("an epsilon of {percent} percent")).remedy("--epsilon 5"));
            }
            conditions.epsilon_permille = permille as u16;
        }
        for text in &self.expose {
            let failure =
                || Failure::new(format!("`{text}` is no weight of something")).remedy("--expose RU=5");
            let (what, weight) = text.rsplit_once('=').ok_or_else(failure)?;
            let weight: i64 = weight.parse().map_err(|_| failure())?;
            let exposure = &mut conditions.exposure;
            match kind_of(network, what) {
                (Kind::Country, name) => exposure.territories.insert(name, weight),
                (Kind::Link, name) => exposure.links.insert(name, weight),
                (Kind::Carrier, name) => exposure.carriers.insert(name, weight),
                (Kind::Place | Kind::Mode | Kind::Service, _) => {
                    return Err(Failure::new(format!("`{what}` is no territory, carrier or link"))
                        .remedy("--expose RU=5, --expose carrier:GR=2, --expose L020=3"));
                }
            };
        }
        Ok(conditions)
    }
}

/// What a text names.
enum Kind {
    Place,
    Country,
    Mode,
    Carrier,
    Link,
    Service,
}

fn select(network: &Network, texts: &[String]) -> Result<PlanSelection, Failure> {
    let mut selection = PlanSelection::default();
    for text in texts {
        if text.trim().is_empty() {
            return Err(Failure::new("nothing is named").remedy("--avoid RU, --require sea"));
        }
        let (kind, name) = kind_of(network, text);
        match kind {
            Kind::Place => selection.places.push(name),
            Kind::Country => selection.countries.push(name),
            Kind::Mode => selection.modes.push(name),
            Kind::Carrier => selection.carriers.push(name),
            Kind::Link => selection.links.push(name),
            Kind::Service => selection.services.push(name),
        }
    }
    Ok(selection)
}

/// What a text names: by its prefix, else by what the network knows, else two capitals are a country, five a place, and
/// anything else a carrier.
fn kind_of(network: &Network, text: &str) -> (Kind, String) {
    if let Some((prefix, name)) = text.split_once(':') {
        let kind = match prefix {
            "place" => Some(Kind::Place),
            "country" | "territory" => Some(Kind::Country),
            "mode" => Some(Kind::Mode),
            "carrier" => Some(Kind::Carrier),
            "link" => Some(Kind::Link),
            "service" => Some(Kind::Service),
            _ => None,
        };
        if let Some(kind) = kind {
            return (kind, name.to_owned());
        }
    }
    let capitals = |length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    let is_carrier = network.list_services().any(|service| {
        service.operator.split(['/', ',']).any(|name| name.trim() == text)
            && !network.list_places().any(|place| place.country.as_str() == text)
    });
    let kind = match text {
        _ if text.parse().is_ok_and(|code| network.find_place(&code).is_some()) => Kind::Place,
        _ if text.parse().is_ok_and(|id| network.find_link(&id).is_some()) => Kind::Link,
        _ if text.parse().is_ok_and(|id| network.find_service(&id).is_some()) => Kind::Service,
        _ if Mode::ALL.iter().any(|mode| mode.word() == text) => Kind::Mode,
        _ if is_carrier => Kind::Carrier,
        _ if capitals(2) => Kind::Country,
        _ if capitals(5) => Kind::Place,
        _ => Kind::Carrier,
    };
    (kind, text.to_owned())
}
