//! Our words as EPCIS URIs, and back.
//!
//! Containers use the GS1 scheme for ISO 6346 numbers and ships the one for IMO numbers, so that any EPCIS repository
//! understands them. Places, consignments, transit movements and conveyances without an IMO number have no GS1 scheme that we
//! may issue, so they stand under [`BASE`], which resolves nowhere on purpose: it names, it does not locate.

use crate::Event;
use kervan_codes::{ContainerNumber, CountryCode, PlaceCode};
use kervan_model::{MovementId, Reference, ServiceId};

/// Prefix of every URI of our own. `.example` can never be registered by anyone (RFC 2606).
pub const BASE: &str = "https://id.kervan.example/";

/// Namespace of our extension fields, bound to the prefix `kervan` in the documents we write.
pub const NAMESPACE: &str = "https://id.kervan.example/epcis/";

/// Type of a business transaction that is a consignment.
pub const CONSIGNMENT_TYPE: &str = "https://id.kervan.example/type/consignment";

/// Type of a business transaction that is a customs transit movement.
pub const MOVEMENT_TYPE: &str = "https://id.kervan.example/type/transit-movement";

/// Business step of an authority that lets goods go; the standard vocabulary has none.
pub const RELEASING: &str = "https://id.kervan.example/step/releasing";

/// Business step of a change of gauge, by transshipment or by bogies; the standard vocabulary has none.
pub const CHANGING_GAUGE: &str = "https://id.kervan.example/step/changing-gauge";

const CONTAINER: &str = "urn:epc:id:bic:";
const SHIP: &str = "urn:epc:id:imovn:";

/// URI of a place, for `readPoint` and `bizLocation`.
///
/// ```
/// use kervan_events::mapping::{find_place, place_uri};
///
/// let aktau = "KZAAU".parse().unwrap();
/// assert_eq!(place_uri(&aktau), "https://id.kervan.example/place/KZAAU");
/// assert_eq!(find_place("https://id.kervan.example/place/KZAAU"), Some(aktau));
/// ```
pub fn place_uri(place: &PlaceCode) -> String {
    format!("{BASE}place/{}", place.as_str())
}

/// URI of a country or customs territory, in which its places lie.
pub fn country_uri(country: CountryCode) -> String {
    format!("{BASE}country/{}", country.as_str())
}

/// The place of a URI of ours; nothing for any other URI.
pub fn find_place(uri: &str) -> Option<PlaceCode> {
    own(uri, "place/")?.parse().ok()
}

/// URI of a container. Source: EPC Tag Data Standard 2.0, section 6.3.19 (BIC).
pub fn container_uri(container: &ContainerNumber) -> String {
    format!("{CONTAINER}{}", container.as_str())
}

/// The container of a URI; nothing for any other URI or a wrong check digit.
pub fn find_container(uri: &str) -> Option<ContainerNumber> {
    uri.strip_prefix(CONTAINER)?.parse().ok()
}

/// URI of a consignment, for `bizTransaction`.
pub fn consignment_uri(reference: &Reference) -> String {
    format!("{BASE}consignment/{}", reference.as_str())
}

/// The consignment of a URI of ours; nothing for any other URI.
pub fn find_consignment(uri: &str) -> Option<Reference> {
    own(uri, "consignment/")?.parse().ok()
}

/// URI of a customs transit movement, for `bizTransaction`.
pub fn movement_uri(movement: &MovementId) -> String {
    format!("{BASE}movement/{}", movement.as_str())
}

/// The movement of a URI of ours; nothing for any other URI.
pub fn find_movement(uri: &str) -> Option<MovementId> {
    own(uri, "movement/")?.parse().ok()
}

/// URI of a train, truck or ship that runs a service on one departure, for `parentID`.
///
/// `departure` tells the departures of a service apart, such as a date; characters that no URI may hold become hyphens.
pub fn conveyance_uri(service: &ServiceId, departure: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '-' };
    format!("{BASE}conveyance/{}/{}", service.as_str(), departure.chars().map(safe).collect::<String>())
}

/// URI of a ship by its IMO number. Source: EPC Tag Data Standard 2.0, section 6.3.20 (IMOVN). Errors: nothing unless
/// `number` has seven digits.
pub fn ship_uri(number: &str) -> Option<String> {
    let seven_digits = number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit());
    seven_digits.then(|| format!("{SHIP}{number}"))
}

fn own<'u>(uri: &'u str, kind: &str) -> Option<&'u str> {
    uri.strip_prefix(BASE)?.strip_prefix(kind)
}

impl Event {
    /// The place of ours where it was seen, or where the things are afterwards.
    pub fn place(&self) -> Option<PlaceCode> {
        [&self.read_point, &self.biz_location].into_iter().flatten().find_map(|uri| find_place(uri))
    }

    /// The containers that it names, in any role, each once.
    pub fn containers(&self) -> Vec<ContainerNumber> {
        let mut containers: Vec<_> = self.things().filter_map(find_container).collect();
        containers.sort_unstable();
        containers.dedup();
        containers
    }

    /// The consignments that it names, each once.
    pub fn consignments(&self) -> Vec<Reference> {
        let mut references: Vec<_> =
            self.biz_transactions.iter().filter_map(|(_, uri)| find_consignment(uri)).collect();
        references.sort_unstable();
        references.dedup();
        references
    }

    /// The transit movements that it names, each once.
    pub fn movements(&self) -> Vec<MovementId> {
        let mut movements: Vec<_> =
            self.biz_transactions.iter().filter_map(|(_, uri)| find_movement(uri)).collect();
        movements.sort_unstable();
        movements.dedup();
        movements
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_uri_comes_back_as_what_it_was() {
        let place: PlaceCode = "KZ-ALTYN".parse().unwrap();
        assert_eq!(find_place(&place_uri(&place)), Some(place));
        let container: ContainerNumber = "CSQU3054383".parse().unwrap();
        assert_eq!(container_uri(&container), "urn:epc:id:bic:CSQU3054383");
        assert_eq!(find_container(&container_uri(&container)), Some(container));
        let reference: Reference = "KRV/2026-0001".parse().unwrap();
        assert_eq!(find_consignment(&consignment_uri(&reference)), Some(reference));
        let movement: MovementId = "KRV/2026-0001/2".parse().unwrap();
        assert_eq!(find_movement(&movement_uri(&movement)), Some(movement));
    }

    #[test]
    fn foreign_uris_name_nothing_of_ours() {
        for uri in [
            "",
            "urn:epc:id:sgln:4012345.00005.0",
            "https://id.kervan.example/place/",
            "https://id.kervan.example/place/XX",
        ] {
            assert_eq!(
                (find_place(uri), find_consignment(uri), find_movement(uri)),
                (None, None, None),
                "{uri}"
            );
        }
        assert_eq!(find_container("urn:epc:id:bic:CSQU3054384"), None);
        assert_eq!(ship_uri("123456"), None);
    }

    #[test]
    fn a_conveyance_is_always_a_uri() {
        let service: ServiceId = "S020R".parse().unwrap();
        let uri = conveyance_uri(&service, "2026-12-04 18:00\u{e9}");
        assert_eq!(uri, "https://id.kervan.example/conveyance/S020R/2026-12-04-18-00-");
    }
}
