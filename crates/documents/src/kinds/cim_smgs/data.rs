//! CIM/SMGS consignment note of the Multi-Modal Transport model.

use crate::definition::Draft;
use crate::rail::data::Shape;
use serde_json::Value;

/// Equipment category of a freight container. Source: UNTDID 8053.
const CONTAINER: &str = "CN";

const SHAPE: Shape = Shape { container: CONTAINER, charge: None, documents: usize::MAX, common: true };

pub(super) fn write(draft: &Draft<'_>) -> Value {
    crate::rail::data::write(draft, &SHAPE)
}
