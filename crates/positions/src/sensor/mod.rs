//! What sensors say of the goods: temperatures against what they want, seals against those that were put on.

mod cargo;
mod epcis;
mod seal;
mod temperature;

pub use cargo::{ReadingIn, assess_cargo_temperatures};
pub use epcis::{SensedEvents, find_seal, list_sensed, seal_uri};
pub use seal::{SealEvent, SealFault, assess_seals};
pub use temperature::{Reading, assess_temperature, mean_kinetic_temperature};
