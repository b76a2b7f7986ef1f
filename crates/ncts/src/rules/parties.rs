//! Parties: identification, or name and address.

use super::Sheet;
use crate::element::Element;

fn named_parties<'a>(sheet: &Sheet<'a>) -> Vec<&'a Element> {
    sheet.list_all(&[
        "HolderOfTheTransitProcedure",
        "Consignment/Consignor",
        "Consignment/Consignee",
        "Consignment/HouseConsignment/Consignor",
        "Consignment/HouseConsignment/Consignee",
    ])
}

/// C0250: who has no identification has name and address.
pub(super) fn name_and_address(sheet: &mut Sheet<'_>) {
    for party in named_parties(sheet) {
        if party.find("identificationNumber").is_some()
            || party.find("TIRHolderIdentificationNumber").is_some()
        {
            continue;
        }
        for name in ["name", "Address"] {
            if party.find(name).is_none() {
                sheet.raise_missing(
                    party,
                    name,
                    format!("{} has no identification and needs {name}", party.name()),
                );
            }
        }
    }
}

/// R0850: the shape of an identification. That of a consignee may be another (R0851).
pub(super) fn identification(sheet: &mut Sheet<'_>) {
    let parties = [
        "HolderOfTheTransitProcedure",
        "Representative",
        "TraderAtDestination",
        "Consignment/Consignor",
        "Consignment/HouseConsignment/Consignor",
        "Consignment/LocationOfGoods/EconomicOperator",
    ];
    for number in sheet.list_all(&parties).into_iter().filter_map(|party| party.find("identificationNumber"))
    {
        let text = number.text().trim();
        let shaped = (3..=17).contains(&text.len())
            && text.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !shaped && !text.is_empty() {
            sheet.raise(
                number,
                "the identification does not have the shape of one",
                "country and 1 to 15 visible characters",
                text,
            );
        }
    }
}
