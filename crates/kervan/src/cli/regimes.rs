//! `kervan regimes`: every admissible chain of customs procedures for a way, compared.

use super::network::{find_place, load_network};
use super::output;
use super::plan::{read_equipment, read_ready};
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::setup::load_rules;
use clap::Args;
use kervan_codes::CountryCode;
use kervan_customs::{Chain, ChainPlan, plan_chains};
use kervan_model::format::ConsignmentFile;
use kervan_model::{Consignment, Finding, has_errors};
use kervan_planning::{PlanOptions, PlanRequest, plan};
use serde::Serialize;
use serde_json::json;

/// Compare the chains of customs procedures for a way: national transits, common transit, the Eurasian union, TIR.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kervan regimes --from CNXIA --to TRIST --ready 2026-12-01T08:00 --goods 845011
  kervan regimes --from CNKSS --to TRIST --ready 2026-12-01T08:00Z --goods 240220 --value 90000 --way A2 --json

The first chain is the one that is taken; each other says in what it differs. Times, fees and prices of guarantees are judgements
for comparing; the law, with its dates, is in data/customs.")]
pub(super) struct RegimesCommand {
    /// Place code of the origin.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Place code of the destination.
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// When the goods are ready: local time of the origin, or an instant with an offset or Z.
    #[arg(long, value_name = "TIME")]
    ready: String,
    /// Commodity code (HS) of the goods; may be given several times.
    #[arg(long, value_name = "HS", default_value = "847130")]
    goods: Vec<String>,
    /// Value of the goods, all of them together; without it the guarantee is presumed.
    #[arg(long, value_name = "AMOUNT")]
    value: Option<String>,
    /// Currency of the value.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    currency: String,
    /// Containers, such as 2x45G1.
    #[arg(long, value_name = "NxTYPE", default_value = "1x45G1")]
    equipment: String,
    /// The alternative of `kervan plan` whose way is cleared.
    #[arg(long, value_name = "NAME", default_value = "A1")]
    way: String,
    /// Print the chains as JSON.
    #[arg(long)]
    json: bool,
}

/// The answer as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    way: &'a str,
    #[serde(flatten)]
    plan: &'a ChainPlan,
}

/// Runs the command.
pub(super) fn run(command: &RegimesCommand, facts: &Facts) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    let rules = load_rules(facts)?;
    let (from, to) = (find_place(&network, &command.from)?, find_place(&network, &command.to)?);
    let ready = read_ready(&command.ready, from)?;
    let (count, size) = read_equipment(&command.equipment)?;
    let request = PlanRequest {
        from: from.code.clone(),
        to: to.code.clone(),
        ready,
        equipment: vec![(count, size)],
        gross_mass: None,
        allow_planned: false,
        allow_disrupted: false,
        conditions: kervan_planning::Conditions::default(),
    };
    let planned = match plan(&network, &request, &PlanOptions::default()) {
        Ok(planned) => planned,
        Err(findings) => return Ok(fail(command, &findings)),
    };
    let names: Vec<_> = planned.alternatives.iter().map(|way| way.id.to_string()).collect();
    let Some(way) = planned.alternatives.iter().find(|way| way.id.to_string() == command.way) else {
        return Err(Failure::new(format!("there is no way `{}`", command.way))
            .remedy(format!("--way with one of {}", names.join(", "))));
    };
    let consignment = match describe(command, ready, [from.country, to.country]) {
        Ok(consignment) => consignment,
        Err(findings) => return Ok(fail(command, &findings)),
    };
    let chains = plan_chains(&consignment, &way.itinerary, &rules.territories);
    if command.json {
        output::json(&Answer { way: &command.way, plan: &chains });
    } else {
        show(&chains, &way.itinerary.countries);
    }
    Ok(if has_errors(&chains.findings) { Outcome::FoundErrors } else { Outcome::Done })
}

fn fail(command: &RegimesCommand, findings: &[Finding]) -> Outcome {
    if command.json {
        output::json(&findings);
    } else {
        output::findings(findings);
    }
    Outcome::FoundErrors
}

/// The goods as a consignment: what is not asked for does not matter for the regimes.
fn describe(
    command: &RegimesCommand,
    ready: jiff::Timestamp,
    [from, to]: [CountryCode; 2],
) -> Result<Consignment, Vec<Finding>> {
    let party = |role: &str, country: CountryCode| json!({"role": role, "id": role, "name": role, "address": "-", "country": country});
    let share = |index: usize| match (&command.value, index) {
        (Some(value), 0) => value.clone(),
        _ => "0".to_owned(),
    };
    let goods: Vec<_> = command
        .goods
        .iter()
        .enumerate()
        .map(|(index, hs)| {
            json!({"description": format!("goods of HS {hs}"), "hs": hs, "origin": from, "packages": 1,
                "package_kind": "CT", "gross_mass_kg": 1000, "net_mass_kg": 900, "value": share(index)})
        })
        .collect();
    let file = json!({
        "reference": "REGIMES-1", "from": command.from, "to": command.to, "ready": ready,
        "terms": {"incoterm": "FCA", "place": command.from},
        "parties": [party("consignor", from), party("consignee", to), party("forwarder", to)],
        "goods": goods, "equipment": [{"number": "CSQU3054383", "size_type": "45G1"}],
        "invoice": {"number": "-", "date": ready.strftime("%Y-%m-%d").to_string(), "currency": command.currency},
    });
    let file: ConsignmentFile = serde_json::from_value(file).map_err(|error| {
        vec![
            Finding::error("consignment.unreadable", kervan_model::in_plain_words(&error))
                .remedy("correct the arguments"),
        ]
    })?;
    let mut consignment = file.read()?;
    if command.value.is_none() {
        // A value that is not known is not nothing: without prices the guarantee is presumed.
        consignment.prices = None;
    }
    Ok(consignment)
}

fn show(plan: &ChainPlan, countries: &[kervan_codes::CountryCode]) {
    let way: Vec<_> = countries.iter().map(ToString::to_string).collect();
    output::line(&format!("way: {}", way.join(" - ")));
    let mut table =
        output::table(&["", "procedures", "movements", "at offices", "cost", "guaranteed at once", "why"]);
    for (number, chain) in plan.chains.iter().enumerate() {
        let totals = &chain.totals;
        table.add_row([
            format!("{}{}", number + 1, if chain.default { " *" } else { "" }),
            list_procedures(chain),
            totals.movements.to_string(),
            format!("{} min", totals.time.get() / 60),
            totals.cost.to_string(),
            totals.guarantee.to_string(),
            chain.reasons.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join("\n"),
        ]);
    }
    output::line(&table.to_string());
    output::line("* the chain that is taken. Time and cost are judgements for comparing.");
    if let Some(first) = plan.chains.first() {
        for procedure in &first.procedures {
            let seals: Vec<_> = procedure.requirements.iter().map(|row| row.code.as_str()).collect();
            output::line(&format!(
                "{}. {} ({}): {} to {}; lodge by {}; asks for {}; {}",
                procedure.number,
                procedure.regime_name,
                procedure.territory_name,
                procedure.departure.code,
                procedure.destination.code,
                procedure.lodge_by.strftime("%Y-%m-%d %H:%M"),
                if seals.is_empty() { "nothing".to_owned() } else { seals.join(", ") },
                procedure.law
            ));
        }
    }
    output::findings(&plan.findings);
}

fn list_procedures(chain: &Chain) -> String {
    let lines = chain.procedures.iter().map(|plan| {
        let territories: Vec<_> = plan.territories.iter().map(ToString::to_string).collect();
        format!("{} {}", plan.regime, territories.join("+"))
    });
    lines.collect::<Vec<_>>().join("\n")
}
