//! The network on the wire.

use super::figures::{Provenance, ThreePoints};
use kervan_network::{Runs, Status as NetworkStatus};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a place, link or service is in use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Status {
    /// `open`, `planned` or `disrupted`.
    pub state: &'static str,
    /// Calendar year of opening, if planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<i16>,
    /// Why, if disrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<&NetworkStatus> for Status {
    fn from(status: &NetworkStatus) -> Self {
        match status {
            NetworkStatus::Open => Self { state: "open", opens: None, reason: None },
            NetworkStatus::Planned { opens } => Self { state: "planned", opens: Some(*opens), reason: None },
            NetworkStatus::Disrupted { reason, .. } => {
                Self { state: "disrupted", opens: None, reason: Some(reason.clone()) }
            }
        }
    }
}

/// The whole network, for the map.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Network {
    /// Version of the tables.
    pub version: String,
    /// Places.
    pub places: Vec<Place>,
    /// Links, each in one direction; `two_way` says whether the other direction is the same row.
    pub links: Vec<Link>,
    /// Texts to show wherever it is shown.
    pub attributions: Vec<Attribution>,
}

/// A source that must be named on the screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attribution {
    /// What to show.
    pub text: String,
    /// Licence.
    pub licence: String,
}

/// A place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    /// UN/LOCODE or private code.
    pub code: String,
    /// Name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// What it is.
    pub kinds: Vec<String>,
    /// IANA time zone.
    pub zone: String,
    /// Whether it is in use.
    pub status: Status,
}

/// A link with its course.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Link {
    /// Id.
    pub id: String,
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// `rail`, `road`, `sea`, `ferry` or `inland_water`.
    pub mode: &'static str,
    /// Whether it is in use.
    pub status: Status,
    /// Length.
    pub distance_km: ThreePoints,
    /// Longitude and latitude of each point.
    pub course: Vec<[f64; 2]>,
    /// Who runs it.
    pub operator: String,
    /// Countries in travel order.
    pub countries: Vec<String>,
    /// Whether the other direction is the same row.
    pub two_way: bool,
    /// Where the length comes from.
    pub provenance: Provenance,
}

/// A place with what happens there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlaceDetail {
    /// The place.
    #[serde(flatten)]
    pub place: Place,
    /// What happens to goods there.
    pub processes: Vec<Process>,
    /// Services that leave from there.
    pub services: Vec<Service>,
    /// Where the facts about the place come from.
    pub provenance: Provenance,
    /// Where its coordinates come from.
    pub point_provenance: Provenance,
    /// Remark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A process at a place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Process {
    /// Row id.
    pub id: String,
    /// What it is.
    pub kind: &'static str,
    /// How long it takes.
    pub hours: ThreePoints,
    /// Whether that contains the wait for the next departure.
    pub includes_waiting: bool,
    /// Where the figure comes from.
    pub provenance: Provenance,
}

/// A service.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Service {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// Class of traffic.
    pub class: &'static str,
    /// Mode.
    pub mode: &'static str,
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// Running time.
    pub hours: ThreePoints,
    /// Hours between departures, if it runs at even intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_h: Option<f64>,
    /// Wait for it, if it leaves when full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_h: Option<ThreePoints>,
    /// Whether it is in use.
    pub status: Status,
    /// Where the figures come from.
    pub provenance: Provenance,
}

impl From<&kervan_network::Place> for Place {
    fn from(place: &kervan_network::Place) -> Self {
        Self {
            code: place.code.to_string(),
            name: place.name.clone(),
            country: place.country.to_string(),
            lat: place.point.lat(),
            lon: place.point.lon(),
            kinds: place.kinds.iter().map(|kind| kind.word().to_owned()).collect(),
            zone: place.zone.clone(),
            status: (&place.status).into(),
        }
    }
}

impl From<&kervan_network::Link> for Link {
    fn from(link: &kervan_network::Link) -> Self {
        Self {
            id: link.id.to_string(),
            from: link.from.to_string(),
            to: link.to.to_string(),
            mode: link.mode.word(),
            status: (&link.status).into(),
            distance_km: ThreePoints::kilometres(link.distance),
            course: link.course.iter().map(|point| [point.lon(), point.lat()]).collect(),
            operator: link.operator.clone(),
            countries: link.countries.iter().map(ToString::to_string).collect(),
            two_way: link.two_way,
            provenance: (&link.provenance).into(),
        }
    }
}

impl From<&kervan_network::Service> for Service {
    fn from(service: &kervan_network::Service) -> Self {
        let (every_h, wait_h) = match service.runs {
            Runs::Headway { every } => (Some(every.as_hours_f64()), None),
            Runs::LeavesWhenFull { wait } => (None, Some(ThreePoints::hours(wait))),
            Runs::OnDemand => (None, None),
        };
        Self {
            id: service.id.to_string(),
            name: service.name.clone(),
            operator: service.operator.clone(),
            class: service.class.word(),
            mode: service.mode.word(),
            from: service.from.to_string(),
            to: service.to.to_string(),
            hours: ThreePoints::hours(service.running),
            every_h,
            wait_h,
            status: (&service.status).into(),
            provenance: (&service.provenance).into(),
        }
    }
}

impl From<&kervan_network::Network> for Network {
    fn from(network: &kervan_network::Network) -> Self {
        // One direction of a two-way row is enough for a map.
        let shown = |link: &&kervan_network::Link| !(link.two_way && link.id.as_str().ends_with('R'));
        Self {
            version: network.version().to_owned(),
            places: network.list_places().map(Place::from).collect(),
            links: network.list_links().filter(shown).map(Link::from).collect(),
            attributions: network
                .attributions()
                .iter()
                .map(|source| Attribution { text: source.text.clone(), licence: source.licence.clone() })
                .collect(),
        }
    }
}

impl PlaceDetail {
    /// A place with its processes and services.
    pub fn new(network: &kervan_network::Network, place: &kervan_network::Place) -> Self {
        Self {
            place: place.into(),
            processes: place
                .processes
                .iter()
                .map(|process| Process {
                    id: process.id.clone(),
                    kind: process.kind.word(),
                    hours: ThreePoints::hours(process.duration),
                    includes_waiting: process.includes_waiting,
                    provenance: (&process.provenance).into(),
                })
                .collect(),
            services: network.services_from(&place.code).map(Service::from).collect(),
            provenance: (&place.provenance).into(),
            point_provenance: (&place.point_provenance).into(),
            note: place.note.clone(),
        }
    }
}
