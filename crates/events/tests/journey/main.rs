//! A journey over two railways and a ferry, from the reports of its carriers to milestones and the estimate of arrival.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

mod arrival;
mod fixture;
mod progress;
