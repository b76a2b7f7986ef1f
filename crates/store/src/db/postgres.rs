//! A session with a PostgreSQL server.
//!
//! Statements whose outcome nobody looks at are sent in one go: the server works through them while the next are written, and one
//! answer is waited for instead of a thousand.

use super::tls::{self, Tls};
use super::{Failure, Result, Value};
use crate::StoreError;
use crate::limits::{MOST_DEFERRED, SECONDS_TO_CONNECT, SECONDS_TO_NOTICE_SILENCE};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage, Statement};

/// Oldest server that is supported: the oldest that its makers still mend.
const OLDEST: i64 = 140_000;

/// What a session is told when it begins. A commit is on the disk before it is answered, whatever the server's own setting.
const SETUP: &str = "SET synchronous_commit = on; SET jit = off; SET client_min_messages = warning; \
                     SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

/// Where the server is, and what is said of it to people: never its password.
#[derive(Clone)]
pub(crate) struct PostgresTarget {
    config: Config,
    shown: String,
    /// How the server is greeted, where TLS was asked for.
    tls: Option<Tls>,
}

/// A session.
pub(crate) struct Postgres {
    /// Taken when the session is dropped.
    runtime: Option<Runtime>,
    client: Client,
    /// Statements that the server has planned, by their text.
    statements: RefCell<BTreeMap<String, Statement>>,
    deferred: RefCell<Vec<(Statement, Vec<Value<'static>>)>>,
    /// Whether a transaction is open.
    open: Cell<bool>,
}

impl PostgresTarget {
    /// Reads an URL. Errors: it is none, or the file of roots that it names cannot be used.
    pub(crate) fn parse(url: &str) -> std::result::Result<Self, StoreError> {
        let unusable = |reason: String| StoreError::Url { reason };
        let said = tls::read(url);
        let tls = said.wanted.then(|| Tls::new(said.roots.as_deref())).transpose()?;
        let mut config: Config = said.url.parse().map_err(|error: tokio_postgres::Error| {
            unusable(std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
        })?;
        if config.get_hosts().is_empty() {
            return Err(unusable("it names no host".to_owned()));
        }
        let silence = Duration::from_secs(SECONDS_TO_NOTICE_SILENCE);
        config
            .application_name("kervan")
            .connect_timeout(Duration::from_secs(SECONDS_TO_CONNECT))
            .keepalives_idle(silence)
            .tcp_user_timeout(silence);
        let hosts: Vec<String> = config
            .get_hosts()
            .iter()
            .map(|host| match host {
                tokio_postgres::config::Host::Tcp(name) => name.clone(),
                #[cfg(unix)]
                tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
            })
            .collect();
        let shown = format!("{} at {}", config.get_dbname().unwrap_or("the database"), hosts.join(", "));
        Ok(Self { config, shown, tls })
    }

    /// The database and where it is.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }
}

impl Postgres {
    /// Opens a session. Errors: nobody answers, or the server is too old.
    pub(crate) fn connect(target: &PostgresTarget) -> std::result::Result<Self, StoreError> {
        let unreachable = |reason: String| StoreError::NoServer { at: target.shown.clone(), reason };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unreachable(error.to_string()))?;
        let refused = |error: tokio_postgres::Error| {
            // Why a certificate is not believed stands below what failed.
            let below = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            unreachable(format!("{} {below}", Failure::from(error)).trim_end().to_owned())
        };
        // The task moves bytes whenever this thread waits for an answer; it ends with the session.
        let client = match &target.tls {
            None => {
                let (client, connection) = runtime.block_on(target.config.connect(NoTls)).map_err(refused)?;
                runtime.spawn(async move { drop(connection.await) });
                client
            }
            Some(tls) => {
                let (client, connection) =
                    runtime.block_on(target.config.connect(tls.clone())).map_err(refused)?;
                runtime.spawn(async move { drop(connection.await) });
                client
            }
        };
        let session = Self {
            runtime: Some(runtime),
            client,
            statements: RefCell::default(),
            deferred: RefCell::default(),
            open: Cell::new(false),
        };
        let said = |error: Failure| unreachable(error.to_string());
        session.batch(SETUP).map_err(said)?;
        let version = session.word("SHOW server_version_num").map_err(said)?;
        match version.as_deref().and_then(|word| word.parse::<i64>().ok()) {
            Some(found) if found >= OLDEST => Ok(session),
            found => Err(StoreError::OldServer {
                at: target.shown.clone(),
                found: found.map_or_else(|| "unknown".to_owned(), |number| (number / 10_000).to_string()),
                oldest: OLDEST / 10_000,
            }),
        }
    }

    /// Takes the lock that keeps a second node out, for as long as the session lasts. Returns whether it was free.
    pub(crate) fn lock(&self) -> Result<bool> {
        // One lock for each schema, so that nodes may share a database.
        let sql = "SELECT pg_try_advisory_lock(5459542, hashtext(current_schema()))::int::text";
        Ok(self.word(sql)?.as_deref() == Some("1"))
    }

    /// Lets go of the lock, before the session ends: the server may take a moment to notice that.
    pub(crate) fn unlock(&self) {
        // If the session is lost the lock is as well.
        let _ = self.word("SELECT pg_advisory_unlock_all()::text");
    }

    /// The number of the last commit of the writer that is there.
    pub(crate) fn commits(&self) -> Result<i64> {
        let number = self.word("SELECT number::text FROM kervan_commit")?;
        number.and_then(|word| word.parse().ok()).ok_or_else(|| Failure::unreadable("the number of commits"))
    }

    fn wait<T>(
        &self,
        future: impl Future<Output = std::result::Result<T, tokio_postgres::Error>>,
    ) -> Result<T> {
        match &self.runtime {
            Some(runtime) => Ok(runtime.block_on(future)?),
            None => Err(Failure::Lost("the session is closed".to_owned())),
        }
    }

    fn prepared(&self, sql: &str) -> Result<Statement> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.wait(self.client.prepare(&numbered(sql)))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Runs a statement later, in one go with others.
    pub(crate) fn defer(&self, sql: &str, values: &[Value<'_>]) -> Result<()> {
        let statement = self.prepared(sql)?;
        let values = values.iter().cloned().map(Value::into_owned).collect();
        let waiting = {
            let mut deferred = self.deferred.borrow_mut();
            deferred.push((statement, values));
            deferred.len()
        };
        if waiting < MOST_DEFERRED { Ok(()) } else { self.flush() }
    }

    /// Runs what was put off.
    fn flush(&self) -> Result<()> {
        let deferred = std::mem::take(&mut *self.deferred.borrow_mut());
        if deferred.is_empty() {
            return Ok(());
        }
        let asked = deferred.iter().map(|(statement, values)| self.client.execute_raw(statement, values));
        self.wait(in_order(asked)).map(|_| ())
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        self.flush()?;
        let statement = self.prepared(sql)?;
        self.wait(self.client.execute_raw(&statement, values))
    }

    pub(crate) fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<tokio_postgres::Row>> {
        self.flush()?;
        let statement = self.prepared(sql)?;
        self.wait(self.client.query(&statement, &borrowed(values)))
    }

    pub(crate) fn query_each(
        &self,
        sql: &str,
        sets: &[Vec<Value<'_>>],
    ) -> Result<Vec<Vec<tokio_postgres::Row>>> {
        self.flush()?;
        let statement = self.prepared(sql)?;
        let sets: Vec<_> = sets.iter().map(|values| borrowed(values)).collect();
        self.wait(in_order(sets.iter().map(|values| self.client.query(&statement, values))))
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        self.flush()?;
        self.wait(self.client.batch_execute(sql))
    }

    /// The first value of the last row of statements, as text.
    pub(crate) fn word(&self, sql: &str) -> Result<Option<String>> {
        let messages = self.wait(self.client.simple_query(sql))?;
        Ok(messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    pub(crate) fn begin(&self) -> Result<()> {
        self.begin_as("BEGIN")
    }

    pub(crate) fn begin_as(&self, words: &str) -> Result<()> {
        self.deferred.borrow_mut().clear();
        self.wait(self.client.batch_execute(words))?;
        self.open.set(true);
        Ok(())
    }

    pub(crate) fn commit(&self) -> Result<()> {
        self.flush()?;
        match self.wait(self.client.batch_execute("COMMIT")) {
            Ok(()) => {
                self.open.set(false);
                Ok(())
            }
            Err(Failure::Lost(reason)) => Err(Failure::Unsure(reason)),
            Err(other) => Err(other),
        }
    }

    pub(crate) fn roll_back(&self) {
        self.deferred.borrow_mut().clear();
        if self.open.replace(false) {
            // If the session is gone there is nothing to roll back.
            let _ = self.wait(self.client.batch_execute("ROLLBACK"));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Does not wait, and so may stand in an asynchronous function too.
            runtime.shutdown_background();
        }
    }
}

fn borrowed<'a>(values: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// The outcomes of futures, each begun before any is waited for, in their order.
async fn in_order<T, E>(
    futures: impl Iterator<Item = impl Future<Output = std::result::Result<T, E>>>,
) -> std::result::Result<Vec<T>, E> {
    let mut asked: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, outcome) in &mut asked {
            if outcome.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *outcome = Some(ready);
            }
        }
        Poll::Ready(())
    })
    .await;
    let mut outcomes = Vec::with_capacity(asked.len());
    for (future, outcome) in asked {
        outcomes.push(match outcome {
            Some(ready) => ready?,
            None => future.await?,
        });
    }
    Ok(outcomes)
}

/// A statement with its values numbered, and lists of values taken, as PostgreSQL does it.
fn numbered(sql: &str) -> String {
    const LIST: &str = "IN (SELECT value FROM json_each(?";
    let (mut text, mut rest) = (String::with_capacity(sql.len()), sql);
    while let Some((before, after)) = rest.split_once(LIST) {
        let Some((number, after)) = after.split_once("))") else { break };
        text.push_str(before);
        text.push_str("= ANY(?");
        text.push_str(number);
        text.push(')');
        rest = after;
    }
    text.push_str(rest);
    text.replace('?', "$")
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn statements_are_told_in_the_words_of_the_server() {
        let cases = [
            ("SELECT a FROM b WHERE c = ?1 AND d > ?2", "SELECT a FROM b WHERE c = $1 AND d > $2"),
            (
                "SELECT a FROM b WHERE c IN (SELECT value FROM json_each(?1)) AND d IN (SELECT value FROM json_each(?2)) LIMIT ?3",
                "SELECT a FROM b WHERE c = ANY($1) AND d = ANY($2) LIMIT $3",
            ),
        ];
        for (sql, expected) in cases {
            assert_eq!(numbered(sql), expected);
        }
    }
}
