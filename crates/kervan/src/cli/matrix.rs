//! `kervan matrix` and `kervan isochrone`.

use super::network::{find_place, load_network};
use super::output;
use super::plan::{read_equipment, read_ready};
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire;
use clap::Args;
use kervan_model::Finding;
use kervan_network::Network;
use kervan_planning::Learned;
use kervan_units::Mass;

/// What is asked of every pair.
#[derive(Debug, Args)]
struct Goods {
    /// When the goods are ready: local time of the first origin, or an instant with an offset or Z.
    #[arg(long, value_name = "TIME")]
    ready: String,
    /// Containers, such as 2x45G1; may be given several times.
    #[arg(long, value_name = "NxTYPE", required = true)]
    equipment: Vec<String>,
    /// Mass of all goods in kilograms; without it an assumption per container is made.
    #[arg(long, value_name = "KG")]
    mass: Option<String>,
    /// Also use links that are not open yet.
    #[arg(long)]
    allow_planned: bool,
    /// Also use links that cannot be relied on today.
    #[arg(long)]
    allow_disrupted: bool,
}

/// Plan many origins to many destinations, and show days and cost of each pair.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan matrix --from CNXIA --from UZTAS --to TRIST --to DEDUI --ready 2026-12-01T08:00 --equipment 2x45G1
  kervan matrix --from KZALA --to GEPTI --to TRMER --ready 2026-12-01T02:00Z --equipment 1x22G1 --json

Days are those of the fastest way of each pair, P10/P50/P90; `kervan plan` shows its other ways.")]
pub(super) struct MatrixCommand {
    /// Place code of an origin; may be given several times.
    #[arg(long, value_name = "PLACE", required = true)]
    from: Vec<String>,
    /// Place code of a destination; may be given several times.
    #[arg(long, value_name = "PLACE", required = true)]
    to: Vec<String>,
    #[command(flatten)]
    goods: Goods,
    /// Print the matrix as JSON.
    #[arg(long)]
    json: bool,
}

/// Say which places are reached from a place within some days.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan isochrone --from UZTAS --within 15 --ready 2026-12-01T08:00 --equipment 1x45G1
  kervan isochrone --from UZTAS --within 15 --ready 2026-12-01T08:00 --equipment 1x45G1 --geojson > tashkent.geojson

A place is within the time if the median arrival of its fastest way is. In the GeoJSON, rides are straight lines between
their places; where the time ends within a ride its line ends there, at an even pace. Areas (for a third, two thirds and
all of the time) lie around places as far as a truck gets in the time that is left, and along rides.")]
pub(super) struct IsochroneCommand {
    /// Place code of the origin.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// The time, in days.
    #[arg(long, value_name = "DAYS")]
    within: f64,
    #[command(flatten)]
    goods: Goods,
    /// Print GeoJSON: areas as polygons by parts of the time, places as points with their days, rides as lines.
    #[arg(long, visible_alias = "json")]
    geojson: bool,
}

impl Goods {
    /// A plan request between two places.
    fn request(&self, network: &Network, from: &str, to: &str) -> Result<wire::PlanRequest, Failure> {
        let origin = find_place(network, from)?;
        let mass = self.mass.as_deref().map(str::parse::<Mass>).transpose();
        let mass = mass.map_err(|error| Failure::new(error.to_string()).remedy("--mass 18420"))?;
        let mut equipment = Vec::new();
        for text in &self.equipment {
            let (count, size) = read_equipment(text)?;
            equipment.push(serde_json::json!({ "count": count, "size_type": size.to_string() }));
        }
        let mut request = serde_json::json!({
            "from": from,
            "to": to,
            "ready": read_ready(&self.ready, origin)?.to_string(),
            "equipment": equipment,
            "allow_planned": self.allow_planned,
            "allow_disrupted": self.allow_disrupted,
        });
        if let (Some(mass), Some(fields)) = (mass, request.as_object_mut()) {
            fields.insert("gross_mass_kg".to_owned(), (mass.grams() as f64 / 1e3).into());
        }
        // Read as the API reads it, so that what a request may say by default is said in one place.
        serde_json::from_value(request).map_err(|error| Failure::new(kervan_model::in_plain_words(&error)))
    }
}

/// Runs `kervan matrix`.
pub(super) fn run_matrix(command: &MatrixCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    let (Some(from), Some(to)) = (command.from.first(), command.to.first()) else {
        return Err(Failure::new("a matrix needs an origin and a destination"));
    };
    for place in command.from.iter().chain(&command.to) {
        find_place(&network, place)?;
    }
    let request = wire::MatrixRequest {
        plan: command.goods.request(&network, from, to)?,
        from: command.from.clone(),
        to: command.to.clone(),
    };
    let matrix = match request.answer(&network, &Learned::default()) {
        Ok(matrix) => matrix,
        Err(findings) => return Ok(refuse(&findings, command.json)),
    };
    let complete = matrix.pairs.iter().all(|pair| pair.days.is_some());
    if command.json {
        output::json(&matrix);
    } else {
        show(&matrix);
    }
    Ok(if complete { Outcome::Done } else { Outcome::FoundErrors })
}

fn refuse(findings: &[Finding], json: bool) -> Outcome {
    if json {
        output::json(&findings);
    } else {
        output::findings(findings);
    }
    Outcome::FoundErrors
}

fn show(matrix: &wire::Matrix) {
    let mut table =
        output::table(&["from", "to", "days P10/P50/P90", "cost", "least cost", "least CO2e", "ways"]);
    for pair in &matrix.pairs {
        let money = |money: &wire::Money| format!("{} {}", money.amount, money.currency);
        let days = pair.days.map_or("no way".to_owned(), |days| {
            format!("{:.1} / {:.1} / {:.1}", days.p10, days.p50, days.p90)
        });
        let least = pair.least_cost.as_ref().zip(pair.least_cost_days);
        table.add_row([
            pair.from.clone(),
            pair.to.clone(),
            days,
            pair.cost.as_ref().map(money).unwrap_or_default(),
            least.map(|(cost, days)| format!("{} in {days:.1} days", money(cost))).unwrap_or_default(),
            pair.least_co2e_kg.map(|kilograms| format!("{kilograms:.0} kg")).unwrap_or_default(),
            pair.ways.to_string(),
        ]);
    }
    output::line(&table.to_string());
    for pair in matrix.pairs.iter().filter(|pair| pair.days.is_none()) {
        for finding in &pair.findings {
            output::line(&format!("{} to {}: {}", pair.from, pair.to, finding.message));
        }
    }
}

/// Runs `kervan isochrone`.
pub(super) fn run_isochrone(command: &IsochroneCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    find_place(&network, &command.from)?;
    let other = network.list_places().find(|place| place.code.as_str() != command.from);
    let other = other.map_or(String::new(), |place| place.code.to_string());
    let request = wire::IsochroneRequest {
        plan: command.goods.request(&network, &command.from, &other)?,
        within_days: command.within,
    };
    let isochrone = match request.answer(&network, &Learned::default()) {
        Ok(isochrone) => isochrone,
        Err(findings) => return Ok(refuse(&findings, command.geojson)),
    };
    if command.geojson {
        output::json(&isochrone);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["place", "code", "days P10/P50/P90"]);
    for feature in &isochrone.features {
        if let wire::IsochroneProperties::Place { code, name, days } = &feature.properties {
            let odds = format!("{:.1} / {:.1} / {:.1}", days.p10, days.p50, days.p90);
            table.add_row([name.clone(), code.clone(), odds]);
        }
    }
    output::line(&table.to_string());
    output::line(&format!(
        "{} places of the network are reached later, or not at all. Add --geojson for a map.",
        isochrone.beyond
    ));
    Ok(Outcome::Done)
}
