//! `kervan message received` and `kervan message original`: messages as they came in.

use super::super::output;
use super::{Failure, Outcome};
use crate::facts::Facts;
use crate::http::wire;
use crate::setup::open_node;
use kervan_store::{MOST_LISTED, ReceivedRow, Store};
use std::io::Write;
use std::path::Path;

/// Digits of a hash that a table shows; they are enough to name a message.
const SHOWN_DIGITS: usize = 12;
const UNREADABLE: &str = "stop the server of the folder, or name another folder";

/// Lists messages, all or those about a movement and with an outcome.
pub(super) fn list(
    facts: &Facts,
    data: &Path,
    (movement, outcome): (Option<&str>, Option<&str>),
    json: bool,
) -> Result<Outcome, Failure> {
    let desk = open_node(facts, data)?.desk;
    let rows = desk.store.list_received(movement, outcome, MOST_LISTED);
    let rows = rows.map_err(|error| Failure::new(error.to_string()).remedy(UNREADABLE))?;
    if json {
        let rows: Vec<wire::ReceivedMessage> = rows.iter().map(wire::ReceivedMessage::from).collect();
        output::json(&rows);
        return Ok(Outcome::Done);
    }
    let mut table = output::table(&["received", "from", "message", "movement", "outcome", "hash"]);
    for row in &rows {
        let shown: String = row.hash.chars().take(SHOWN_DIGITS).collect();
        let movement = row.movement.as_ref().map(ToString::to_string).unwrap_or_default();
        let code = row.code.as_deref().unwrap_or("not readable");
        table.add_row([&row.received.to_string(), row.party.as_str(), code, &movement, &row.outcome, &shown]);
    }
    output::line(&table.to_string());
    Ok(Outcome::Done)
}

/// Prints the bytes of a message, or of the message that refused it.
pub(super) fn print(
    facts: &Facts,
    data: &Path,
    (hash, refusal): (&str, bool),
    file: Option<&Path>,
) -> Result<Outcome, Failure> {
    let desk = open_node(facts, data)?.desk;
    let row = find(&desk.store, hash)?;
    let bytes = match (refusal, row.refusal) {
        (false, _) if row.content.is_empty() => {
            let text =
                format!("the bytes of the message {hash} are not kept any longer; it was {}", row.outcome);
            return Err(Failure::new(text)
                .remedy("a message that changed nothing is kept for a year; ask its sender"));
        }
        (false, _) => row.content,
        (true, Some(text)) => text.into_bytes(),
        (true, None) => {
            let text = format!("nothing refused the message {hash}; it was {}", row.outcome);
            return Err(Failure::new(text).remedy("leave --refusal out"));
        }
    };
    let written = match file {
        Some(file) => std::fs::write(file, &bytes),
        None => std::io::stdout().lock().write_all(&bytes),
    };
    written.map_err(|error| {
        Failure::new(format!("the message cannot be written: {error}")).remedy("name another file")
    })?;
    Ok(Outcome::Done)
}

/// The message whose hash begins so.
fn find(store: &Store, hash: &str) -> Result<ReceivedRow, Failure> {
    let failed = |error: kervan_store::StoreError| Failure::new(error.to_string()).remedy(UNREADABLE);
    let rows = store.list_received(None, None, MOST_LISTED).map_err(failed)?;
    let mut named: Vec<String> =
        rows.into_iter().map(|row| row.hash).filter(|known| known.starts_with(hash)).collect();
    named.sort_unstable();
    named.dedup();
    let whole = match named.as_slice() {
        [one] => one.as_str(),
        [] => hash,
        _ => {
            return Err(Failure::new(format!("{} messages begin with {hash}", named.len()))
                .remedy("give more digits"));
        }
    };
    let row = store.find_message(whole).map_err(failed)?;
    row.ok_or_else(|| {
        Failure::new(format!("no message has the hash {hash}")).remedy("kervan message received lists them")
    })
}
