//! The estimate of arrival on a journey over two railways and a ferry.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

mod arrival;
#[path = "../../../events/tests/journey/fixture.rs"]
mod fixture;
mod known;
