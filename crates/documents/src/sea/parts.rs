//! Which legs go by sea.

use crate::carriage::parts_under;
use crate::{Inputs, Part, SeaContract};

/// One part for each leg by sea, if the contract that is asked for is the one made.
pub(crate) fn under(inputs: &Inputs<'_>, contract: SeaContract) -> Vec<Part> {
    if inputs.options.sea == contract { all(inputs) } else { Vec::new() }
}

/// One part for each leg by sea.
pub(crate) fn all(inputs: &Inputs<'_>) -> Vec<Part> {
    parts_under(inputs, "sea")
}
