//! The network: places, links and services of the corridor with processes, prices and emissions.
//!
//! The facts are tables under `data/network`, described in the README there; every row names its source, period and
//! confidence. This room reads them into one immutable [`Network`] and checks them. It knows no country, no railway and
//! no tariff by name: all of that is data. Nothing here searches routes; that is the planning room.
//!
//! * [`Network::load`] builds the value and reports every problem of every row; broken rows are left out.
//! * [`check`] adds what only the whole shows: unreachable places, broken chains, courses that cannot be.
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

mod check;
mod link;
mod load;
mod network;
mod place;
mod reference;
mod service;
mod stay;
mod suggest;
mod table;
mod tariff;

pub use check::check;
pub use link::{CourseLicence, Link, Traction};
pub use load::LoadError;
pub use network::Network;
pub use place::{Place, PlaceKind, Process, ProcessCost, When};
pub use reference::{Attribution, BorderIndicator, CustomsUnionMember, RowAt, Status};
pub use service::{Runs, Service};
pub use tariff::{Cargo, EmissionFactor, Load, Tariff, TariffUnit};
