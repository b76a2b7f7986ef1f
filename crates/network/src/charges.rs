//! What is paid besides the freight: surcharges, handling per move, and storage after the free days.

use crate::limits::MOST_STORAGE_DAYS;
use crate::{Network, Place, RowAt, Scope, Service, TariffUnit, Validity};
use jiff::civil::Date;
use kervan_codes::PlaceCode;
use kervan_model::{CostBasis, Mode, Provenance};
use kervan_units::{Currency, Estimate};

/// Something added to the price of a ride or of a stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surcharge {
    /// Id of the row.
    pub id: String,
    /// What it is for.
    pub kind: SurchargeKind,
    /// Where it is due.
    pub scope: Scope,
    /// How much.
    pub amount: SurchargeAmount,
    /// What the amount rests on.
    pub basis: CostBasis,
    /// When it holds.
    pub validity: Validity,
    /// Where the amount comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// What a surcharge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SurchargeKind {
    /// Fuel and bunkers.
    Fuel,
    /// Security of ports and ships.
    Security,
    /// A crowded place.
    Congestion,
    /// War and piracy.
    WarRisk,
    /// Only for dangerous goods.
    DangerousGoods,
    /// Only for goods under temperature control.
    Reefer,
}

impl SurchargeKind {
    /// Every kind with its word in the tables.
    pub const WORDS: &'static [(&'static str, SurchargeKind)] = &[
        ("fuel", Self::Fuel),
        ("security", Self::Security),
        ("congestion", Self::Congestion),
        ("war_risk", Self::WarRisk),
        ("dangerous_goods", Self::DangerousGoods),
        ("reefer", Self::Reefer),
    ];

    /// The word used in the tables, with spaces for people.
    pub fn in_words(self) -> String {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word).replace('_', " ")
    }
}

/// How much a surcharge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurchargeAmount {
    /// An amount per unit. Unit: minor unit of the currency.
    PerUnit {
        /// What it is due for.
        per: TariffUnit,
        /// How much.
        amount: Estimate<i64>,
        /// In which currency.
        currency: Currency,
    },
    /// A share of the freight. Unit: tenth of a percent.
    OfFreight(Estimate<u32>),
}

/// The price of one move of a unit at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlingRate {
    /// Id of the row.
    pub id: String,
    /// Where.
    pub place: PlaceCode,
    /// Mode it comes by; `None` for any.
    pub from_mode: Option<Mode>,
    /// Mode it leaves by; `None` for any.
    pub to_mode: Option<Mode>,
    /// Only where the journey starts here.
    pub at_origin: bool,
    /// Only where the journey ends here.
    pub at_destination: bool,
    /// What is moved.
    pub per: TariffUnit,
    /// Only for equipment under temperature control.
    pub reefer: bool,
    /// The amount. Unit: minor unit of `currency`.
    pub amount: Estimate<i64>,
    /// Its currency.
    pub currency: Currency,
    /// What the amount rests on.
    pub basis: CostBasis,
    /// When it holds.
    pub validity: Validity,
    /// Where the amount comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

/// What a day of storage costs, for a range of days since arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageRate {
    /// Id of the row.
    pub id: String,
    /// Where.
    pub place: PlaceCode,
    /// What is stored.
    pub per: TariffUnit,
    /// Only for equipment under temperature control.
    pub reefer: bool,
    /// First day it is due for; the day of arrival is day 1.
    pub from_day: u32,
    /// Last day it is due for; `None` without end.
    pub to_day: Option<u32>,
    /// The amount per day; zero for free days. Unit: minor unit of `currency`.
    pub amount: Estimate<i64>,
    /// Its currency.
    pub currency: Currency,
    /// What the amount rests on.
    pub basis: CostBasis,
    /// When it holds.
    pub validity: Validity,
    /// Where the amount comes from.
    pub provenance: Provenance,
    /// Remark for people; empty if there is none.
    pub note: String,
    /// Its row.
    pub at: RowAt,
}

impl StorageRate {
    /// For how many of the first `days` this rate is due.
    pub fn days_due(&self, days: u32) -> u32 {
        let last = self.to_day.unwrap_or(u32::MAX).min(days.min(MOST_STORAGE_DAYS));
        (last + 1).saturating_sub(self.from_day)
    }
}

/// What a move at a place is like, to find its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveCase {
    /// Mode of the arriving service; `None` at the origin.
    pub from_mode: Option<Mode>,
    /// Mode of the departing service; `None` at the destination.
    pub to_mode: Option<Mode>,
    /// What is moved.
    pub per: TariffUnit,
    /// Whether it is under temperature control.
    pub reefer: bool,
    /// The day.
    pub day: Date,
}

impl Network {
    /// Every surcharge, in the order of the table.
    pub fn list_surcharges(&self) -> impl Iterator<Item = &Surcharge> {
        self.surcharges.iter()
    }

    /// The surcharges on a ride that hold on a day. All of them are due together.
    pub fn surcharges_of_service(&self, service: &Service, day: Date) -> impl Iterator<Item = &Surcharge> {
        self.surcharges
            .iter()
            .filter(move |row| row.validity.holds_on(day) && row.scope.is_of_service(service))
    }

    /// The surcharges of a place that hold on a day. All of them are due together.
    pub fn surcharges_of_place(&self, place: &Place, day: Date) -> impl Iterator<Item = &Surcharge> {
        self.surcharges.iter().filter(move |row| row.validity.holds_on(day) && row.scope.is_of_place(place))
    }

    /// Every price of a move, by place.
    pub fn list_handling_rates(&self) -> impl Iterator<Item = &HandlingRate> {
        self.handling_rates.values().flatten()
    }

    /// The price of a move: the row that names the case most closely, and of equals the latest.
    pub fn find_handling_rate(&self, place: &PlaceCode, case: MoveCase) -> Option<&HandlingRate> {
        let fits = |row: &&HandlingRate| {
            row.per == case.per
                && row.validity.holds_on(case.day)
                && row.from_mode.is_none_or(|mode| Some(mode) == case.from_mode)
                && row.to_mode.is_none_or(|mode| Some(mode) == case.to_mode)
                && (!row.at_origin || case.from_mode.is_none())
                && (!row.at_destination || case.to_mode.is_none())
                && (!row.reefer || case.reefer)
        };
        let closeness = |row: &&HandlingRate| {
            let named = [
                row.from_mode.is_some(),
                row.to_mode.is_some(),
                row.at_origin,
                row.at_destination,
                row.reefer,
            ];
            (named.into_iter().filter(|named| *named).count(), row.validity.from)
        };
        self.handling_rates.get(place).into_iter().flatten().filter(fits).max_by_key(closeness)
    }

    /// Every price of storage, by place.
    pub fn list_storage_rates(&self) -> impl Iterator<Item = &StorageRate> {
        self.storage_rates.values().flatten()
    }

    /// The prices of storing a unit at a place on a day, one for each range of days; those for reefers go before the others.
    pub fn storage_rates_of(
        &self,
        place: &PlaceCode,
        per: TariffUnit,
        reefer: bool,
        day: Date,
    ) -> Vec<&StorageRate> {
        let of = |for_reefers: bool| -> Vec<&StorageRate> {
            let rows = self.storage_rates.get(place).into_iter().flatten();
            rows.filter(|row| row.per == per && row.reefer == for_reefers && row.validity.holds_on(day))
                .collect()
        };
        let own = if reefer { of(true) } else { Vec::new() };
        if own.is_empty() { of(false) } else { own }
    }
}
