//! A journey over two railways and a ferry, from the reports of its carriers to milestones.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

mod fixture;
mod progress;
