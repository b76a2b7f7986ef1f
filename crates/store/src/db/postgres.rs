//! A session with a PostgreSQL server.
//!
//! Statements whose outcome nobody looks at are sent in one go: the server works through them while the next are written, and one
//! answer is waited for instead of a thousand.

use super::tls::{self, Tls};
use super::{Failure, Result, Value};
use crate::StoreError;
use crate::limits::{MOST_DEFERRED, MOST_ROWS_TOGETHER, SECONDS_TO_CONNECT, SECONDS_TO_NOTICE_SILENCE};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio_postgres::config::Host;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage, Statement};

/// Oldest server that is supported: the oldest that its makers still mend.
const OLDEST: i64 = 140_000;

/// What a session is told when it begins. A commit is on the disk before it is answered, whatever the server's own setting.
///
/// Every statement has an index that serves it whatever its values are (the contract of the store holds it against a server that is told
/// the same), so each is planned once in a session and never for its values, which costs more than most of them do, and a table is
/// walked through only where there is no other way.
const SETUP: &str = "SET synchronous_commit = on; SET jit = off; SET client_min_messages = warning; \
                     SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; \
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
    deferred: RefCell<Vec<Deferred>>,
    /// Whether a transaction is open at the server.
    open: Cell<bool>,
}

/// What is sent together with what comes after it.
enum Deferred {
    /// The beginning of a transaction.
    Begin(&'static str),
    /// A statement: its text, as the store has it, and its values.
    Run(String, Vec<Value<'static>>),
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
        let shown = format!("{} at {}", config.get_dbname().unwrap_or("the database"), hosts_of(&config));
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
            // Why a certificate is not believed stands below what failed; most else is said above already.
            let below = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            let above = Failure::from(error).to_string();
            unreachable(if above.contains(&below) || below.contains(&above) {
                above
            } else {
                format!("{above}: {below}")
            })
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
        let values = values.iter().cloned().map(Value::into_owned).collect();
        let waiting = {
            let mut deferred = self.deferred.borrow_mut();
            deferred.push(Deferred::Run(sql.to_owned(), values));
            deferred.len()
        };
        if waiting < MOST_DEFERRED { Ok(()) } else { self.flush() }
    }

    /// Runs what was put off.
    fn flush(&self) -> Result<()> {
        if self.deferred.borrow().is_empty() {
            return Ok(());
        }
        self.ask(async { Ok(()) })
    }

    /// Runs what was put off and then something else, all of it sent in one go. What fails first is the answer.
    fn ask<T>(&self, last: impl Future<Output = std::result::Result<T, Error>>) -> Result<T> {
        let deferred = std::mem::take(&mut *self.deferred.borrow_mut());
        if deferred.is_empty() {
            return self.wait(last);
        }
        let mut asked: Vec<Asked<'_, T>> = Vec::new();
        let mut runs = Vec::new();
        for one in deferred {
            match one {
                Deferred::Begin(words) => asked.push(Box::pin(async move {
                    self.open.set(true);
                    self.client.batch_execute(words).await.map(|()| None)
                })),
                Deferred::Run(sql, values) => runs.push((sql, values)),
            }
        }
        for (sql, values) in rows_together(runs) {
            let statement = self.prepared(&sql)?;
            asked.push(Box::pin(
                async move { self.client.execute_raw(&statement, &values).await.map(|_| None) },
            ));
        }
        asked.push(Box::pin(async move { last.await.map(Some) }));
        let outcomes = self.wait(in_order(asked))?;
        outcomes.into_iter().flatten().next_back().ok_or_else(|| Failure::unreadable("an answer"))
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64> {
        let statement = self.prepared(sql)?;
        self.ask(self.client.execute_raw(&statement, values))
    }

    pub(crate) fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<tokio_postgres::Row>> {
        let statement = self.prepared(sql)?;
        self.ask(self.client.query(&statement, &borrowed(values)))
    }

    pub(crate) fn query_each(
        &self,
        sql: &str,
        sets: &[Vec<Value<'_>>],
    ) -> Result<Vec<Vec<tokio_postgres::Row>>> {
        let statement = self.prepared(sql)?;
        let sets: Vec<_> = sets.iter().map(|values| borrowed(values)).collect();
        self.ask(in_order(sets.iter().map(|values| self.client.query(&statement, values))))
    }

    /// The rows of several statements, which are sent in one go.
    pub(crate) fn query_several(
        &self,
        asked: &[(&str, &[Value<'_>])],
    ) -> Result<Vec<Vec<tokio_postgres::Row>>> {
        let prepared: Vec<_> = asked
            .iter()
            .map(|(sql, values)| Ok((self.prepared(sql)?, borrowed(values))))
            .collect::<Result<_>>()?;
        self.ask(in_order(prepared.iter().map(|(statement, values)| self.client.query(statement, values))))
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        self.ask(self.client.batch_execute(sql))
    }

    /// The first value of the last row of statements, as text.
    pub(crate) fn word(&self, sql: &str) -> Result<Option<String>> {
        let messages = self.wait(self.client.simple_query(sql))?;
        Ok(messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    pub(crate) fn begin(&self) {
        self.begin_as("BEGIN");
    }

    /// Begins a transaction with these words, which are sent with its first statement.
    pub(crate) fn begin_as(&self, words: &'static str) {
        let mut deferred = self.deferred.borrow_mut();
        deferred.clear();
        deferred.push(Deferred::Begin(words));
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

/// The hosts of a configuration as people write them, with the port where it is not the usual one.
fn hosts_of(config: &Config) -> String {
    const USUAL: u16 = 5432;
    let ports = config.get_ports();
    let shown = |(number, host): (usize, &Host)| {
        let name = match host {
            Host::Tcp(name) if name.contains(':') => format!("[{name}]"),
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        };
        // One port may stand for all hosts.
        match ports.get(number).or(ports.first()) {
            Some(port) if *port != USUAL => format!("{name}:{port}"),
            _ => name,
        }
    };
    config.get_hosts().iter().enumerate().map(shown).collect::<Vec<_>>().join(", ")
}

fn borrowed<'a>(values: &'a [Value<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Something that is asked, and what it gives where it is what the caller waits for.
type Asked<'a, T> = Pin<Box<dyn Future<Output = std::result::Result<Option<T>, Error>> + 'a>>;

/// The outcomes of futures, each begun before any is waited for, in their order. Where one cannot be begun none after it is.
async fn in_order<T, E>(
    futures: impl IntoIterator<Item = impl Future<Output = std::result::Result<T, E>>>,
) -> std::result::Result<Vec<T>, E> {
    let mut asked: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, outcome) in &mut asked {
            if let Poll::Ready(ready) = future.as_mut().poll(context) {
                let failed = ready.is_err();
                *outcome = Some(ready);
                if failed {
                    break;
                }
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

/// Rows that follow each other into a table as one statement, which is less work for both sides than one for each. The sizes are powers
/// of two, so that a session plans few.
fn rows_together(runs: Vec<(String, Vec<Value<'static>>)>) -> Vec<(String, Vec<Value<'static>>)> {
    let mut together = Vec::with_capacity(runs.len());
    let mut rest = runs.into_iter().peekable();
    while let Some((sql, values)) = rest.next() {
        let one_row = is_one_row(&sql, values.len());
        let mut rows = vec![values];
        if one_row {
            while let Some((_, values)) = rest.next_if(|(next, _)| *next == sql) {
                rows.push(values);
            }
        }
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let size = (1 << rows.len().ilog2()).min(MOST_ROWS_TOGETHER);
            let part: Vec<_> = rows.by_ref().take(size).collect();
            together.push((with_rows(&sql, &part), part.into_iter().flatten().collect()));
        }
    }
    together
}

/// Whether a statement writes one row of so many values, each in its place, and nothing else hangs on it.
fn is_one_row(sql: &str, values: usize) -> bool {
    sql.starts_with("INSERT INTO ") && sql.ends_with(&format!(" VALUES {}", places(1, values)))
}

/// A statement that writes one row, for as many as these.
fn with_rows(sql: &str, rows: &[Vec<Value<'_>>]) -> String {
    let mut text = sql.to_owned();
    let mut next = rows.first().map_or(0, Vec::len) + 1;
    for row in rows.iter().skip(1) {
        text.push_str(", ");
        text.push_str(&places(next, row.len()));
        next += row.len();
    }
    text
}

/// The places of so many values from a number on.
fn places(from: usize, count: usize) -> String {
    let numbers: Vec<String> = (from..from + count).map(|number| format!("?{number}")).collect();
    format!("({})", numbers.join(", "))
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
    use super::{Postgres, PostgresTarget, Value, numbered, rows_together};

    #[test]
    fn why_a_server_cannot_be_reached_is_said_once() {
        // Nobody listens at the first port.
        let target = PostgresTarget::parse("postgres://a@127.0.0.1:1/kervan").unwrap();
        let said = Postgres::connect(&target).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains("127.0.0.1:1)"), "{said}");
        assert_eq!(said.matches("refused").count(), 1, "{said}");
    }

    #[test]
    fn a_server_is_named_with_its_port_where_that_is_not_the_usual_one_and_never_with_a_password() {
        for (url, shown) in [
            ("postgres://a:secret@db.example/kervan", "kervan at db.example"),
            ("postgres://a@db.example:5432/kervan", "kervan at db.example"),
            ("postgres://a@127.0.0.1:5544/kervan", "kervan at 127.0.0.1:5544"),
            ("postgres://a@[::1]:5544/kervan", "kervan at [::1]:5544"),
            ("postgres://a@one:5433,two:5434/kervan", "kervan at one:5433, two:5434"),
            ("postgres://a@%2Fvar%2Frun/kervan", "kervan at /var/run"),
            ("postgres://a@db.example", "the database at db.example"),
        ] {
            assert_eq!(PostgresTarget::parse(url).unwrap().shown(), shown, "{url}");
        }
    }

    #[test]
    fn rows_that_follow_each_other_are_written_together() {
        let one = "INSERT INTO a (b, c) VALUES (?1, ?2)";
        let apart = "INSERT INTO a (b, c) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        let row = |sql: &str, number: i64| (sql.to_owned(), vec![Value::Int(number), Value::Null]);
        let runs = [(0, one), (1, one), (2, one), (3, apart), (4, apart), (5, one)];
        let written = rows_together(runs.iter().map(|(number, sql)| row(sql, *number)).collect());
        let two = "INSERT INTO a (b, c) VALUES (?1, ?2), (?3, ?4)";
        let expected = [
            (two.to_owned(), vec![Value::Int(0), Value::Null, Value::Int(1), Value::Null]),
            row(one, 2),
            row(apart, 3),
            row(apart, 4),
            row(one, 5),
        ];
        assert_eq!(written, expected);
        let written = rows_together((0..100).map(|number| row(one, number)).collect());
        let rows: Vec<usize> = written.iter().map(|(_, values)| values.len() / 2).collect();
        assert_eq!(rows, [32, 32, 32, 4]);
        let numbers =
            written.iter().flat_map(|(_, values)| values.iter().filter(|value| **value != Value::Null));
        assert!(numbers.cloned().eq((0..100).map(Value::Int)));
    }

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
