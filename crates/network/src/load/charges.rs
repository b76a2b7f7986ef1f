//! Rates of exchange, surcharges, handling and storage.

use super::acceptance::read_scopes;
use super::places::read_known_place;
use super::prices::{read_amount, read_basis};
use super::{Loading, rows_by_place};
use crate::table::{Row, scaled};
use crate::{ExchangeRate, HandlingRate, StorageRate, Surcharge, SurchargeAmount, SurchargeKind, TariffUnit};
use kervan_codes::PlaceCode;
use kervan_model::{Finding, Mode};
use std::collections::{BTreeMap, BTreeSet};

const EXCHANGE_COLUMNS: &[&str] = &["id", "day", "base", "quote", "rate", "source", "period", "confidence"];
const SURCHARGE_COLUMNS: &[&str] = &[
    "id",
    "kind",
    "service",
    "direction",
    "place",
    "mode",
    "class",
    "per",
    "amount_min",
    "amount_typ",
    "amount_max",
    "currency",
    "basis",
    "valid_from",
    "valid_to",
    "source",
    "period",
    "confidence",
    "note",
];
const HANDLING_COLUMNS: &[&str] = &[
    "id",
    "place",
    "from_mode",
    "to_mode",
    "at_origin",
    "at_destination",
    "per",
    "reefer",
    "amount_min",
    "amount_typ",
    "amount_max",
    "currency",
    "basis",
    "valid_from",
    "valid_to",
    "source",
    "period",
    "confidence",
    "note",
];
const STORAGE_COLUMNS: &[&str] = &[
    "id",
    "place",
    "per",
    "reefer",
    "from_day",
    "to_day",
    "amount_min",
    "amount_typ",
    "amount_max",
    "currency",
    "basis",
    "valid_from",
    "valid_to",
    "source",
    "period",
    "confidence",
    "note",
];

pub(super) fn load_exchange_rates(loading: &mut Loading) -> Vec<ExchangeRate> {
    let Some(table) = loading.table("exchange_rates.csv", EXCHANGE_COLUMNS) else { return Vec::new() };
    let mut rates: Vec<ExchangeRate> = Vec::new();
    for row in table.rows() {
        let Some(rate) = read_rate(&row, &mut loading.findings) else { continue };
        let same = |other: &ExchangeRate| {
            other.id == rate.id || (other.day, other.base, other.quote) == (rate.day, rate.base, rate.quote)
        };
        if rates.iter().any(same) {
            loading.findings.push(super::duplicate(&row, "id", &rate.id));
        } else {
            rates.push(rate);
        }
    }
    rates
}

fn read_rate(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<ExchangeRate> {
    let (id, day) = (row.required("id", findings), row.parse("day", findings));
    let (base, quote) = (row.parse("base", findings), row.parse("quote", findings));
    let rate = row.required("rate", findings).and_then(|text| {
        let billionths = scaled(text, 1e9).filter(|billionths| *billionths > 0);
        if billionths.is_none() {
            findings.push(row.bad("rate", format!("`{text}` is not a number above zero")));
        }
        billionths
    });
    let provenance = row.provenance(findings);
    let rate = ExchangeRate {
        id: id?.to_owned(),
        day: day?,
        base: base?,
        quote: quote?,
        billionths: rate?,
        provenance: provenance?,
        at: row.at(),
    };
    if rate.base == rate.quote {
        findings.push(row.bad("quote", "both currencies are the same"));
        return None;
    }
    Some(rate)
}

pub(super) fn load_surcharges(loading: &mut Loading) -> Vec<Surcharge> {
    let Some(table) = loading.table("surcharges.csv", SURCHARGE_COLUMNS) else { return Vec::new() };
    let mut surcharges = Vec::new();
    let mut ids = BTreeSet::new();
    for row in table.rows() {
        let scopes = read_scopes(&row, loading);
        let findings = &mut loading.findings;
        let id = row.required("id", findings);
        let kind = row.word("kind", SurchargeKind::WORDS, findings);
        let amount = read_surcharge_amount(&row, findings);
        let (basis, validity) = (read_basis(&row, "basis", findings), row.validity(findings));
        let provenance = row.provenance(findings);
        let (Some(id), Some(kind), Some(amount), Some(basis), Some(validity), Some(provenance)) =
            (id, kind, amount, basis, validity, provenance)
        else {
            continue;
        };
        if !ids.insert(id.to_owned()) {
            findings.push(super::duplicate(&row, "id", &id));
            continue;
        }
        surcharges.extend(scopes.into_iter().map(|scope| Surcharge {
            id: id.to_owned(),
            kind,
            scope,
            amount,
            basis,
            validity,
            provenance: provenance.clone(),
            note: row.text("note").to_owned(),
            at: row.at(),
        }));
    }
    surcharges
}

fn read_surcharge_amount(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<SurchargeAmount> {
    if row.text("per") == "percent" {
        let tenths = |text: &str| u32::try_from(scaled(text, 10.0)?).ok();
        return row.estimate("amount", tenths, findings).map(SurchargeAmount::OfFreight);
    }
    let per = row.word("per", TariffUnit::WORDS, findings);
    let (amount, currency) = read_amount(row, "amount", findings)?;
    Some(SurchargeAmount::PerUnit { per: per?, amount, currency })
}

pub(super) fn load_handling_rates(loading: &mut Loading) -> BTreeMap<PlaceCode, Vec<HandlingRate>> {
    rows_by_place(loading, "handling.csv", HANDLING_COLUMNS, read_handling, |rate| (&rate.id, &rate.place))
}

fn read_handling(row: &Row<'_>, loading: &mut Loading) -> Option<HandlingRate> {
    let modes: Vec<(&str, Mode)> = Mode::ALL.iter().map(|mode| (mode.word(), *mode)).collect();
    let place = read_known_place(row, "place", loading);
    let findings = &mut loading.findings;
    let id = row.required("id", findings);
    let from_mode = row.word_optional("from_mode", &modes, findings);
    let to_mode = row.word_optional("to_mode", &modes, findings);
    let at_origin = row.yes_or_empty("at_origin", findings);
    let at_destination = row.yes_or_empty("at_destination", findings);
    let per = row.word("per", TariffUnit::WORDS, findings);
    let reefer = row.yes_or_empty("reefer", findings);
    let priced = read_amount(row, "amount", findings);
    let (basis, validity) = (read_basis(row, "basis", findings), row.validity(findings));
    let provenance = row.provenance(findings);
    let (amount, currency) = priced?;
    Some(HandlingRate {
        id: id?.to_owned(),
        place: place?,
        from_mode: from_mode?,
        to_mode: to_mode?,
        at_origin: at_origin?,
        at_destination: at_destination?,
        per: per?,
        reefer: reefer?,
        amount,
        currency,
        basis: basis?,
        validity: validity?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}

pub(super) fn load_storage_rates(loading: &mut Loading) -> BTreeMap<PlaceCode, Vec<StorageRate>> {
    rows_by_place(loading, "storage.csv", STORAGE_COLUMNS, read_storage, |rate| (&rate.id, &rate.place))
}

fn read_storage(row: &Row<'_>, loading: &mut Loading) -> Option<StorageRate> {
    let place = read_known_place(row, "place", loading);
    let findings = &mut loading.findings;
    let id = row.required("id", findings);
    let per = row.word("per", TariffUnit::WORDS, findings);
    let reefer = row.yes_or_empty("reefer", findings);
    let from_day: Option<u32> = row.parse("from_day", findings);
    let to_day: Option<Option<u32>> = row.parse_optional("to_day", findings);
    let priced = read_amount(row, "amount", findings);
    let (basis, validity) = (read_basis(row, "basis", findings), row.validity(findings));
    let provenance = row.provenance(findings);
    let ((amount, currency), from_day, to_day) = (priced?, from_day?, to_day?);
    if from_day == 0 || to_day.is_some_and(|to| to < from_day) {
        findings.push(row.bad("to_day", "days count from 1, and the last is not before the first"));
        return None;
    }
    Some(StorageRate {
        id: id?.to_owned(),
        place: place?,
        per: per?,
        reefer: reefer?,
        from_day,
        to_day,
        amount,
        currency,
        basis: basis?,
        validity: validity?,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}
