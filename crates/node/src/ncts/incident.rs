//! Incidents of message CC182C, read and written.

use kervan_customs::{Endorsement, Incident, IncidentEquipment, IncidentLocation, Transhipment};
use kervan_ncts::{Element, Message};

fn text(element: &Element, path: &str) -> String {
    find(element, path).unwrap_or_default()
}

fn find(element: &Element, path: &str) -> Option<String> {
    element.find_value(path).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn list(element: &Element, path: &str) -> Vec<String> {
    element.list_at(path).iter().map(|value| value.text().trim().to_owned()).collect()
}

/// Every incident that a message tells of.
pub(super) fn read_incidents(message: &Message) -> Vec<Incident> {
    message.root.list_at("Consignment/Incident").into_iter().map(read_incident).collect()
}

fn read_incident(element: &Element) -> Incident {
    let pair = |path: &str, left: &str, right: &str| {
        element.at(path).map(|group| (text(group, left), text(group, right)))
    };
    Incident {
        code: text(element, "code"),
        text: text(element, "text"),
        location: IncidentLocation {
            qualifier: text(element, "Location/qualifierOfIdentification"),
            country: text(element, "Location/country"),
            place: find(element, "Location/UNLocode"),
            point: pair("Location/GNSS", "latitude", "longitude"),
            address: element.at("Location/Address").map(|address| {
                (text(address, "streetAndNumber"), find(address, "postcode"), text(address, "city"))
            }),
        },
        endorsement: element.find("Endorsement").map(|endorsement| Endorsement {
            date: text(endorsement, "date"),
            authority: text(endorsement, "authority"),
            place: text(endorsement, "place"),
            country: text(endorsement, "country"),
        }),
        equipment: element
            .list("TransportEquipment")
            .map(|equipment| IncidentEquipment {
                container: find(equipment, "containerIdentificationNumber"),
                number_of_seals: find(equipment, "numberOfSeals"),
                seals: list(equipment, "Seal/identifier"),
                goods: list(equipment, "GoodsReference/declarationGoodsItemNumber"),
            })
            .collect(),
        transhipment: element.find("Transhipment").map(|transhipment| Transhipment {
            in_containers: text(transhipment, "containerIndicator"),
            kind: text(transhipment, "TransportMeans/typeOfIdentification"),
            identification: text(transhipment, "TransportMeans/identificationNumber"),
            nationality: text(transhipment, "TransportMeans/nationality"),
        }),
    }
}

/// An incident as a group of the message; the message numbers its groups.
pub(super) fn write_incident(incident: &Incident) -> Element {
    let endorsement = incident.endorsement.as_ref().map(|endorsement| {
        Element::group("Endorsement")
            .field("date", &endorsement.date)
            .field("authority", &endorsement.authority)
            .field("place", &endorsement.place)
            .field("country", &endorsement.country)
    });
    let transhipment = incident.transhipment.as_ref().map(|transhipment| {
        let means = Element::group("TransportMeans")
            .field("typeOfIdentification", &transhipment.kind)
            .field("identificationNumber", &transhipment.identification)
            .field("nationality", &transhipment.nationality);
        Element::group("Transhipment").field("containerIndicator", &transhipment.in_containers).with(means)
    });
    Element::group("Incident")
        .field("code", &incident.code)
        .field("text", &incident.text)
        .with_if(endorsement)
        .with(write_location(&incident.location))
        .with_all(incident.equipment.iter().map(write_equipment))
        .with_if(transhipment)
}

fn write_location(location: &IncidentLocation) -> Element {
    let point = location.point.as_ref().map(|(latitude, longitude)| {
        Element::group("GNSS").field("latitude", latitude).field("longitude", longitude)
    });
    let address = location.address.as_ref().map(|(street, postcode, city)| {
        let street = Element::group("Address").field("streetAndNumber", street);
        street.field_if("postcode", postcode.as_ref()).field("city", city)
    });
    Element::group("Location")
        .field("qualifierOfIdentification", &location.qualifier)
        .field_if("UNLocode", location.place.as_ref())
        .field("country", &location.country)
        .with_if(point)
        .with_if(address)
}

fn write_equipment(equipment: &IncidentEquipment) -> Element {
    let seals = equipment.seals.iter().map(|seal| Element::group("Seal").field("identifier", seal));
    let goods = equipment
        .goods
        .iter()
        .map(|number| Element::group("GoodsReference").field("declarationGoodsItemNumber", number));
    Element::group("TransportEquipment")
        .field_if("containerIdentificationNumber", equipment.container.as_ref())
        .field_if("numberOfSeals", equipment.number_of_seals.as_ref())
        .with_all(seals)
        .with_all(goods)
}
