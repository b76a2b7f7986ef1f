//! Containers and seals.

use super::Sheet;
use crate::element::Element;
use std::collections::BTreeMap;

fn list_equipment<'a>(sheet: &Sheet<'a>) -> Vec<&'a Element> {
    sheet.list_all(&["Consignment/TransportEquipment", "Consignment/Incident/TransportEquipment"])
}

fn own_equipment<'a>(sheet: &Sheet<'a>) -> Vec<&'a Element> {
    sheet.root().list_at("Consignment/TransportEquipment")
}

/// C0055: indicator and container numbers agree.
pub(super) fn container_indicator(sheet: &mut Sheet<'_>) {
    let Some(consignment) = sheet.root().find("Consignment") else { return };
    let Some(indicator) = consignment.find("containerIndicator") else { return };
    let numbers = consignment.list_at("TransportEquipment/containerIdentificationNumber");
    match indicator.text().trim() {
        "0" => {
            for number in numbers {
                let message = "a container number stands where the container indicator says none";
                sheet.raise(number, message, "no container number", number.text().trim());
            }
        }
        "1" if numbers.is_empty() => {
            sheet.raise(
                indicator,
                "the container indicator says containers, and no equipment has a number",
                "a container number",
                "none",
            );
        }
        _ => {}
    }
}

fn seal_count(equipment: &Element) -> Option<usize> {
    equipment.find_value("numberOfSeals")?.parse().ok()
}

/// C0569: seals stand where and only where their number is above 0.
pub(super) fn seals_listed(sheet: &mut Sheet<'_>) {
    for equipment in list_equipment(sheet) {
        match (seal_count(equipment), equipment.find("Seal")) {
            (Some(0), Some(seal)) => {
                sheet.raise(seal, "a seal is listed where the number of seals is 0", "no seal", "")
            }
            (Some(count), None) if count > 0 => {
                sheet.raise_missing(
                    equipment,
                    "Seal",
                    format!("the number of seals is {count}, and none is listed"),
                );
            }
            _ => {}
        }
    }
}

/// R0106: the number of seals is the number listed.
pub(super) fn seals_counted(sheet: &mut Sheet<'_>) {
    for equipment in list_equipment(sheet) {
        let listed = equipment.list("Seal").count();
        let number = equipment.find("numberOfSeals");
        if let (Some(count), Some(number)) = (seal_count(equipment), number)
            && listed > 0
            && count != listed
        {
            let message = format!("the number of seals is {count}, and {listed} are listed");
            sheet.raise(number, message, listed.to_string(), &count.to_string());
        }
    }
}

/// R0107: a seal stands once.
pub(super) fn seals_once(sheet: &mut Sheet<'_>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seal in own_equipment(sheet).iter().flat_map(|equipment| equipment.list_at("Seal/identifier")) {
        let count = seen.entry(seal.text().trim()).or_default();
        *count += 1;
        if *count > 1 {
            sheet.raise(seal, "the seal is listed already", "another seal", seal.text().trim());
        }
    }
}

/// R0448: equipment has a container number or a seal.
pub(super) fn neither_container_nor_seal(sheet: &mut Sheet<'_>) {
    for equipment in list_equipment(sheet) {
        let number = equipment.find("numberOfSeals");
        if let (Some(0), None, Some(number)) =
            (seal_count(equipment), equipment.find("containerIdentificationNumber"), number)
        {
            sheet.raise(
                number,
                "the equipment has neither a container number nor a seal",
                "1 or more seals",
                "0",
            );
        }
    }
}

/// C0670: equipment says which goods it holds, unless it is the only one and a container.
pub(super) fn goods_of_equipment(sheet: &mut Sheet<'_>) {
    let all = own_equipment(sheet);
    let numbered = |equipment: &Element| equipment.find("containerIdentificationNumber").is_some();
    if matches!(all.as_slice(), [only] if numbered(only)) {
        return;
    }
    for equipment in all {
        if equipment.find("GoodsReference").is_none() {
            let message = "the equipment does not say which goods it holds";
            sheet.raise_missing(equipment, "GoodsReference", message);
        }
    }
}
