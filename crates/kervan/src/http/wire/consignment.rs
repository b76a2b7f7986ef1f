//! Consignments on the wire.

use super::figures::Money;
use super::issued::{AcceptedCarriage, BillView, IssuedDocument, ProposedAmendment, title_of_attached};
use super::movement::Movement;
use super::plan::{Itinerary, Odds, name_of};
use kervan_events::{Event, Milestone as EventMilestone, assess_progress};
use kervan_network::Network;
use kervan_node::{CaseFile, Desk, PositionAt, Summary};
use kervan_store::{EtaRow, TrackRow};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of consignments.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsignmentPage {
    /// Consignments in the order of their references.
    pub items: Vec<ConsignmentSummary>,
    /// Give this as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A position.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Position {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// When, RFC 3339.
    #[schema(value_type = String)]
    pub at: jiff::Timestamp,
}

impl From<PositionAt> for Position {
    fn from(position: PositionAt) -> Self {
        Self { lat: f64::from(position.lat_e7) / 1e7, lon: f64::from(position.lon_e7) / 1e7, at: position.at }
    }
}

impl From<&TrackRow> for Position {
    fn from(row: &TrackRow) -> Self {
        PositionAt { lat_e7: row.fix.lat_e7, lon_e7: row.fix.lon_e7, at: row.fix.at }.into()
    }
}

/// What lists, maps and followers see of a consignment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsignmentSummary {
    /// Reference; the consignment's id in addresses.
    pub id: String,
    /// Reference.
    pub reference: String,
    /// Who declared it.
    pub forwarder: String,
    /// Place code of the origin.
    pub from: String,
    /// Its name.
    pub from_name: String,
    /// Place code of the destination.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// The first goods item, and how many more there are.
    pub goods: String,
    /// Container numbers.
    pub equipment: Vec<String>,
    /// `draft`, `planned`, `in_transit`, `held` or `delivered`.
    pub state: &'static str,
    /// When it is ready at the origin.
    pub ready: String,
    /// Planned arrival, median of the accepted itinerary.
    pub planned_arrival: Option<String>,
    /// Arrival as expected now.
    pub eta: Option<Odds>,
    /// When the consignee got it.
    pub delivered: Option<String>,
    /// Where it was last seen.
    pub position: Option<Position>,
    /// How far along the itinerary, 0 to 1.
    pub progress: f64,
    /// The last thing that happened, in words.
    pub last_event: Option<String>,
    /// What somebody should look at, in words.
    pub attention: Option<String>,
    /// How it moves now, if it moves.
    pub mode: Option<&'static str>,
}

impl ConsignmentSummary {
    /// A summary with the names of its places.
    pub fn new(summary: &Summary, network: &Network) -> Self {
        Self {
            id: summary.reference.to_string(),
            reference: summary.reference.to_string(),
            forwarder: summary.forwarder.to_string(),
            from: summary.from.to_string(),
            from_name: name_of(network, &summary.from),
            to: summary.to.to_string(),
            to_name: name_of(network, &summary.to),
            goods: summary.goods.clone(),
            equipment: summary.equipment.iter().map(ToString::to_string).collect(),
            state: summary.state.word(),
            ready: summary.ready.to_string(),
            planned_arrival: summary.planned_arrival.map(|at| at.to_string()),
            eta: summary.eta.map(Odds::from),
            delivered: summary.delivered.map(|at| at.to_string()),
            position: summary.position.map(Position::from),
            progress: f64::from(summary.progress_permille) / 1e3,
            last_event: summary.last_event.clone(),
            attention: summary.attention.clone(),
            mode: summary.mode.map(kervan_model::Mode::word),
        }
    }
}

/// Everything about a consignment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsignmentDetail {
    /// Its summary.
    #[serde(flatten)]
    pub summary: ConsignmentSummary,
    /// Parties.
    pub parties: Vec<Party>,
    /// Goods items.
    pub goods_items: Vec<GoodsItem>,
    /// Containers.
    pub equipment_items: Vec<EquipmentItem>,
    /// Terms of delivery.
    pub terms: Option<Terms>,
    /// The accepted itinerary.
    pub itinerary: Option<Itinerary>,
    /// Milestones of the itinerary.
    pub milestones: Vec<Milestone>,
    /// Transit movements in order of travel.
    pub movements: Vec<Movement>,
    /// Issued documents, in force or not, chain by chain.
    pub documents: Vec<IssuedDocument>,
    /// Negotiable bills of lading.
    pub bills: Vec<BillView>,
    /// Carriers' acceptances of the goods, the latest last.
    pub carriage: Vec<AcceptedCarriage>,
    /// Amendments that needed a carrier's consent.
    pub proposals: Vec<ProposedAmendment>,
    /// Documents of others.
    pub attachments: Vec<Attachment>,
    /// The dossier.
    pub dossier: DossierHead,
    /// Every ETA that was given.
    pub eta_history: Vec<GivenEta>,
    /// Positions.
    pub trail: Vec<Position>,
    /// Events.
    pub events: Vec<EventView>,
}

/// A party of the consignment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Party {
    /// Its part.
    pub role: &'static str,
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Country.
    pub country: String,
    /// Its decentralized identifier, if it takes part in the dossier with a key.
    pub did: Option<String>,
}

/// A goods item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GoodsItem {
    /// Description.
    pub description: String,
    /// Commodity code.
    pub hs: String,
    /// Country of origin.
    pub origin: String,
    /// Number of packages.
    pub packages: u32,
    /// Kind of package in words.
    pub package_kind: String,
    /// Gross mass in kilograms, exact decimal.
    pub gross_mass_kg: String,
    /// Net mass in kilograms, exact decimal.
    pub net_mass_kg: String,
    /// Price.
    pub value: Option<Money>,
}

/// A container.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EquipmentItem {
    /// Number.
    pub number: String,
    /// Size and type.
    pub size_type: String,
    /// Seal numbers.
    pub seals: Vec<String>,
}

/// Terms of delivery.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Terms {
    /// Incoterm.
    pub incoterm: String,
    /// Named place.
    pub place: String,
}

/// A milestone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Milestone {
    /// What it is.
    pub code: &'static str,
    /// Place code.
    pub place: String,
    /// Name of the place.
    pub place_name: String,
    /// IANA zone of the place.
    pub zone: String,
    /// When the itinerary has it.
    pub planned: String,
    /// When it is expected.
    pub estimated: Option<String>,
    /// When it was.
    pub actual: Option<String>,
    /// Whether it is behind and nobody reported when.
    pub unseen: bool,
}

/// A document of somebody else.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attachment {
    /// UNTDID 1001 code.
    pub type_code: String,
    /// Title.
    pub title: String,
    /// Number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// The dossier of a consignment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DossierHead {
    /// Its id.
    pub id: String,
    /// The entries that stand for all of it.
    pub heads: Vec<String>,
    /// Number of entries.
    pub entries: usize,
}

/// An ETA as it was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GivenEta {
    /// When it was given.
    pub at: String,
    /// What it said.
    #[serde(flatten)]
    pub odds: Odds,
    /// Why.
    pub because: String,
}

/// An event in a consignment's timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventView {
    /// Hash id.
    pub id: String,
    /// EPCIS event type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Business step.
    pub biz_step: Option<String>,
    /// Place code.
    pub place: Option<String>,
    /// Name of the place.
    pub place_name: Option<String>,
    /// When it happened.
    pub at: String,
}

impl From<&EtaRow> for GivenEta {
    fn from(row: &EtaRow) -> Self {
        Self {
            at: row.given.to_string(),
            odds: Odds { p10: row.p10.to_string(), p50: row.p50.to_string(), p90: row.p90.to_string() },
            because: row.because.clone(),
        }
    }
}

impl Milestone {
    fn new(milestone: &EventMilestone, network: &Network) -> Self {
        Self {
            code: milestone.code.word(),
            place: milestone.place.to_string(),
            place_name: name_of(network, &milestone.place),
            zone: network
                .find_place(&milestone.place)
                .map_or_else(|| "UTC".to_owned(), |place| place.zone.clone()),
            planned: milestone.planned.to_string(),
            estimated: milestone.estimated.map(|at| at.to_string()),
            actual: milestone.actual.map(|at| at.to_string()),
            unseen: milestone.unseen,
        }
    }
}

impl EventView {
    fn new(event: &Event, network: &Network) -> Self {
        let place = event.place();
        Self {
            id: event.hash.to_string(),
            event_type: event.event_type.word().to_owned(),
            biz_step: event.biz_step.clone(),
            place_name: place.as_ref().map(|code| name_of(network, code)),
            place: place.map(|code| code.to_string()),
            at: event.event_time.to_string(),
        }
    }
}

/// What the store holds of a consignment besides its case file.
pub struct Surroundings {
    /// Its events.
    pub events: Vec<Event>,
    /// Every ETA given.
    pub etas: Vec<EtaRow>,
    /// Its positions, those that are believed.
    pub trail: Vec<TrackRow>,
}

impl ConsignmentDetail {
    /// Everything about a consignment.
    pub fn new(desk: &Desk, case: &CaseFile, around: &Surroundings) -> Self {
        let network = &desk.network;
        let state = &case.state;
        let consignment = state.consignment.as_ref();
        Self {
            summary: ConsignmentSummary::new(&case.summary, network),
            parties: list_parties(case),
            goods_items: list_goods(case),
            equipment_items: consignment
                .iter()
                .flat_map(|consignment| &consignment.equipment)
                .map(|item| EquipmentItem {
                    number: item.number.to_string(),
                    size_type: item.size_type.to_string(),
                    seals: item.seals.iter().map(|seal| seal.number.clone()).collect(),
                })
                .collect(),
            terms: consignment.map(|consignment| Terms {
                incoterm: consignment.terms.incoterm.to_string(),
                place: consignment.terms.place.clone(),
            }),
            itinerary: case.find_itinerary().map(|itinerary| Itinerary::new(itinerary, network)),
            milestones: list_milestones(case, around, network),
            movements: case.movements.iter().map(|file| Movement::new(file, desk)).collect(),
            documents: IssuedDocument::list(desk.press(), &case.dossier, state),
            bills: BillView::list(state),
            carriage: AcceptedCarriage::list(state),
            proposals: ProposedAmendment::list(state),
            attachments: state
                .list_attached()
                .map(|document| Attachment {
                    type_code: document.type_code.to_string(),
                    title: title_of_attached(document),
                    number: document.number.clone(),
                    issuer: document.issuer.to_string(),
                    sha256: document.sha256.clone(),
                })
                .collect(),
            dossier: DossierHead {
                id: case.dossier.id().to_string(),
                heads: case.dossier.heads().iter().map(ToString::to_string).collect(),
                entries: case.dossier.len(),
            },
            eta_history: around.etas.iter().map(GivenEta::from).collect(),
            trail: around.trail.iter().map(Position::from).collect(),
            events: around.events.iter().map(|event| EventView::new(event, network)).collect(),
        }
    }
}

fn list_parties(case: &CaseFile) -> Vec<Party> {
    let parties = case.state.consignment.iter().flat_map(|consignment| &consignment.parties);
    parties
        .map(|party| Party {
            role: party.role.word(),
            id: party.id.to_string(),
            name: party.name.clone(),
            address: party.address.clone(),
            country: party.country.to_string(),
            did: case
                .state
                .participants
                .iter()
                .find(|stated| stated.fact.party == party.id)
                .map(|stated| stated.fact.did.to_string()),
        })
        .collect()
}

fn list_goods(case: &CaseFile) -> Vec<GoodsItem> {
    let Some(consignment) = &case.state.consignment else {
        return Vec::new();
    };
    let prices = consignment.prices.as_ref().map(|prices| prices.items.as_slice()).unwrap_or_default();
    consignment
        .goods
        .iter()
        .enumerate()
        .map(|(index, item)| GoodsItem {
            description: item.description.clone(),
            hs: item.hs.to_string(),
            origin: item.origin.to_string(),
            packages: item.packages,
            package_kind: item.package_kind.name().to_owned(),
            gross_mass_kg: item.gross_mass.to_kilogram_decimal(),
            net_mass_kg: item.net_mass.to_kilogram_decimal(),
            value: prices.get(index).map(|price| Money::from(*price)),
        })
        .collect()
}

/// Milestones with the medians of the last ETA.
fn list_milestones(case: &CaseFile, around: &Surroundings, network: &Network) -> Vec<Milestone> {
    let Some(itinerary) = case.find_itinerary() else {
        return Vec::new();
    };
    let mut milestones = assess_progress(itinerary, &around.events).milestones;
    let last =
        around.etas.last().and_then(|row| serde_json::from_str::<kervan_tracking::Eta>(&row.estimate).ok());
    if let Some(eta) = last {
        eta.note_into(&mut milestones);
    }
    milestones.iter().map(|milestone| Milestone::new(milestone, network)).collect()
}
