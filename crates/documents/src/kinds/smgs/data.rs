//! SMGS consignment note of the Multi-Modal Transport model.

use crate::definition::Draft;
use crate::rail::data::Shape;
use serde_json::Value;

/// Source: the D23B schema fixes the category `TE` of what a wagon carries and the category `2` of charges.
const SHAPE: Shape = Shape { container: Some("TE"), charge: Some("2"), documents: 9, common: false };

pub(super) fn write(draft: &Draft<'_>) -> Value {
    crate::rail::data::write(draft, &SHAPE)
}
