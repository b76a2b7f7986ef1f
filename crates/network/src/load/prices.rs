//! Tariffs, with the per-kilometre defaults turned into amounts, and emission factors.

use super::Loading;
use super::links::read_mode;
use super::services::read_class;
use crate::table::{Row, scaled};
use crate::{Cargo, EmissionFactor, Load, RowAt, Service, Tariff, TariffUnit, Traction};
use jiff::civil::Date;
use kervan_codes::CountryCode;
use kervan_model::{Confidence, CostBasis, Finding, Mode, Provenance, ServiceId, TrafficClass};
use kervan_units::{Currency, Distance, Estimate, Money};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

const TARIFF_COLUMNS: &[&str] = &[
    "id",
    "service",
    "direction",
    "mode",
    "class",
    "per",
    "load",
    "cargo",
    "origin",
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
const EMISSION_COLUMNS: &[&str] = &[
    "id",
    "mode",
    "traction",
    "country",
    "g_per_tkm_min",
    "g_per_tkm_typ",
    "g_per_tkm_max",
    "source",
    "period",
    "confidence",
];

/// Units that price a kilometre, and what the amount is for once the distance is known.
const PER_KILOMETRE: &[(&str, TariffUnit)] =
    &[("teu_km", TariffUnit::Teu), ("feu_km", TariffUnit::Feu), ("truck_km", TariffUnit::Truck)];

/// What a row says, before it is put on the services it is about.
struct TariffRow {
    id: String,
    per: TariffUnit,
    load: Load,
    cargo: Cargo,
    origin: Option<CountryCode>,
    amount: Estimate<i64>,
    currency: Currency,
    basis: CostBasis,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    provenance: Provenance,
    note: String,
    at: RowAt,
}

impl TariffRow {
    fn on(&self, service: &ServiceId, amount: Estimate<i64>) -> Tariff {
        Tariff {
            id: self.id.clone(),
            service: service.clone(),
            per: self.per,
            load: self.load,
            cargo: self.cargo,
            origin: self.origin,
            amount,
            currency: self.currency,
            basis: self.basis,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            provenance: self.provenance.clone(),
            note: self.note.clone(),
            at: self.at,
        }
    }
}

/// A default for all services of a mode and class that have no price of their own.
struct Default {
    mode: Mode,
    class: TrafficClass,
    row: TariffRow,
}

pub(super) fn load_tariffs(loading: &mut Loading) -> BTreeMap<ServiceId, Vec<Tariff>> {
    let mut tariffs: BTreeMap<ServiceId, Vec<Tariff>> = BTreeMap::new();
    let Some(table) = loading.table("tariffs.csv", TARIFF_COLUMNS) else { return tariffs };
    let mut defaults = Vec::new();
    let mut ids = BTreeSet::new();
    for row in table.rows() {
        let per_kilometre = PER_KILOMETRE.iter().any(|(word, _)| *word == row.text("per"));
        let Some(read) = read_tariff(&row, per_kilometre, &mut loading.findings) else { continue };
        if !ids.insert(read.id.clone()) {
            loading.findings.push(super::duplicate(&row, "id", &read.id));
        } else if per_kilometre {
            let mode = read_mode(&row, "mode", &mut loading.findings);
            let class = read_class(&row, &mut loading.findings);
            if let (Some(mode), Some(class)) = (mode, class) {
                defaults.push(Default { mode, class, row: read });
            }
        } else {
            for service in read_directions(&row, loading) {
                let tariff = read.on(&service, read.amount);
                tariffs.entry(service).or_default().push(tariff);
            }
        }
    }
    for service in loading.services.values() {
        if tariffs.contains_key(&service.id) {
            continue;
        }
        let of_whole = service.part_of.as_ref().and_then(|whole| tariffs.get(whole));
        let prices = match of_whole {
            Some(of_whole) => shares_of_whole(service, of_whole, loading),
            None => from_defaults(service, &defaults, loading),
        };
        if !prices.is_empty() {
            tariffs.insert(service.id.clone(), prices);
        }
    }
    tariffs
}

/// The prices of a part of a service: those of the whole, by the share of its typical distance.
fn shares_of_whole(part: &Service, of_whole: &[Tariff], loading: &Loading) -> Vec<Tariff> {
    let metres = |service: &Service| -> u64 {
        let links = service.links.iter().filter_map(|id| loading.links.get(id));
        links.map(|link| link.distance.typ().metres()).sum()
    };
    let whole = part.part_of.as_ref().and_then(|id| loading.services.get(id)).map_or(0, metres);
    let share = metres(part) as f64 / whole.max(1) as f64;
    let derived = |tariff: &Tariff| Tariff {
        service: part.id.clone(),
        amount: tariff.amount.map(|minor| (minor as f64 * share).round() as i64),
        basis: tariff.basis.max(CostBasis::Derived),
        provenance: Provenance {
            source: format!("share of the distance of {}; {}", tariff.service, tariff.provenance.source),
            confidence: Confidence::Low,
            ..tariff.provenance.clone()
        },
        ..tariff.clone()
    };
    of_whole.iter().map(derived).collect()
}

fn read_tariff(row: &Row<'_>, per_kilometre: bool, findings: &mut Vec<Finding>) -> Option<TariffRow> {
    let id = row.required("id", findings);
    let units: Vec<(&str, TariffUnit)> =
        TariffUnit::WORDS.iter().chain(if per_kilometre { PER_KILOMETRE } else { &[] }).copied().collect();
    let per = row.word("per", &units, findings);
    let load = row.word("load", Load::WORDS, findings);
    let cargo = row.word("cargo", Cargo::WORDS, findings);
    let origin = row.parse_optional("origin", findings);
    let priced = read_amount(row, "amount", findings);
    let basis = read_basis(row, "basis", findings);
    let validity = row.validity(findings);
    let provenance = row.provenance(findings);
    let ((amount, currency), validity) = (priced?, validity?);
    Some(TariffRow {
        id: id?.to_owned(),
        per: per?,
        load: load?,
        cargo: cargo?,
        origin: origin?,
        amount,
        currency,
        basis: basis?,
        valid_from: validity.from,
        valid_to: validity.to,
        provenance: provenance?,
        note: row.text("note").to_owned(),
        at: row.at(),
    })
}

/// The directed services that a row is about, by its `service` and `direction`.
pub(super) fn read_directions(row: &Row<'_>, loading: &mut Loading) -> Vec<ServiceId> {
    #[derive(Clone, Copy)]
    enum Way {
        Both,
        Forward,
        Back,
    }
    let words = [("both", Way::Both), ("forward", Way::Forward), ("back", Way::Back)];
    let findings = &mut loading.findings;
    let forward: Option<ServiceId> = row.parse("service", findings);
    let (Some(forward), Some(way)) = (forward, row.word("direction", &words, findings)) else {
        return Vec::new();
    };
    let back = ServiceId::from_str(&format!("{forward}R")).ok();
    let wanted: Vec<ServiceId> = match way {
        Way::Forward => vec![forward.clone()],
        Way::Back => back.into_iter().collect(),
        Way::Both => std::iter::once(forward.clone()).chain(back).collect(),
    };
    let known: Vec<ServiceId> = wanted.into_iter().filter(|id| loading.services.contains_key(id)).collect();
    if known.is_empty() {
        loading.findings.push(
            Finding::error("network.unknown-service", format!("no usable service `{forward}` goes this way"))
                .at(row.path("service"))
                .remedy("correct the id, or repair the service's own row"),
        );
    }
    known
}

/// Reads three amounts of one currency in major units.
pub(super) fn read_amount(
    row: &Row<'_>,
    prefix: &str,
    findings: &mut Vec<Finding>,
) -> Option<(Estimate<i64>, Currency)> {
    let currency: Currency = row.parse("currency", findings)?;
    let minor =
        |text: &str| Money::from_decimal(text, currency).ok().map(Money::minor).filter(|minor| *minor >= 0);
    Some((row.estimate(prefix, minor, findings)?, currency))
}

/// Reads what an amount rests on.
pub(super) fn read_basis(row: &Row<'_>, column: &str, findings: &mut Vec<Finding>) -> Option<CostBasis> {
    let words = [
        ("published", CostBasis::Published),
        ("derived", CostBasis::Derived),
        ("judgement", CostBasis::Judgement),
    ];
    row.word(column, &words, findings)
}

/// The default amounts of a service over its typical distance.
fn from_defaults(service: &Service, defaults: &[Default], loading: &Loading) -> Vec<Tariff> {
    let distance: Distance =
        service.links.iter().filter_map(|id| loading.links.get(id)).map(|link| link.distance.typ()).sum();
    let over = |per_km: i64| (per_km as f64 * distance.as_kilometres_f64()).round() as i64;
    let fitting = defaults.iter().filter(|d| d.mode == service.mode && d.class == service.class);
    fitting.map(|default| default.row.on(&service.id, default.row.amount.map(over))).collect()
}

pub(super) fn load_emission_factors(loading: &mut Loading) -> Vec<EmissionFactor> {
    let mut factors: Vec<EmissionFactor> = Vec::new();
    let Some(table) = loading.table("emission_factors.csv", EMISSION_COLUMNS) else { return factors };
    for row in table.rows() {
        let findings = &mut loading.findings;
        let Some(factor) = read_emission_factor(&row, findings) else { continue };
        let same = |other: &EmissionFactor| {
            other.id == factor.id
                || (other.mode, other.traction, other.country)
                    == (factor.mode, factor.traction, factor.country)
        };
        if factors.iter().any(same) {
            findings.push(super::duplicate(&row, "id", &factor.id));
        } else {
            factors.push(factor);
        }
    }
    factors
}

fn read_emission_factor(row: &Row<'_>, findings: &mut Vec<Finding>) -> Option<EmissionFactor> {
    let id = row.required("id", findings);
    let mode = read_mode(row, "mode", findings);
    let traction = row.word_optional("traction", Traction::WORDS, findings);
    let country = row.parse_optional("country", findings);
    let mg_per_tkm = row.estimate("g_per_tkm", |text| scaled(text, 1e3), findings);
    let provenance = row.provenance(findings);
    Some(EmissionFactor {
        id: id?.to_owned(),
        mode: mode?,
        traction: traction?,
        country: country?,
        mg_per_tkm: mg_per_tkm?,
        provenance: provenance?,
        at: row.at(),
    })
}
