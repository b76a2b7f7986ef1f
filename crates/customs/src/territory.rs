//! Territories, regimes, offices and requirements: the tables of `data/customs` as one immutable value.

use crate::chain::ChainTables;
use crate::guarantee::GuaranteeTables;
use crate::message_set::{self, MessageSet};
use crate::table::{Period, Table};
use crate::team::{ControlTeam, read_teams};
use crate::{OfficeCode, RegimeCode, RequirementCode};
use jiff::civil::Date;
use kervan_codes::{CountryCode, MrnProcedure, PlaceCode};
use kervan_model::{Finding, Mode, Provenance, TerritoryId, has_errors};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A customs territory: goods inside it cross no customs border.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Territory {
    /// Its code.
    pub code: TerritoryId,
    /// Its name in English.
    pub name: String,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// What kind of procedure a regime is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    /// Goods leave the territory for good.
    Export,
    /// Goods cross under customs supervision.
    Transit,
    /// Goods enter for good; noted by the plan, not run as a movement.
    Import,
}

impl Procedure {
    const WORDS: [(&'static str, Self); 3] =
        [("export", Self::Export), ("transit", Self::Transit), ("import", Self::Import)];

    /// The word used in data and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Transit => "transit",
            Self::Import => "import",
        }
    }
}

/// A customs procedure under one law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regime {
    /// Its code.
    pub code: RegimeCode,
    /// Its name in English.
    pub name: String,
    /// What kind of procedure it is.
    pub procedure: Procedure,
    /// Where several regimes of one kind cover a territory, the lowest rank is taken.
    pub rank: u8,
    /// Least time allowed from release to arrival. Unit: day. 0 means no limit.
    pub limit_days: u32,
    /// Distance that adds a day to the time allowed. Unit: kilometre per day. 0 means distance does not matter.
    pub limit_km_per_day: u32,
    /// Its messages; none for procedures that are only noted.
    pub messages: Option<String>,
    /// The procedure that its reference numbers name; none where no number is issued.
    pub numbers: Option<MrnProcedure>,
    /// The law.
    pub law: String,
    /// Where the limits come from.
    pub provenance: Provenance,
}

/// A customs office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Its code.
    pub code: OfficeCode,
    /// Its reference number in messages: that of the common list, or a stand-in of the same shape for a private code.
    pub number: OfficeCode,
    /// Its territory.
    pub territory: TerritoryId,
    /// The country whose administration it belongs to.
    pub country: CountryCode,
    /// The place of the network where it is, if the network has it.
    pub place: Option<PlaceCode>,
    /// Its name.
    pub name: String,
    /// What it can be in a movement.
    pub roles: Vec<OfficeRole>,
    /// Places on the other side of a border that it looks at.
    pub faces: Vec<PlaceCode>,
    /// Where this comes from.
    pub provenance: Provenance,
}

impl Office {
    /// Whether it stands in for any office of its country: it has neither a place nor a border that it faces.
    pub const fn is_stand_in(&self) -> bool {
        self.place.is_none() && self.faces.is_empty()
    }
}

/// What an office can be in a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeRole {
    /// A movement may begin here.
    Departure,
    /// A movement may end here.
    Destination,
    /// Goods leave the territory here.
    Exit,
    /// Goods enter the territory here.
    Entry,
}

impl std::str::FromStr for OfficeRole {
    type Err = crate::codes::CustomsCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "departure" => Ok(Self::Departure),
            "destination" => Ok(Self::Destination),
            "exit" => Ok(Self::Exit),
            "entry" => Ok(Self::Entry),
            _ => Err(crate::codes::CustomsCodeError::new(text, "departure, destination, exit or entry")),
        }
    }
}

/// A dated row that ties two codes together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dated<A, B> {
    left: A,
    right: B,
    period: Period,
    provenance: Provenance,
}

/// Something that a regime asks for from a date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// What is asked for.
    pub code: RequirementCode,
    /// Under which regime; `None` for any.
    pub regime: Option<RegimeCode>,
    /// In which territory; `None` for any.
    pub territory: Option<TerritoryId>,
    /// For which mode at the entry; `None` for any.
    pub mode: Option<Mode>,
    /// When.
    pub period: Period,
    /// How much. Unit: second for lead times, 1 for a plain yes.
    pub value: u64,
    /// Where this comes from.
    pub provenance: Provenance,
}

/// The tables of `data/customs`.
#[derive(Clone, Debug)]
pub struct Territories {
    territories: BTreeMap<TerritoryId, Territory>,
    members: Vec<Dated<TerritoryId, CountryCode>>,
    regimes: BTreeMap<RegimeCode, Regime>,
    areas: Vec<Dated<RegimeCode, TerritoryId>>,
    requirements: Vec<Requirement>,
    offices: Vec<Office>,
    sets: BTreeMap<String, MessageSet>,
    guarantees: GuaranteeTables,
    chains: ChainTables,
    teams: Vec<ControlTeam>,
    /// A set without messages, for regimes that have none.
    no_messages: MessageSet,
}

impl Territories {
    /// The files that [`Territories::load`] asks for.
    pub const FILES: [&'static str; 17] = [
        "territories.csv",
        "members.csv",
        "regimes.csv",
        "areas.csv",
        "requirements.csv",
        "offices.csv",
        "messages.csv",
        "transitions.csv",
        "errors.csv",
        "deadlines.csv",
        "guarantees.csv",
        "duties.csv",
        "exchange.csv",
        "guarantee_reasons.csv",
        "guarantee_messages.csv",
        "conditions.csv",
        "costs.csv",
    ];

    /// Reads the tables; `read` gives the text of a file by its name.
    ///
    /// Errors: every finding, if any of them is an error; a table is never taken in half.
    pub fn load(read: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let territories = Table::open("territories.csv", &read, &mut findings).read(|row| {
            let (code, name, provenance) = (row.parse("territory"), row.full("name"), row.provenance());
            Some(Territory { code: code?, name: name?, provenance: provenance? })
        });
        let members = Table::open("members.csv", &read, &mut findings).read(|row| {
            let (left, right) = (row.parse("territory"), row.parse("country"));
            let (period, provenance) = (row.period(), row.provenance());
            Some(Dated { left: left?, right: right?, period: period?, provenance: provenance? })
        });
        let regimes = Table::open("regimes.csv", &read, &mut findings).read(read_regime);
        let areas = Table::open("areas.csv", &read, &mut findings).read(|row| {
            let (left, right) = (row.parse("regime"), row.parse("territory"));
            let (period, provenance) = (row.period(), row.provenance());
            Some(Dated { left: left?, right: right?, period: period?, provenance: provenance? })
        });
        let requirements = Table::open("requirements.csv", &read, &mut findings).read(read_requirement);
        let offices = Table::open("offices.csv", &read, &mut findings).read(read_office);
        let tables = Self {
            territories: territories.into_iter().map(|item| (item.code.clone(), item)).collect(),
            members,
            regimes: regimes.into_iter().map(|item| (item.code.clone(), item)).collect(),
            areas,
            requirements,
            offices,
            guarantees: GuaranteeTables::read(&read, &mut findings),
            chains: ChainTables::read(&read, &mut findings),
            teams: read_teams(&read, &mut findings),
            sets: message_set::read_sets(&read, &mut findings),
            no_messages: MessageSet::default(),
        };
        tables.check(&mut findings);
        if has_errors(&findings) { Err(findings) } else { Ok(tables) }
    }

    fn check(&self, findings: &mut Vec<Finding>) {
        let mut fault = |file: &str, code: &str, message: String| {
            findings.push(Finding::error(format!("customs.{code}"), message).at(file));
        };
        let known_territory = |code: &TerritoryId| self.territories.contains_key(code);
        for row in self.members.iter().filter(|row| !known_territory(&row.left)) {
            fault("members.csv", "unknown-territory", format!("territory {} is not in the table", row.left));
        }
        for row in &self.areas {
            if !known_territory(&row.right) {
                let message = format!("territory {} is not in the table", row.right);
                fault("areas.csv", "unknown-territory", message);
            }
            if !self.regimes.contains_key(&row.left) {
                fault("areas.csv", "unknown-regime", format!("regime {} is not in the table", row.left));
            }
        }
        for regime in self.regimes.values() {
            if let Some(set) = regime.messages.as_ref().filter(|set| !self.sets.contains_key(*set)) {
                let message = format!("message set {set} of regime {} is not in the table", regime.code);
                fault("regimes.csv", "unknown-messages", message);
            }
            if regime.messages.is_some() && regime.numbers.is_none() {
                let message = format!("regime {} has messages and no letter for its numbers", regime.code);
                fault("regimes.csv", "no-letter", message);
            }
        }
        for team in &self.teams {
            if !known_territory(&team.territory) {
                let message = format!("territory {} is not in the table", team.territory);
                fault("capacity.csv", "unknown-territory", message);
            }
            if let Some(code) = team.office.as_ref().filter(|code| self.find_office(code).is_none()) {
                fault("capacity.csv", "unknown-office", format!("office {code} is not in the table"));
            }
        }
        let (mut seen, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        for office in &self.offices {
            if !seen.insert(&office.code) {
                fault("offices.csv", "office-twice", format!("office {} stands twice", office.code));
            }
            if office.number.is_private() || !numbers.insert(&office.number) {
                let message = format!("{} is no number of its own of office {}", office.number, office.code);
                fault("offices.csv", "office-number", message);
            }
            if !known_territory(&office.territory) {
                let message = format!("territory {} is not in the table", office.territory);
                fault("offices.csv", "unknown-territory", message);
            }
            let member = |row: &&Dated<TerritoryId, CountryCode>| {
                row.left == office.territory && row.right == office.country
            };
            if !self.members.iter().any(|row| member(&row)) {
                let message = format!("{} is no member of {}", office.country, office.territory);
                fault("offices.csv", "not-a-member", message);
            }
        }
    }

    /// Every territory, by code.
    pub fn list_territories(&self) -> impl Iterator<Item = &Territory> {
        self.territories.values()
    }

    /// A territory.
    pub fn find_territory(&self, code: &TerritoryId) -> Option<&Territory> {
        self.territories.get(code)
    }

    /// The territory that a country belongs to on a day.
    pub fn territory_of(&self, country: CountryCode, day: Date) -> Option<&Territory> {
        let row = self.members.iter().find(|row| row.right == country && row.period.contains(day))?;
        self.territories.get(&row.left)
    }

    /// A regime.
    pub fn find_regime(&self, code: &RegimeCode) -> Option<&Regime> {
        self.regimes.get(code)
    }

    /// The regime of a kind that is taken for a territory on a day: the one of lowest rank that covers it.
    pub fn regime_for(&self, procedure: Procedure, territory: &TerritoryId, day: Date) -> Option<&Regime> {
        self.regimes
            .values()
            .filter(|regime| regime.procedure == procedure && self.covers(&regime.code, territory, day))
            .min_by_key(|regime| (regime.rank, &regime.code))
    }

    /// Every regime of a kind that covers a territory on a day, the one that is taken first.
    pub fn regimes_for(&self, procedure: Procedure, territory: &TerritoryId, day: Date) -> Vec<&Regime> {
        let covers =
            |regime: &&Regime| regime.procedure == procedure && self.covers(&regime.code, territory, day);
        let mut regimes: Vec<_> = self.regimes.values().filter(covers).collect();
        regimes.sort_by_key(|regime| (regime.rank, &regime.code));
        regimes
    }

    /// The control teams, in the order of the table.
    pub fn teams(&self) -> &[ControlTeam] {
        &self.teams
    }

    /// Conditions and costs of regimes.
    pub const fn chain_tables(&self) -> &ChainTables {
        &self.chains
    }

    /// Whether a regime covers a territory on a day.
    pub fn covers(&self, regime: &RegimeCode, territory: &TerritoryId, day: Date) -> bool {
        self.areas
            .iter()
            .any(|row| row.left == *regime && row.right == *territory && row.period.contains(day))
    }

    /// Why a regime covers a territory, for people.
    pub fn source_of_cover(
        &self,
        regime: &RegimeCode,
        territory: &TerritoryId,
        day: Date,
    ) -> Option<&Provenance> {
        self.areas
            .iter()
            .find(|row| row.left == *regime && row.right == *territory && row.period.contains(day))
            .map(|row| &row.provenance)
    }

    /// What is asked for under a regime in a territory on a day, for a mode at the entry.
    pub fn requirements_for<'a>(
        &'a self,
        regime: &'a RegimeCode,
        territory: &'a TerritoryId,
        mode: Mode,
        day: Date,
    ) -> impl Iterator<Item = &'a Requirement> {
        self.requirements.iter().filter(move |row| {
            row.regime.as_ref().is_none_or(|code| code == regime)
                && row.territory.as_ref().is_none_or(|code| code == territory)
                && row.mode.is_none_or(|wanted| wanted == mode)
                && row.period.contains(day)
        })
    }

    /// The messages of a regime; an empty set for a regime that is not known or has none.
    pub fn messages_of(&self, regime: &RegimeCode) -> &MessageSet {
        let set = self.regimes.get(regime).and_then(|regime| regime.messages.as_deref());
        set.and_then(|set| self.sets.get(set)).unwrap_or(&self.no_messages)
    }

    /// The tables of guarantees.
    pub const fn guarantees(&self) -> &GuaranteeTables {
        &self.guarantees
    }

    /// Every message set, by name.
    pub fn list_message_sets(&self) -> impl Iterator<Item = &MessageSet> {
        self.sets.values()
    }

    /// A message set.
    pub fn find_message_set(&self, name: &str) -> Option<&MessageSet> {
        self.sets.get(name)
    }

    /// Every office, in the order of the table.
    pub fn list_offices(&self) -> &[Office] {
        &self.offices
    }

    /// An office.
    pub fn find_office(&self, code: &OfficeCode) -> Option<&Office> {
        self.offices.iter().find(|office| office.code == *code)
    }
}

fn read_regime(row: &mut crate::table::Row) -> Option<Regime> {
    let (code, name) = (row.parse("regime"), row.full("name"));
    let (procedure, rank) = (row.word("procedure", &Procedure::WORDS), row.parse("rank"));
    let (limit_days, limit_km_per_day) = (row.parse("limit_days"), row.parse("limit_km_per_day"));
    let numbers = row.optional("mrn_letter");
    let (messages, law, provenance) = (row.text("messages"), row.full("law"), row.provenance());
    Some(Regime {
        code: code?,
        name: name?,
        procedure: procedure?,
        rank: rank?,
        limit_days: limit_days?,
        limit_km_per_day: limit_km_per_day?,
        messages: Some(messages?).filter(|set| !set.is_empty()),
        numbers: numbers?,
        law: law?,
        provenance: provenance?,
    })
}

fn read_requirement(row: &mut crate::table::Row) -> Option<Requirement> {
    let star = |text: String| (text != "*").then_some(text);
    let (code, regime) = (row.parse("requirement"), row.full("regime")?);
    let regime = if star(regime).is_some() { Some(row.parse("regime")?) } else { None };
    let territory = row.full("territory")?;
    let territory = if star(territory).is_some() { Some(row.parse("territory")?) } else { None };
    let modes: Vec<_> = Mode::ALL.iter().map(|mode| (mode.word(), Some(*mode))).chain([("", None)]).collect();
    let mode = row.word("mode", &modes);
    let (period, value, provenance) = (row.period(), row.parse("value"), row.provenance());
    row.word("unit", &[("second", ()), ("flag", ())])?;
    Some(Requirement {
        code: code?,
        regime,
        territory,
        mode: mode?,
        period: period?,
        value: value?,
        provenance: provenance?,
    })
}

fn read_office(row: &mut crate::table::Row) -> Option<Office> {
    let (code, territory, country) = (row.parse("office"), row.parse("territory"), row.parse("country"));
    let number = row.parse::<OfficeCode>("number");
    let (place, name) = (row.optional("place"), row.full("name"));
    let (roles, faces, provenance) = (row.list("roles"), row.list("faces"), row.provenance());
    Some(Office {
        code: code?,
        number: number?,
        territory: territory?,
        country: country?,
        place: place?,
        name: name?,
        roles: roles?,
        faces: faces?,
        provenance: provenance?,
    })
}
