//! What a learned score sees of a case: whole numbers that stand in the declaration, and what the rules said.

use crate::{Act, Case, Decision};

/// The features, in the order of [`features_of`].
pub const FEATURES: &[&str] = &[
    "gross_mass_kg",
    "value_minor_per_kg",
    "packages",
    "goods_items",
    "containers",
    "chapter_of_first_item",
    "consignor_without_number",
    "consignee_without_number",
    "attached_documents",
    "errors_of_other_checks",
    "dangerous_items",
    "grams_per_package",
    "hours_from_lodging_to_entry",
    "countries_on_the_way",
    "notes_of_rules",
    "objections_of_rules",
];

/// The features of a case that rules have decided. Nothing about who a party is goes into them but whether it has a number:
/// a score must not learn names or origins.
pub fn features_of(case: &Case, decision: &Decision) -> Vec<i64> {
    let declared = &case.declaration;
    let int = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let gross = i64::try_from(declared.gross_mass.grams()).unwrap_or(i64::MAX);
    let kilograms = gross / 1_000;
    let packages = i64::try_from(declared.packages).unwrap_or(i64::MAX);
    let value = declared.value.map_or(0, |value| value.minor());
    let without = |trader: &Option<crate::Trader>| {
        i64::from(trader.as_ref().is_none_or(|trader| trader.identifier.is_none()))
    };
    let notes = decision.findings.iter().filter(|finding| finding.severity == kervan_model::Severity::Info);
    let objections =
        decision.findings.iter().filter(|finding| finding.severity > kervan_model::Severity::Info);
    let errors = case.consistency.iter().filter(|finding| finding.severity == kervan_model::Severity::Error);
    vec![
        kilograms,
        value / kilograms.max(1),
        packages,
        int(declared.goods.len()),
        int(declared.equipment.len()),
        declared.goods.first().map_or(0, |item| i64::from(item.hs.chapter())),
        without(&declared.consignor),
        without(&declared.consignee),
        int(case.attachments.len()),
        int(errors.count()),
        int(declared.goods.iter().filter(|item| item.dangerous.is_some()).count()),
        gross / packages.max(1),
        (declared.enters.as_second() - case.lodged.as_second()) / 3_600,
        int(declared.countries_of_routing.len()),
        int(notes.count()),
        int(objections.count()) + i64::from(decision.acts.contains(&Act::Hold)),
    ]
}
