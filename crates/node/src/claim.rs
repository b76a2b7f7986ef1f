//! Claims of idempotency keys: they are saved in the same batch as the facts of their request.
//!
//! A request that comes again after a crash must not take effect twice, even if the node stopped between saving its facts and
//! keeping its answer. Whoever runs a use case for such a request does so under its claim; the first batch that the use case
//! saves carries it.

use kervan_store::{AnswerRow, Write};
use std::cell::RefCell;

thread_local! {
    static CLAIM: RefCell<Option<AnswerRow>> = const { RefCell::new(None) };
}

/// Runs a use case under the claim of its request. Use cases save on the thread that runs them.
pub fn with_claim<T>(claim: Option<AnswerRow>, work: impl FnOnce() -> T) -> T {
    let _guard = Guard(CLAIM.replace(claim));
    work()
}

/// Puts back what stood before, also when the work panics.
struct Guard(Option<AnswerRow>);

impl Drop for Guard {
    fn drop(&mut self) {
        CLAIM.set(self.0.take());
    }
}

/// The claim of the request that runs on this thread, if its use case saves for the first time.
pub(crate) fn take_claim() -> Option<Write> {
    CLAIM.take().map(Write::Answer)
}
