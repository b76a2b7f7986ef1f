//! Each write as SQL.

use crate::rows::Write;
use rusqlite::{Result, Transaction, params};

/// Applies one write inside a transaction.
pub(crate) fn apply(transaction: &Transaction<'_>, write: &Write) -> Result<()> {
    match write {
        Write::Party(row) => transaction
            .prepare_cached("INSERT OR REPLACE INTO party (id, record, key_pem, token_hash) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![row.id.as_str(), row.record, row.key_pem, row.token_hash])?,
        Write::Entry(row) => transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO entry (id, dossier, kind, author, authored, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                row.id.as_str(),
                row.dossier.as_str(),
                row.kind.word(),
                row.author.as_str(),
                row.authored.to_string(),
                row.entry
            ])?,
        Write::Event(row) => transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO event (hash, reference, event_type, biz_step, read_point, event_time, record_time, event)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                row.hash,
                row.reference.as_ref().map(|reference| reference.as_str()),
                row.event_type,
                row.biz_step,
                row.read_point,
                row.event_time.to_string(),
                row.record_time.to_string(),
                row.event
            ])?,
        Write::Position(row) => transaction
            .prepare_cached("INSERT INTO position (reference, at, lat_e7, lon_e7, link) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![row.reference.as_str(), row.at.to_string(), row.lat_e7, row.lon_e7, row.link])?,
        Write::Eta(row) => transaction
            .prepare_cached("INSERT INTO eta (reference, given, p10, p50, p90, because) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![
                row.reference.as_str(),
                row.given.to_string(),
                row.p10.to_string(),
                row.p50.to_string(),
                row.p90.to_string(),
                row.because
            ])?,
        Write::Consignment(row) => transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO consignment (reference, dossier, state, summary, updated) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                row.reference.as_str(),
                row.dossier.as_str(),
                row.state,
                row.summary,
                row.updated.to_string()
            ])?,
        Write::Movement(row) => transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO movement (id, reference, state, movement, updated) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                row.id.as_str(),
                row.reference.as_str(),
                row.state,
                row.movement,
                row.updated.to_string()
            ])?,
        Write::Change { topic, payload } => transaction
            .prepare_cached("INSERT INTO change (topic, payload) VALUES (?1, ?2)")?
            .execute(params![topic.word(), payload])?,
        Write::Answer(row) => transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO answer (party, key, request_hash, status, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![row.party.as_str(), row.key, row.request_hash, row.status, row.body])?,
        Write::Note { name, value } => transaction
            .prepare_cached("INSERT OR REPLACE INTO note (name, value) VALUES (?1, ?2)")?
            .execute(params![name, value])?,
    };
    Ok(())
}
