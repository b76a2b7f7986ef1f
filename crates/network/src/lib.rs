//! The network: places, links and services of the corridor with processes, prices and emissions.
//!
//! The facts are tables under `data/network`, described in the README there; every row names its source, period and
//! confidence. This room reads them into one immutable [`Network`] and checks them. It knows no country, no railway and
//! no tariff by name: all of that is data. Nothing here searches routes; that is the planning room.
//!
//! * [`Network::load`] builds the value and reports every problem of every row; broken rows are left out.
//! * [`check`] adds what only the whole shows: unreachable places, broken chains, courses that cannot be.
//! * [`Network::frequency_on`] and [`Network::list_departures`] say when a service leaves, [`Network::opening_of`] when a
//!   border or a terminal is open: in the local time of the place, which its zone turns into instants.
//! * [`Network::processes_of_stay`] says what happens to goods between two services, each dwell once.
//!
//! ```
//! use kervan_network::{Network, TariffUnit};
//!
//! let table = |name: &str| std::fs::read_to_string(format!("../../data/network/{name}")).ok();
//! let (network, findings) = Network::load(table).unwrap();
//! assert!(!kervan_model::has_errors(&findings));
//!
//! let aktau = network.find_place(&"KZAAU".parse().unwrap()).unwrap();
//! assert_eq!(aktau.name, "Aktau");
//! let feeder = network.services_from(&aktau.code).find(|service| service.to.as_str() == "AZALA").unwrap();
//! let day = jiff::civil::date(2026, 12, 1);
//! let price = network.find_tariff(&feeder.id, TariffUnit::Feu, day).unwrap();
//! assert_eq!((price.amount.typ(), price.currency.as_str()), (100_000, "USD"));
//! ```

mod acceptance;
mod calendar;
mod charges;
mod check;
mod exchange;
pub mod limits;
mod link;
mod load;
mod network;
mod opening;
mod place;
mod reference;
mod schedule;
mod service;
mod stay;
mod suggest;
mod table;
mod tariff;

pub use acceptance::{Acceptance, DangerClass, DangerousAccepted, NoDangerClass, Scope};
pub use calendar::{Calendar, NoWeekdays, Validity, Weekdays};
pub use charges::{HandlingRate, MoveCase, StorageRate, Surcharge, SurchargeAmount, SurchargeKind};
pub use check::check;
pub use exchange::{Converted, ExchangeRate};
pub use link::{CourseLicence, Link, Traction};
pub use load::LoadError;
pub use network::Network;
pub use opening::{Opening, OpeningHours};
pub use place::{Place, PlaceKind, Process, ProcessCost, When};
pub use reference::{Attribution, BorderIndicator, CustomsUnionMember, DayValue, RowAt, Status};
pub use schedule::{Departure, Frequency, Pattern, Schedule, Timetable};
pub use service::{Filling, Runs, Service};
pub use tariff::{Cargo, EmissionFactor, Load, Tariff, TariffUnit};
