//! What the places of the people show: checked files, codes to choose from, the board, what waits.

use super::finding::Finding;
use super::plan::{Odds, name_of};
use kervan_codes::{Incoterm, PackageKind};
use kervan_model::{PartyId, has_errors};
use kervan_network::Network;
use kervan_node::{BoardCall, CheckedFile, Registered};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A consignment file that was checked.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckedConsignment {
    /// Whether it can be declared as it is.
    pub good: bool,
    /// Everything that was found, errors first.
    pub findings: Vec<Finding>,
    /// The file as JSON, in the words of the consignment file, to go on with; whatever was sent, if it is no such file.
    pub file: Value,
    /// What it comes to, if it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sums: Option<ConsignmentSums>,
}

/// What a consignment comes to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsignmentSums {
    /// Packages.
    pub packages: u64,
    /// Gross mass in kilograms, exact decimal.
    pub gross_mass_kg: String,
    /// Net mass in kilograms, exact decimal.
    pub net_mass_kg: String,
    /// Price with its currency, if prices are in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl CheckedConsignment {
    /// A check with the file as it was sent.
    pub fn new(checked: &CheckedFile, file: Value) -> Self {
        let sums = checked.consignment.as_ref().map(|consignment| ConsignmentSums {
            packages: consignment.packages(),
            gross_mass_kg: consignment.gross_mass().to_kilogram_decimal(),
            net_mass_kg: consignment.net_mass().to_kilogram_decimal(),
            value: consignment.find_total().map(|total| total.to_string()),
        });
        Self {
            good: checked.consignment.is_some() && !has_errors(&checked.findings),
            findings: checked.findings.iter().map(Finding::from).collect(),
            file,
            sums,
        }
    }
}

/// Codes to choose from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CodeLists {
    /// Kinds of package of UN/ECE Recommendation 21, those with a name first.
    pub packages: Vec<NamedCode>,
    /// Terms of Incoterms 2020.
    pub incoterms: Vec<String>,
    /// The parties that this node knows.
    pub parties: Vec<KnownParty>,
}

/// A code and its name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NamedCode {
    /// The code.
    pub code: String,
    /// Its English name, or the code itself.
    pub name: String,
}

/// A party that this node knows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KnownParty {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is established.
    pub country: String,
    /// The roles in which it acts.
    pub roles: Vec<&'static str>,
}

impl From<&Registered> for KnownParty {
    fn from(party: &Registered) -> Self {
        let record = &party.record;
        Self {
            id: record.id.to_string(),
            name: record.name.clone(),
            country: record.country.to_string(),
            roles: record.roles.iter().map(|grant| grant.role.word()).collect(),
        }
    }
}

impl CodeLists {
    /// The lists with the parties of a node.
    pub fn new(parties: Vec<KnownParty>) -> Self {
        let mut packages: Vec<NamedCode> = PackageKind::list()
            .map(|kind| NamedCode { code: kind.to_string(), name: kind.name().to_owned() })
            .collect();
        packages.sort_by_key(|kind| kind.name == kind.code);
        Self { packages, incoterms: Incoterm::ALL.iter().map(ToString::to_string).collect(), parties }
    }
}

/// A departure or arrival on a board.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardLine {
    /// The consignment.
    pub consignment: String,
    /// Its containers.
    pub containers: Vec<String>,
    /// `departed` or `arrived`.
    pub code: &'static str,
    /// Place code.
    pub place: String,
    /// Name of the place.
    pub place_name: String,
    /// IANA zone of the place.
    pub zone: String,
    /// When the itinerary has it.
    pub planned: String,
    /// When it is expected, with odds; absent once it is behind, and before the first estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Odds>,
    /// When it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Whether it is behind and nobody reported when.
    pub unseen: bool,
    /// Whether it is the next thing to be reported of the goods.
    pub next: bool,
    /// Whether the caller takes part in the dossier, and so may report it.
    pub yours: bool,
    /// The service that is ridden.
    pub service: String,
    /// Its name.
    pub service_name: String,
    /// Who runs it.
    pub operator: String,
    /// Class of traffic.
    pub class: &'static str,
    /// How.
    pub mode: &'static str,
    /// Train number, ship or registration, if one was assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<String>,
    /// Where the ride begins.
    pub from: String,
    /// Its name.
    pub from_name: String,
    /// Where it ends.
    pub to: String,
    /// Its name.
    pub to_name: String,
}

impl BoardLine {
    /// A call with the names of its places, as `caller` sees it.
    pub fn new(call: &BoardCall, network: &Network, caller: Option<&PartyId>) -> Self {
        let (milestone, leg) = (&call.milestone, &call.leg);
        let zone =
            network.find_place(&milestone.place).map_or_else(|| "UTC".to_owned(), |place| place.zone.clone());
        Self {
            consignment: call.reference.to_string(),
            containers: call.containers.iter().map(ToString::to_string).collect(),
            code: milestone.code.word(),
            place: milestone.place.to_string(),
            place_name: name_of(network, &milestone.place),
            zone,
            planned: milestone.planned.to_string(),
            expected: call.odds.map(Odds::from),
            actual: milestone.actual.map(|at| at.to_string()),
            unseen: milestone.unseen,
            next: call.next,
            yours: caller.is_some_and(|caller| call.participants.contains(caller)),
            service: leg.service.to_string(),
            service_name: leg.name.clone(),
            operator: leg.operator.clone(),
            class: leg.class.word(),
            mode: leg.mode.word(),
            means: call.means.clone(),
            from: leg.from.to_string(),
            from_name: name_of(network, &leg.from),
            to: leg.to.to_string(),
            to_name: name_of(network, &leg.to),
        }
    }
}

/// Something that waits for a party.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// `held`, `papers`, `refused`, `consent`, `alarm` or `no_itinerary`.
    pub kind: &'static str,
    /// The consignment.
    pub consignment: String,
    /// Since when.
    pub since: String,
    /// In words.
    pub message: String,
    /// What to do about it, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// The code of the finding that says so, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The rule that gave the finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The movement, for what an office wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub movement: Option<String>,
    /// The entry that waits for consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// The alarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alarm: Option<String>,
}

impl From<kervan_node::Waiting> for Waiting {
    fn from(waiting: kervan_node::Waiting) -> Self {
        Self {
            kind: waiting.kind.word(),
            consignment: waiting.reference.to_string(),
            since: waiting.since.to_string(),
            message: waiting.message,
            remedy: waiting.remedy,
            code: waiting.code,
            rule: waiting.rule,
            movement: waiting.movement.map(|movement| movement.to_string()),
            entry: waiting.entry.map(|entry| entry.to_string()),
            alarm: waiting.alarm,
        }
    }
}
