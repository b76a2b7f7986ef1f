//! How a corridor does: dwell, queue, throughput, transit time and reliability per place, ride, link and route over any window.
//!
//! Everything comes from what was seen of things at places; no itinerary is needed, so events of others count as well.

mod fold;
mod parquet;
mod row;

pub use fold::{Seen, SeenAs, Window, assess_corridor};
pub use parquet::{ParquetColumn, to_parquet};
pub use row::{CorridorRow, RowKind, columns, to_csv};
