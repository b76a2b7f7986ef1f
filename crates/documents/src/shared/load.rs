//! What a container holds.

use kervan_model::{Consignment, Equipment};
use kervan_units::Mass;

/// Gross mass of the goods in a container, if it is certain: every item is in exactly one container.
pub(crate) fn find_load(consignment: &Consignment, equipment: &Equipment) -> Option<Mass> {
    if let [only] = consignment.equipment.as_slice() {
        return (only.number == equipment.number).then(|| consignment.gross_mass());
    }
    let certain = consignment.goods.iter().all(|item| item.containers.len() == 1);
    let inside = consignment.goods.iter().filter(|item| item.containers.contains(&equipment.number));
    certain.then(|| inside.map(|item| item.gross_mass).sum())
}
