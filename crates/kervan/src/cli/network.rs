//! `kervan network check` and `kervan network show`.

use super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use clap::Subcommand;
use kervan_codes::PlaceCode;
use kervan_model::{Provenance, has_errors};
use kervan_network::{Network, Place, Service, Status};
use kervan_units::{Estimate, Seconds};

/// Look at the network.
#[derive(Debug, Subcommand)]
pub(super) enum NetworkCommand {
    /// Check every table and report every finding.
    Check {
        /// Print the findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print a place with its processes, services and where every figure comes from.
    #[command(after_help = "Example:\n  kervan network show KZAAU")]
    Show {
        /// UN/LOCODE or private code of the place.
        place: String,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub(super) fn run(command: NetworkCommand, facts: &Facts) -> Result<Outcome, Failure> {
    match command {
        NetworkCommand::Check { json } => check(facts, json),
        NetworkCommand::Show { place, json } => show(facts, &place, json),
    }
}

/// Loads the network or says why not.
pub fn load_network(facts: &Facts) -> Result<Network, Failure> {
    let (network, _) = facts.load_network().map_err(|error| {
        Failure::new(error.to_string())
            .remedy("kervan network check, with the same --facts, lists every fault")
    })?;
    Ok(network)
}

/// Reads a place code and finds the place, or names the nearest ones.
pub(super) fn find_place<'a>(network: &'a Network, text: &str) -> Result<&'a Place, Failure> {
    let found = text.parse::<PlaceCode>().ok().and_then(|code| network.find_place(&code));
    found.ok_or_else(|| {
        let near: Vec<_> = network
            .suggest_places(text, 3)
            .iter()
            .map(|place| format!("{} ({})", place.code, place.name))
            .collect();
        Failure::new(format!("there is no place `{text}` in the network")).remedy(near.join(", "))
    })
}

fn check(facts: &Facts, json: bool) -> Result<Outcome, Failure> {
    let (network, loading) = facts.load_network().map_err(|error| Failure::new(error.to_string()))?;
    let mut findings = kervan_network::check(&network);
    findings.extend(loading);
    findings.sort();
    findings.dedup();
    if json {
        output::json(&findings);
    } else {
        output::findings(&findings);
        output::line(&format!(
            "network {}: {} places, {} directed links, {} directed services; {}",
            network.version(),
            network.list_places().count(),
            network.list_links().count(),
            network.list_services().count(),
            output::count(&findings)
        ));
    }
    Ok(if has_errors(&findings) { Outcome::FoundErrors } else { Outcome::Done })
}

fn show(facts: &Facts, place: &str, json: bool) -> Result<Outcome, Failure> {
    let network = load_network(facts)?;
    let place = find_place(&network, place)?;
    if json {
        output::json(&crate::http::wire::PlaceDetail::new(&network, place));
        return Ok(Outcome::Done);
    }
    let kinds: Vec<_> = place.kinds.iter().map(|kind| kind.word()).collect();
    output::line(&format!("{}  {}, {}", place.code, place.name, place.country));
    output::line(&format!("  {} · {} · {}", kinds.join(", "), place.zone, status(&place.status)));
    output::line(&format!(
        "  {:.4} N {:.4} E ({})",
        place.point.lat(),
        place.point.lon(),
        provenance(&place.point_provenance)
    ));
    let mut processes = output::table(&["process", "applies", "min / typical / max", "waiting", "source"]);
    for process in &place.processes {
        processes.add_row([
            process.kind.word().to_owned(),
            applies(process),
            hours(process.duration),
            if process.includes_waiting { "included" } else { "not included" }.to_owned(),
            provenance(&process.provenance),
        ]);
    }
    output::line(&processes.to_string());
    let mut services = output::table(&["service", "to", "running", "runs", "operator", "status", "source"]);
    for service in network.services_from(&place.code) {
        let to = network
            .find_place(&service.to)
            .map_or_else(|| service.to.to_string(), |place| place.name.clone());
        services.add_row([
            format!("{}\n{}", service.id, service.class),
            to,
            hours(service.running),
            runs(service),
            service.operator.clone(),
            status(&service.status),
            provenance(&service.provenance),
        ]);
    }
    output::line(&services.to_string());
    super::network_running::show(&network, place);
    Ok(Outcome::Done)
}

fn applies(process: &kervan_network::Process) -> String {
    let when = &process.when;
    let mut words = Vec::new();
    if when.at_origin {
        words.push("at the origin".to_owned());
    }
    if when.at_destination {
        words.push("at the destination".to_owned());
    }
    words.extend(when.from_mode.map(|mode| format!("from {mode}")));
    words.extend(when.to_mode.map(|mode| format!("to {mode}")));
    words.extend(when.towards.map(|country| format!("towards {country}")));
    words.extend(when.class.map(|class| class.to_string()));
    if words.is_empty() { "always".to_owned() } else { words.join(", ") }
}

fn runs(service: &Service) -> String {
    match service.runs {
        kervan_network::Runs::Headway { every } => format!("every {every}"),
        kervan_network::Runs::LeavesWhenFull { wait } => format!("when full, wait {}", hours(wait)),
        kervan_network::Runs::OnDemand => "on demand".to_owned(),
    }
}

fn hours(estimate: Estimate<Seconds>) -> String {
    format!("{} / {} / {}", estimate.min(), estimate.typ(), estimate.max())
}

fn status(status: &Status) -> String {
    match status {
        Status::Open => "open".to_owned(),
        Status::Planned { opens } => format!("planned for {opens}"),
        Status::Disrupted { reason, .. } => format!("disrupted: {reason}"),
    }
}

pub(super) fn provenance(provenance: &Provenance) -> String {
    format!("{} ({}, {:?})", provenance.source, provenance.period, provenance.confidence).to_lowercase()
}
