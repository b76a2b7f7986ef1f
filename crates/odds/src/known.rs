//! Distributions over three points that were asked for before. The figures of a network are asked for again with every plan, and
//! the table of a PERT distribution takes longer to make than anything that is done with it.

use crate::curve::Curve;
use crate::limits::MOST_KNOWN;
use crate::spread::Spread;
use kervan_units::{Estimate, Seconds};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A PERT distribution, with how much the choice of the family matters once that was asked for.
pub(crate) struct Known {
    pub(crate) curve: Arc<Curve>,
    apart: OnceLock<f64>,
}

impl Known {
    /// The distance to the triangle over the same points. Range: 0 to 1.
    pub(crate) fn apart(&self, points: Estimate<Seconds>) -> f64 {
        *self.apart.get_or_init(|| self.curve.distance(&Spread::Triangular(points).curve()))
    }
}

/// By least, typical and most. What stands here follows from its key alone, so it makes no difference who asked first.
static KNOWN: Mutex<BTreeMap<[Seconds; 3], Arc<Known>>> = Mutex::new(BTreeMap::new());

/// The PERT distribution over three points.
pub(crate) fn pert(points: Estimate<Seconds>, make: impl FnOnce() -> Curve) -> Arc<Known> {
    let key = [points.min(), points.typ(), points.max()];
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&key) {
        return Arc::clone(known);
    }
    let known = Arc::new(Known { curve: Arc::new(make()), apart: OnceLock::new() });
    let mut all = lock();
    if all.len() >= MOST_KNOWN {
        all.clear();
    }
    all.insert(key, Arc::clone(&known));
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_what_would_be_made() {
        for (min, typ, max) in [(1, 2, 9), (0, 0, 10), (5, 5, 5), (1, 2, 9)] {
            let points = Estimate::new(Seconds::new(min), Seconds::new(typ), Seconds::new(max)).unwrap();
            let known = Spread::Pert(points).shared_curve();
            assert_eq!(*known, Spread::Pert(points).curve());
            assert!(min == max || Arc::ptr_eq(&known, &Spread::Pert(points).shared_curve()));
        }
    }
}
