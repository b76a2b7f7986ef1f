//! Attributions, customs unions, values of a day and border indicators.

use super::Loading;
use super::links::read_mode;
use crate::{Attribution, BorderIndicator, CustomsUnionMember, DayValue};
use kervan_units::{Currency, Money};

pub(super) fn load_attributions(loading: &mut Loading) -> Vec<Attribution> {
    let Some(table) = loading.table("attributions.csv", &["licence", "text", "files"]) else {
        return Vec::new();
    };
    let findings = &mut loading.findings;
    let read = |row: crate::table::Row<'_>| {
        let (licence, text) = (row.required("licence", findings), row.required("text", findings));
        let files = row.required("files", findings)?.split(';').map(|file| file.trim().to_owned()).collect();
        Some(Attribution { text: text?.to_owned(), licence: licence?.to_owned(), files })
    };
    table.rows().filter_map(read).collect()
}

pub(super) fn load_customs_unions(loading: &mut Loading) -> Vec<CustomsUnionMember> {
    let columns = ["union", "country", "since", "source", "period", "confidence"];
    let Some(table) = loading.table("customs_unions.csv", &columns) else { return Vec::new() };
    let findings = &mut loading.findings;
    let read = |row: crate::table::Row<'_>| {
        let (union, country) = (row.required("union", findings), row.parse("country", findings));
        let provenance = row.provenance(findings);
        Some(CustomsUnionMember { union: union?.to_owned(), country: country?, provenance: provenance? })
    };
    table.rows().filter_map(read).collect()
}

pub(super) fn load_day_values(loading: &mut Loading) -> Vec<DayValue> {
    let columns = ["id", "amount", "currency", "per", "source", "period", "confidence", "note"];
    let Some(table) = loading.table("day_values.csv", &columns) else { return Vec::new() };
    let findings = &mut loading.findings;
    let read = |row: crate::table::Row<'_>| {
        let (id, currency) = (row.required("id", findings), row.parse::<Currency>("currency", findings));
        let per = row.word("per", &[("teu", ())], findings);
        let provenance = row.provenance(findings);
        let (text, currency) = (row.required("amount", findings)?, currency?);
        let amount = Money::from_decimal(text, currency).ok().filter(|amount| amount.minor() >= 0);
        if amount.is_none() {
            findings.push(row.bad("amount", format!("`{text}` is not an amount of {currency}")));
        }
        per?;
        Some(DayValue { id: id?.to_owned(), per_teu: amount?, provenance: provenance? })
    };
    table.rows().filter_map(read).collect()
}

pub(super) fn load_border_indicators(loading: &mut Loading) -> Vec<BorderIndicator> {
    let columns = [
        "id",
        "country",
        "crossing",
        "mode",
        "direction",
        "indicator",
        "year",
        "value",
        "unit",
        "source",
        "period",
        "confidence",
    ];
    let Some(table) = loading.table("border_times.csv", &columns) else { return Vec::new() };
    let findings = &mut loading.findings;
    let read = |row: crate::table::Row<'_>| {
        let (id, country) = (row.required("id", findings), row.parse_optional("country", findings));
        let (crossing, mode) = (row.required("crossing", findings), read_mode(&row, "mode", findings));
        let (direction, indicator) =
            (row.required("direction", findings), row.required("indicator", findings));
        let (year, unit) = (row.parse("year", findings), row.required("unit", findings));
        let value: Option<f64> = row.parse("value", findings);
        let provenance = row.provenance(findings);
        value?;
        Some(BorderIndicator {
            id: id?.to_owned(),
            country: country?,
            crossing: crossing?.to_owned(),
            mode: mode?,
            direction: direction?.to_owned(),
            indicator: indicator?.to_owned(),
            year: year?,
            value: row.text("value").to_owned(),
            unit: unit?.to_owned(),
            provenance: provenance?,
        })
    };
    table.rows().filter_map(read).collect()
}
