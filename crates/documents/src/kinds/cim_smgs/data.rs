//! CIM/SMGS consignment note of the Multi-Modal Transport model.

use crate::definition::Draft;
use crate::rail::data::Shape;
use serde_json::Value;

const SHAPE: Shape = Shape { container: None, charge: None, documents: usize::MAX, common: true };

pub(super) fn write(draft: &Draft<'_>) -> Value {
    crate::rail::data::write(draft, &SHAPE)
}
