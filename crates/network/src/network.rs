//! The network as one immutable value.

use crate::load::{LoadError, load};
use crate::{
    Acceptance, Attribution, BorderIndicator, CourseLicence, CustomsUnionMember, DayValue, EmissionFactor,
    ExchangeRate, HandlingRate, Link, OpeningHours, Place, Schedule, Service, StorageRate, Surcharge, Tariff,
    TariffUnit,
};
use jiff::civil::Date;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Finding, LinkId, ServiceId};
use kervan_units::{Distance, Estimate, GeoPoint};
use std::collections::BTreeMap;

/// Places, links and services with their prices, as loaded from the tables. Immutable.
#[derive(Clone, Debug)]
pub struct Network {
    pub(crate) version: String,
    pub(crate) places: BTreeMap<PlaceCode, Place>,
    pub(crate) links: BTreeMap<LinkId, Link>,
    pub(crate) services: BTreeMap<ServiceId, Service>,
    pub(crate) services_from: BTreeMap<PlaceCode, Vec<ServiceId>>,
    pub(crate) schedules: BTreeMap<ServiceId, Vec<Schedule>>,
    pub(crate) opening_hours: BTreeMap<PlaceCode, Vec<OpeningHours>>,
    pub(crate) tariffs: BTreeMap<ServiceId, Vec<Tariff>>,
    pub(crate) exchange_rates: Vec<ExchangeRate>,
    pub(crate) surcharges: Vec<Surcharge>,
    pub(crate) handling_rates: BTreeMap<PlaceCode, Vec<HandlingRate>>,
    pub(crate) storage_rates: BTreeMap<PlaceCode, Vec<StorageRate>>,
    pub(crate) acceptances: Vec<Acceptance>,
    pub(crate) emission_factors: Vec<EmissionFactor>,
    pub(crate) attributions: Vec<Attribution>,
    pub(crate) customs_unions: Vec<CustomsUnionMember>,
    pub(crate) day_values: Vec<DayValue>,
    pub(crate) border_indicators: Vec<BorderIndicator>,
    pub(crate) load_findings: Vec<Finding>,
}

impl Network {
    /// Builds the network from its tables; `read` gives the text of a table by its file name.
    ///
    /// Rows with an error are left out and reported, the rest stands. The findings are those of reading; [`crate::check`]
    /// repeats them and adds what only the whole shows. Errors: [`LoadError`] if nothing usable can be built.
    pub fn load(read: impl Fn(&str) -> Option<String>) -> Result<(Network, Vec<Finding>), LoadError> {
        let network = load(read)?;
        let findings = network.load_findings.clone();
        Ok((network, findings))
    }

    /// The version of the tables. Shape: the first 16 hexadecimal digits of the SHA-256 over all tables in name order.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every place, by code.
    pub fn list_places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// What a day is worth where nobody says it: the first row of the table.
    pub fn find_day_value(&self) -> Option<&DayValue> {
        self.day_values.first()
    }

    /// A place.
    pub fn find_place(&self, code: &PlaceCode) -> Option<&Place> {
        self.places.get(code)
    }

    /// The places that a text most likely means, by code or name, best first, at most `most`.
    pub fn suggest_places(&self, text: &str, most: usize) -> Vec<&Place> {
        crate::suggest::suggest(self.places.values(), text, most)
    }

    /// Every directed link, by id.
    pub fn list_links(&self) -> impl Iterator<Item = &Link> {
        self.links.values()
    }

    /// A directed link.
    pub fn find_link(&self, id: &LinkId) -> Option<&Link> {
        self.links.get(id)
    }

    /// Every directed service, by id.
    pub fn list_services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    /// A directed service.
    pub fn find_service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.get(id)
    }

    /// The services that can be boarded at a place, by id.
    pub fn services_from(&self, code: &PlaceCode) -> impl Iterator<Item = &Service> {
        self.services_from.get(code).into_iter().flatten().filter_map(|id| self.services.get(id))
    }

    /// The links that a service rides, in order.
    pub fn links_of_service(&self, id: &ServiceId) -> impl Iterator<Item = &Link> {
        self.services
            .get(id)
            .into_iter()
            .flat_map(|service| &service.links)
            .filter_map(|id| self.links.get(id))
    }

    /// The courses of the links of a service in travel direction, joined; empty if there is no such service.
    pub fn course_of_service(&self, id: &ServiceId) -> Vec<GeoPoint> {
        let mut course: Vec<GeoPoint> =
            self.links_of_service(id).flat_map(|link| link.course.clone()).collect();
        course.dedup();
        course
    }

    /// The length of a service: the sum over its links. Unit: metre.
    pub fn distance_of_service(&self, id: &ServiceId) -> Estimate<Distance> {
        let sum = |end: fn(&Estimate<Distance>) -> Distance| -> Distance {
            self.links_of_service(id).map(|link| end(&link.distance)).sum()
        };
        let typ = sum(Estimate::typ);
        // Sums of ordered triples are ordered, so the fallback is never taken.
        Estimate::new(sum(Estimate::min), typ, sum(Estimate::max)).unwrap_or(Estimate::exactly(typ))
    }

    /// Countries of a service in travel order, each once for each entry.
    pub fn countries_of_service(&self, id: &ServiceId) -> Vec<CountryCode> {
        let mut countries: Vec<CountryCode> =
            self.links_of_service(id).flat_map(|link| link.countries.clone()).collect();
        countries.dedup();
        countries
    }

    /// The prices of a service: alternatives for different units, cargo and dates, never parts of a sum.
    ///
    /// A service without a price of its own has the per-kilometre default of its mode and class, which is a judgement.
    pub fn tariffs_of_service(&self, id: &ServiceId) -> impl Iterator<Item = &Tariff> {
        self.tariffs.get(id).into_iter().flatten()
    }

    /// The price that holds on a day for loaded equipment with ordinary goods; the latest if several hold.
    pub fn find_tariff(&self, id: &ServiceId, per: TariffUnit, day: Date) -> Option<&Tariff> {
        let fitting =
            self.tariffs_of_service(id).filter(|t| t.per == per && t.is_general() && t.holds_on(day));
        fitting.max_by_key(|tariff| tariff.valid_from)
    }

    /// The emission factor of a link: by mode, traction and country, the most specific row.
    ///
    /// A row for one country holds only for links that lie wholly in it, so that the grid of the first country does not
    /// stand for a line across a continent.
    pub fn emission_factor(&self, link: &Link) -> Option<&EmissionFactor> {
        let country = link.only_country();
        let fits = |factor: &&EmissionFactor| {
            factor.mode == link.mode
                && (factor.traction.is_none() || factor.traction == link.traction)
                && (factor.country.is_none() || factor.country == country)
        };
        let specific = |factor: &&EmissionFactor| (factor.traction.is_some(), factor.country.is_some());
        self.emission_factors.iter().filter(fits).max_by_key(specific)
    }

    /// What to show wherever the network is shown.
    pub fn attributions(&self) -> &[Attribution] {
        &self.attributions
    }

    /// The yearly indicators of borders and corridors, as published.
    pub fn list_border_indicators(&self) -> impl Iterator<Item = &BorderIndicator> {
        self.border_indicators.iter()
    }

    /// Whether goods move between two countries without customs.
    pub fn share_customs_union(&self, one: CountryCode, other: CountryCode) -> bool {
        let unions =
            |country| self.customs_unions.iter().filter(move |m| m.country == country).map(|m| &m.union);
        one == other || unions(one).any(|union| unions(other).any(|of_other| of_other == union))
    }

    /// Which links have a course under share-alike terms, so that their source can be shown.
    pub fn list_open_database_links(&self) -> impl Iterator<Item = &Link> {
        self.links.values().filter(|link| link.course_licence == Some(CourseLicence::OpenDatabase))
    }
}
