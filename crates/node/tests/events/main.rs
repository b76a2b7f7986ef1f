//! Events through the node: questions against a filter over all, captures as jobs, subscriptions over restarts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod custody;
mod custody_texts;
mod jobs;
mod queries;
mod sockets;
mod subscriptions;
mod vocabulary;
mod world;
