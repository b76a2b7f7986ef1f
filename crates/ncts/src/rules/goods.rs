//! Masses.

use super::Sheet;
use super::lists::is_of_list;
use crate::element::Element;

/// A mass in millionths of a kilogram, as fine as messages have it. Nothing if the text is no such number: the schema says so.
fn micro(text: &str) -> Option<u128> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if whole.is_empty()
        || whole.len() > 20
        || fraction.len() > 6
        || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let whole: u128 = whole.parse().ok()?;
    let fraction: u128 = format!("{fraction:0<6}").parse().ok()?;
    Some(whole * 1_000_000 + fraction)
}

/// Kilograms of millionths, for people.
fn kilograms(micro: u128) -> String {
    let (whole, rest) = (micro / 1_000_000, micro % 1_000_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:06}").trim_end_matches('0').to_owned() }
}

fn not_below(sheet: &mut Sheet<'_>, total: Option<&Element>, parts: &[&Element], of: &str) {
    let Some(total) = total else { return };
    let sum: Option<u128> = parts.iter().map(|part| micro(part.text())).sum();
    if let (Some(mass), Some(sum)) = (micro(total.text()), sum)
        && mass < sum
    {
        let message =
            format!("the gross mass is {} kg, and its {of} have {} kg", kilograms(mass), kilograms(sum));
        sheet.raise(total, message, format!("at least {}", kilograms(sum)), total.text().trim());
    }
}

/// R0994: the consignment weighs no less than its house consignments.
pub(super) fn consignment_mass(sheet: &mut Sheet<'_>) {
    let parts = sheet.root().list_at("Consignment/HouseConsignment/grossMass");
    not_below(sheet, sheet.root().at("Consignment/grossMass"), &parts, "house consignments");
}

/// R0983: a house consignment weighs no less than its items.
pub(super) fn house_mass(sheet: &mut Sheet<'_>) {
    for house in sheet.houses() {
        let parts = house.list_at("ConsignmentItem/Commodity/GoodsMeasure/grossMass");
        not_below(sheet, house.find("grossMass"), &parts, "items");
    }
}

/// R0223: net is not above gross.
pub(super) fn net_and_gross(sheet: &mut Sheet<'_>) {
    for item in sheet.items() {
        let (Some(gross), Some(net)) =
            (item.at("Commodity/GoodsMeasure/grossMass"), item.at("Commodity/GoodsMeasure/netMass"))
        else {
            continue;
        };
        if let (Some(most), Some(mass)) = (micro(gross.text()), micro(net.text()))
            && most > 0
            && mass > most
        {
            let message = format!(
                "the net mass of {} kg is above the gross mass of {} kg",
                kilograms(mass),
                kilograms(most)
            );
            sheet.raise(net, message, format!("at most {}", kilograms(most)), net.text().trim());
        }
    }
}

/// Export declaration, as a previous document.
const EXPORT: &str = "N830";

/// C0837: needed after an export declaration, not given with the reduced data set.
pub(super) fn net_mass(sheet: &mut Sheet<'_>) {
    let reduced = sheet.message.find_value("TransitOperation/reducedDatasetIndicator") == Some("1");
    for house in sheet.houses() {
        let exported = house.list_at("PreviousDocument/type").iter().any(|kind| kind.text().trim() == EXPORT);
        for measure in house.list_at("ConsignmentItem/Commodity/GoodsMeasure") {
            match measure.find("netMass") {
                None if exported => {
                    let message = "goods of an export declaration (N830) have a net mass";
                    sheet.raise_missing(measure, "netMass", message);
                }
                Some(net) if reduced && !exported => {
                    let message = "the net mass is not given with the reduced data set";
                    sheet.raise(net, message, "nothing", net.text().trim());
                }
                _ => {}
            }
        }
    }
}

/// Declarations of Union goods, and the documents that show their status. Source: `lists.csv`.
const OF_UNION_GOODS: [&str; 2] = ["T2", "T2F"];
const STATUS_DOCUMENTS: &str = "CL178";
const COMMON_TRANSIT_ONLY: &str = "CL112";

/// R0020: Union goods that leave a common transit country have a previous document that shows their status, at any level.
pub(super) fn union_goods(sheet: &mut Sheet<'_>) {
    let departure = sheet.message.find_value("CustomsOfficeOfDeparture/referenceNumber");
    if !departure.and_then(|office| office.get(..2)).is_some_and(|land| is_of_list(COMMON_TRANSIT_ONLY, land))
    {
        return;
    }
    let shows = |element: &Element| {
        let mut kinds = element.list_at("PreviousDocument/type").into_iter();
        kinds.any(|kind| is_of_list(STATUS_DOCUMENTS, kind.text().trim()))
    };
    let is_union = |kind: Option<&str>| kind.is_some_and(|kind| OF_UNION_GOODS.contains(&kind));
    let whole = is_union(sheet.message.find_value("TransitOperation/declarationType"));
    if sheet.root().at("Consignment").is_some_and(shows) {
        return;
    }
    for house in sheet.houses().into_iter().filter(|house| !shows(house)) {
        for item in house.list("ConsignmentItem") {
            if (whole || is_union(item.find_value("declarationType"))) && !shows(item) {
                let message = "the item is declared as Union goods, and no previous document shows that";
                sheet.raise_missing(item, "PreviousDocument", message);
            }
        }
    }
}
