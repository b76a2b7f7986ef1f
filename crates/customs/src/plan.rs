//! Which procedures an itinerary needs: export, one transit movement after another, import.
//!
//! Consecutive countries of one customs territory are one piece of the way. Consecutive territories that are covered by
//! the same transit regime on the day of entry share one movement; so the members of a convention form one movement
//! exactly when `areas.csv` says so. The territory of origin needs no transit of its own (its export procedure reaches
//! to the border) unless the movement goes on into the next territory under the same regime. Goods whose office of entry
//! into the last territory is at their destination are cleared there and need no transit.

use crate::offices::{Choice, choose_at, choose_first, choose_last};
use crate::way::{Stretch, cut};
use crate::{OfficeCode, Procedure, Regime, RegimeCode, RequirementCode, Territories};
use jiff::Timestamp;
use kervan_codes::{CountryCode, PlaceCode};
use kervan_model::{Consignment, Finding, Itinerary, Mode, TerritoryId};
use kervan_units::Seconds;
use serde::{Deserialize, Serialize};

/// The procedures of one itinerary, in order of travel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearancePlan {
    /// Export, transits, import.
    pub procedures: Vec<MovementPlan>,
    /// What could not be planned, or rests on a stand-in.
    pub findings: Vec<Finding>,
}

impl ClearancePlan {
    /// The procedures that run as a movement with a declaration and messages: export and transit. Import is only noted.
    pub fn movements(&self) -> impl Iterator<Item = &MovementPlan> {
        self.procedures.iter().filter(|plan| plan.procedure != Procedure::Import)
    }
}

/// One procedure, as it is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementPlan {
    /// Its number on the way, from 1; the last part of the movement's id.
    pub number: u8,
    /// What kind of procedure it is.
    pub procedure: Procedure,
    /// Under which regime.
    pub regime: RegimeCode,
    /// Name of the regime.
    pub regime_name: String,
    /// The territory of the office of departure: its administration decides.
    pub territory: TerritoryId,
    /// Name of the territory, or of all of them.
    pub territory_name: String,
    /// All territories crossed, in order.
    pub territories: Vec<TerritoryId>,
    /// All countries crossed, in order.
    pub countries: Vec<CountryCode>,
    /// Modes used, in order.
    pub modes: Vec<Mode>,
    /// Mode at the entry.
    pub entry_mode: Mode,
    /// Where it begins.
    pub departure: OfficeAt,
    /// Where it ends.
    pub destination: OfficeAt,
    /// When the goods are at the office of departure, median.
    pub enters: Timestamp,
    /// When they are at the office of destination, median.
    pub leaves: Timestamp,
    /// Earliest time to lodge the declaration, if the regime limits it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lodge_from: Option<Timestamp>,
    /// Latest time to lodge the declaration, from the lead times in force.
    pub lodge_by: Timestamp,
    /// Time allowed from release to arrival, if the regime limits it. Unit: second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<Seconds>,
    /// What the regime asks for on the day of entry.
    pub requirements: Vec<RequirementInForce>,
    /// The law.
    pub law: String,
    /// Why it is planned like this, in a sentence.
    pub because: String,
}

/// An office as it stands in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeAt {
    /// Its code.
    pub code: OfficeCode,
    /// Its name.
    pub name: String,
    /// The country whose administration it belongs to.
    pub country: CountryCode,
    /// Its territory.
    pub territory: TerritoryId,
    /// Its place in the network, if the network has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceCode>,
    /// Whether it only stands in for an office that the table does not name yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stand_in: bool,
}

/// A requirement as it stands in a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementInForce {
    /// What is asked for.
    pub code: RequirementCode,
    /// How much. Unit: second for lead times, 1 for a plain yes.
    pub value: u64,
    /// The source.
    pub source: String,
}

/// The requirement whose value is a lead time before the entry.
const LEAD_TIME: &str = "advance_data";
/// The requirement whose value is how long before the presentation a declaration may be lodged at the earliest.
const EARLIEST_LODGING: &str = "earliest_lodging";

/// Plans the procedures of an itinerary. Pure: the law is the one of the day on which each territory is entered.
pub fn plan_movements(
    consignment: &Consignment,
    itinerary: &Itinerary,
    territories: &Territories,
) -> ClearancePlan {
    let mut findings = Vec::new();
    let stretches = cut(itinerary, territories, &mut findings);
    let mut planner = Planner { territories, consignment, findings, procedures: Vec::new() };
    if let ([first, .., last], [origin, ..]) = (stretches.as_slice(), stretches.as_slice()) {
        planner.add(Procedure::Export, std::slice::from_ref(origin), false);
        planner.add_transits(&stretches, first, last);
        planner.add(Procedure::Import, std::slice::from_ref(last), true);
    } else {
        planner.findings.push(
            Finding::info("customs.no-border", "the way crosses no customs border; no procedure is needed")
                .at("/itinerary"),
        );
    }
    ClearancePlan { procedures: planner.procedures, findings: planner.findings }
}

/// A plan in the making.
pub(crate) struct Planner<'a> {
    pub(crate) territories: &'a Territories,
    pub(crate) consignment: &'a Consignment,
    pub(crate) findings: Vec<Finding>,
    pub(crate) procedures: Vec<MovementPlan>,
}

impl Planner<'_> {
    /// One movement per run of territories under the same transit regime.
    fn add_transits(&mut self, stretches: &[Stretch], first: &Stretch, last: &Stretch) {
        let regime_of = |stretch: &Stretch| {
            self.territories
                .regime_for(Procedure::Transit, &stretch.territory, stretch.day())
                .map(|regime| regime.code.clone())
        };
        let regimes: Vec<_> = stretches.iter().map(regime_of).collect();
        let mut start = 0;
        while start < stretches.len() {
            let regime = regimes.get(start);
            let same = regimes.iter().skip(start).take_while(|other| Some(*other) == regime).count();
            // Territories without any regime do not belong together.
            let length = if regime.is_some_and(Option::is_some) { same.max(1) } else { 1 };
            let run = stretches.get(start..start + length).unwrap_or_default();
            start += length;
            let Some(begin) = run.first() else { continue };
            let only_origin = run.len() == 1 && std::ptr::eq(begin, first);
            let cleared_at_entry =
                run.len() == 1 && std::ptr::eq(begin, last) && self.enters_at_destination(begin);
            if !only_origin && !cleared_at_entry {
                self.add(Procedure::Transit, run, false);
            }
        }
    }

    /// A procedure under the regime that is taken for the territory where it begins.
    pub(crate) fn add(&mut self, procedure: Procedure, run: &[Stretch], at_final_place: bool) {
        let Some(begin) = run.first() else { return };
        let Some(regime) = self.territories.regime_for(procedure, &begin.territory, begin.day()) else {
            self.findings.push(
                Finding::warning(
                    "customs.no-regime",
                    format!("no {} regime is known for {}", procedure.word(), begin.territory),
                )
                .at("/itinerary")
                .remedy("add the regime to data/customs/regimes.csv and areas.csv"),
            );
            return;
        };
        self.add_under(&regime.clone(), run, at_final_place);
    }

    /// A procedure under a given regime.
    pub(crate) fn add_under(&mut self, regime: &Regime, run: &[Stretch], at_final_place: bool) {
        let (Some(begin), Some(end), procedure) = (run.first(), run.last(), regime.procedure) else { return };
        let (Some(departure), Some(destination)) =
            (self.first_office(begin, at_final_place), self.last_office(end))
        else {
            self.findings.push(
                Finding::warning(
                    "customs.no-office",
                    format!("no customs office is known for {} in {}", procedure.word(), begin.territory),
                )
                .at("/itinerary")
                .remedy("add the office to data/customs/offices.csv"),
            );
            return;
        };
        let (requirements, lodge_by) = self.requirements(&regime.code, run);
        let enters = if at_final_place { end.leaves } else { begin.enters };
        let because = self.because(procedure, &regime.code, run);
        let name_of = |stretch: &Stretch| {
            self.territories
                .find_territory(&stretch.territory)
                .map_or("", |territory| territory.name.as_str())
        };
        let metres: u64 = run.iter().map(|stretch| stretch.distance.metres()).fold(0, u64::saturating_add);
        self.procedures.push(MovementPlan {
            number: u8::try_from(self.procedures.len() + 1).unwrap_or(u8::MAX),
            procedure,
            regime: regime.code.clone(),
            regime_name: regime.name.clone(),
            territory: departure.territory.clone(),
            territory_name: run.iter().map(name_of).collect::<Vec<_>>().join(", "),
            territories: run.iter().map(|stretch| stretch.territory.clone()).collect(),
            countries: run.iter().flat_map(|stretch| stretch.countries.iter().copied()).collect(),
            modes: in_order(run.iter().flat_map(|stretch| stretch.modes.iter().copied())),
            entry_mode: begin.entry_mode,
            departure,
            destination,
            enters,
            leaves: end.leaves,
            lodge_from: self.lodge_from(&regime.code, begin, enters),
            lodge_by: lodge_by.min(enters),
            time_limit: time_limit(regime.limit_days, regime.limit_km_per_day, metres),
            requirements,
            law: regime.law.clone(),
            because,
        });
    }

    fn lodge_from(&self, regime: &RegimeCode, begin: &Stretch, enters: Timestamp) -> Option<Timestamp> {
        let rows = self.territories.requirements_for(regime, &begin.territory, begin.entry_mode, begin.day());
        let early = rows.filter(|row| row.code.as_str() == EARLIEST_LODGING).map(|row| row.value).min()?;
        enters.checked_sub(Seconds::new(early).to_duration()).ok()
    }

    fn because(&self, procedure: Procedure, regime: &RegimeCode, run: &[Stretch]) -> String {
        let names: Vec<_> = run.iter().map(|stretch| stretch.territory.as_str()).collect();
        let sources: Vec<_> = run
            .iter()
            .filter_map(|stretch| self.territories.source_of_cover(regime, &stretch.territory, stretch.day()))
            .map(|provenance| provenance.source.as_str())
            .collect();
        let sources = in_order(sources.into_iter()).join("; ");
        match procedure {
            Procedure::Export => format!("the goods leave {} for good ({sources})", names.join(", ")),
            Procedure::Import => format!("the goods stay in {} ({sources})", names.join(", ")),
            Procedure::Transit if run.len() > 1 => {
                format!(
                    "{} are crossed under one regime, so one movement serves them ({sources})",
                    names.join(", ")
                )
            }
            Procedure::Transit => format!("{} is crossed under its own regime ({sources})", names.join(", ")),
        }
    }

    /// Requirements of every territory of the run, and the latest time to lodge that their lead times leave.
    fn requirements(&self, regime: &RegimeCode, run: &[Stretch]) -> (Vec<RequirementInForce>, Timestamp) {
        let mut found: Vec<RequirementInForce> = Vec::new();
        let mut lodge_by = run.first().map_or(Timestamp::MAX, |stretch| stretch.enters);
        for stretch in run {
            let rows = self.territories.requirements_for(
                regime,
                &stretch.territory,
                stretch.entry_mode,
                stretch.day(),
            );
            for row in rows.filter(|row| row.code.as_str() != EARLIEST_LODGING) {
                if row.code.as_str() == LEAD_TIME {
                    if !stretch.from_outside {
                        continue;
                    }
                    let lead = Seconds::new(row.value).to_duration();
                    lodge_by = lodge_by.min(stretch.enters.checked_sub(lead).unwrap_or(Timestamp::MIN));
                }
                match found.iter_mut().find(|other| other.code == row.code) {
                    Some(other) if other.value >= row.value => {}
                    Some(other) => {
                        (other.value, other.source) = (row.value, row.provenance.source.clone());
                    }
                    None => found.push(RequirementInForce {
                        code: row.code.clone(),
                        value: row.value,
                        source: row.provenance.source.clone(),
                    }),
                }
            }
        }
        (found, lodge_by)
    }

    /// Whether the office of entry into a territory is at the destination of the goods.
    pub(crate) fn enters_at_destination(&self, stretch: &Stretch) -> bool {
        choose_first(self.territories, stretch)
            .is_some_and(|choice| choice.office.place.as_ref() == Some(&self.consignment.to))
    }

    /// The office where a run begins; for import, the office at the destination.
    fn first_office(&mut self, stretch: &Stretch, at_final_place: bool) -> Option<OfficeAt> {
        let choice = if at_final_place {
            choose_at(self.territories, stretch, &self.consignment.to)
        } else {
            choose_first(self.territories, stretch)
        };
        choice.map(|choice| self.take(choice))
    }

    /// The office where a run ends.
    fn last_office(&mut self, stretch: &Stretch) -> Option<OfficeAt> {
        let choice = choose_last(self.territories, stretch);
        choice.map(|choice| self.take(choice))
    }

    /// Takes an office, and says so if it is only a stand-in.
    fn take(&mut self, choice: Choice) -> OfficeAt {
        let office = choice.office;
        if office.is_stand_in() {
            let message = format!(
                "no customs office of {} is known near {}; a stand-in is used",
                office.country, choice.near
            );
            let finding = Finding::info("customs.office-stand-in", message)
                .at("/itinerary")
                .remedy("name the office in data/customs/offices.csv");
            if !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
        }
        OfficeAt {
            code: office.code.clone(),
            name: office.name.clone(),
            country: office.country,
            territory: office.territory.clone(),
            place: office.place.clone(),
            stand_in: office.is_stand_in(),
        }
    }
}

/// Time allowed: the least number of days, or the distance at the rate, whichever is more.
fn time_limit(days: u32, km_per_day: u32, metres: u64) -> Option<Seconds> {
    if days == 0 {
        return None;
    }
    let by_distance = if km_per_day == 0 { 0 } else { (metres / 1_000).div_ceil(u64::from(km_per_day)) };
    Some(Seconds::from_hours(u64::from(days).max(by_distance).saturating_mul(24)))
}

/// Each value once, where it first appears.
fn in_order<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}
