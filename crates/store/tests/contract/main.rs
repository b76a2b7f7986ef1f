//! What every store keeps, whichever database is below it: each case runs on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is asked of the store here works, or the test fails"
)]

mod cases;
mod copies;
#[path = "../shared/event_list.rs"]
mod event_list;
mod journal;
mod outages;
mod plans;
mod postgres;
mod tls;

use cases::{
    audit, batches, circles, consignments, events, guarantees, identity, kept_plans, messages, positions,
    tracking,
};
use kervan_store::{Store, StoreError, StoreLocation};
use tempfile::TempDir;

/// A place for a store that nobody has used.
pub struct Place {
    location: StoreLocation,
    folder: TempDir,
}

impl Place {
    fn in_folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { location: StoreLocation::Folder(folder.path().to_owned()), folder }
    }

    /// In a schema of its own.
    fn on_server(server: &postgres::Server) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = server.fresh_url();
        Self { location: StoreLocation::parse(Some(&url), folder.path()).unwrap(), folder }
    }

    /// Opens the store with another data folder, where that is another place than the store's.
    pub fn open_elsewhere(&self) -> Option<Result<Store, StoreError>> {
        match &self.location {
            StoreLocation::Folder(_) => None,
            StoreLocation::Postgres { url, .. } => {
                let folder = self.folder.path().join("elsewhere");
                Some(Store::open_at(&StoreLocation::Postgres { url: url.clone(), folder }))
            }
        }
    }

    /// Writes past the store, as whoever may reach the database can.
    pub fn tamper(&self, sql: &str) {
        match &self.location {
            StoreLocation::Folder(folder) => {
                rusqlite::Connection::open(folder.join("kervan.sqlite")).unwrap().execute_batch(sql).unwrap();
            }
            StoreLocation::Postgres { url, .. } => {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let (client, connection) =
                        tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                    let talking = tokio::spawn(connection);
                    client.batch_execute(sql).await.unwrap();
                    talking.abort();
                });
            }
        }
    }

    /// Opens the store, again if it was open before.
    pub fn open(&self) -> Store {
        Store::open_at(&self.location).unwrap()
    }
}

/// Makes each case a test on both.
macro_rules! contract {
    ($($part:ident: $($case:ident),+ $(| $($often:ident),+)?;)+) => {
        /// Every statement is in one of these; the others do the same many times.
        const STATEMENTS: &[fn(&Place)] = &[$($($part::$case),+),+];

        mod on_sqlite {
            $(mod $part {
                $(#[test] fn $case() { crate::$part::$case(&crate::Place::in_folder()); })+
                $($(#[test] fn $often() { crate::$part::$often(&crate::Place::in_folder()); })+)?
            })+
        }
        mod on_postgres {
            $(mod $part {
                $(#[test] fn $case() { crate::on_postgres(crate::$part::$case); })+
                $($(#[test] fn $often() { crate::on_postgres(crate::$part::$often); })+)?
            })+
        }
    };
}

fn on_postgres(case: fn(&Place)) {
    if let Some(server) = postgres::shared() {
        case(&Place::on_server(server));
    }
}

contract! {
    audit: chained| torn_logs_are_named, many_threads_one_chain;
    identity: people_and_keys, sessions;
    batches: second_process, everything_small| many_threads, too_large, one_bad_batch, stream_without_gap;
    circles: each_takes_the_place_of_the_one_before;
    consignments: projections, entries, etas;
    events: by_time, vocabularies_and_jobs, queries_and_subscriptions| as_a_list_does, many_callers, failed_batch;
    guarantees: nothing_of_a_short_batch, claims| no_money_twice;
    messages: kept_and_forgotten;
    kept_plans: kept_once_and_listed_newest_first;
    positions: tracks, evenly, doubles, odd_times, aged;
    tracking: ways, measures_and_scores, alarms_and_closures;
}
