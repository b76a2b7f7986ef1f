//! Texts that several documents write alike.

use crate::Inputs;
use crate::words::Speech;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kervan_codes::{ContainerNumber, PlaceCode};
use kervan_model::{Equipment, GoodsItem, Party, PartyRole};
use kervan_units::{Mass, Money};

/// A space that keeps a figure on one line.
const NO_BREAK_SPACE: char = '\u{a0}';

/// The civil date of an instant in UTC, as documents of several countries state it.
pub(crate) fn utc_date(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

/// The description of a goods item, as it is written first and in its other languages.
pub(crate) fn descriptions(item: &GoodsItem) -> Vec<String> {
    let others = item.descriptions.iter().map(|local| local.text.clone());
    [item.description.clone()].into_iter().chain(others).collect()
}

/// The marks on the packages of a goods item.
pub(crate) fn marks(item: &GoodsItem, speech: &Speech) -> Option<String> {
    item.marks.as_ref().map(|marks| format!("{}: {marks}", speech.goods_word("marks")))
}

/// Digits of a decimal in groups of three, as `18 420.50`: neither comma nor point groups, so no reader can mistake one.
pub(crate) fn grouped(decimal: &str) -> String {
    let (sign, unsigned) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(NO_BREAK_SPACE);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Kilograms with as many decimals as asked for. Range of `decimals`: 0 to 3.
pub(crate) fn kilograms(mass: Mass, decimals: usize) -> String {
    let exact = mass.to_kilogram_decimal();
    let (whole, fraction) = exact.split_once('.').unwrap_or((&exact, ""));
    match decimals {
        0 => grouped(&exact),
        _ => grouped(&format!("{whole}.{fraction:0<decimals$}")),
    }
}

/// The decimals that a column of masses needs, so that its points stand under each other.
pub(crate) fn decimals(masses: impl IntoIterator<Item = Mass>) -> usize {
    let needed = masses
        .into_iter()
        .map(|mass| mass.to_kilogram_decimal().split_once('.').map_or(0, |(_, fraction)| fraction.len()));
    needed.max().unwrap_or(0)
}

/// An amount with its digits grouped, without the currency.
pub(crate) fn amount(money: Money) -> String {
    grouped(&money.to_decimal())
}

/// An amount with its digits grouped and its currency.
pub(crate) fn amount_with_currency(money: Money) -> String {
    format!("{}{NO_BREAK_SPACE}{}", amount(money), money.currency())
}

/// A party by line: name and address as it writes them, the same in its other languages; country and identifier.
pub(crate) fn party_lines(party: &Party) -> Vec<String> {
    let identifier = party.identifier.as_ref().map(|id| format!(" · ID {id}")).unwrap_or_default();
    let others = party.names.iter().map(|local| match &local.address {
        Some(address) => format!("{}, {address}", local.name),
        None => local.name.clone(),
    });
    let first = [party.name.clone(), party.address.clone()].into_iter();
    first.chain(others).chain([format!("{}{identifier}", party.country)]).collect()
}

/// The party that plays a part, by line; empty if the copy does not show it.
pub(crate) fn find_party_lines(inputs: &Inputs<'_>, role: PartyRole) -> Vec<String> {
    inputs.consignment.find_party(role).map(party_lines).unwrap_or_default()
}

/// Name and code of a place: `Aktau (KZAAU)`.
pub(crate) fn place_with_code(inputs: &Inputs<'_>, code: &PlaceCode) -> String {
    let name = (inputs.place_name)(code);
    if name == code.as_str() { name } else { format!("{name} ({code})") }
}

/// Name of a place.
pub(crate) fn place(inputs: &Inputs<'_>, code: &PlaceCode) -> String {
    (inputs.place_name)(code)
}

/// `420 × carton`: number and kind of package.
pub(crate) fn packages(item: &GoodsItem, speech: &Speech) -> String {
    format!("{}{NO_BREAK_SPACE}× {}", grouped(&item.packages.to_string()), speech.package(&item.package_kind))
}

/// `UN 1266 PERFUMERY PRODUCTS, 3 (6.1), PG II`, if the goods are dangerous.
pub(crate) fn dangerous(item: &GoodsItem, speech: &Speech) -> Option<String> {
    let goods = item.dangerous.as_ref()?;
    let group = goods.packing_group.as_ref().map(|group| format!(", PG {group}")).unwrap_or_default();
    let name = goods.shipping_name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
    let further = if goods.subsidiary.is_empty() {
        String::new()
    } else {
        format!(" ({})", goods.subsidiary.join(", "))
    };
    let label = speech.goods_word("dangerous");
    Some(format!("{label}: UN {:04}{name}, {}{further}{group}", goods.un_number, goods.class))
}

/// The seals of a container: `CN48211 (consignor), KZ0081 (customs)`.
pub(crate) fn seals(equipment: &Equipment) -> String {
    let seals: Vec<String> =
        equipment.seals.iter().map(|seal| format!("{} ({})", seal.number, seal.affixed_by)).collect();
    seals.join(", ")
}

/// A container number as it is painted on the box: `CSQU 305438 3`.
pub(crate) fn container(number: &ContainerNumber) -> String {
    let text = number.as_str();
    match (text.get(..4), text.get(4..10), text.get(10..)) {
        (Some(owner), Some(serial), Some(check)) => {
            format!("{owner}{NO_BREAK_SPACE}{serial}{NO_BREAK_SPACE}{check}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        for (text, grouped_text) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1 000"),
            ("-1234567.50", "-1 234 567.50"),
            ("18420", "18 420"),
        ] {
            assert_eq!(grouped(text).replace(NO_BREAK_SPACE, " "), grouped_text);
        }
    }

    #[test]
    fn a_column_of_masses_shares_its_decimals() {
        let masses = [Mass::from_grams(18_420_500), Mass::from_grams(1_000)];
        let places = decimals(masses);
        let texts: Vec<String> =
            masses.iter().map(|mass| kilograms(*mass, places).replace(NO_BREAK_SPACE, " ")).collect();
        assert_eq!(texts, ["18 420.5", "1.0"]);
        assert_eq!(kilograms(Mass::from_grams(2_000_000), 0).replace(NO_BREAK_SPACE, " "), "2 000");
    }
}
