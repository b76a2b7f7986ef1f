//! Each write as SQL.

use crate::apply_guarantees::{put_guarantee, release, reserve};
use crate::apply_positions::{append_fixes, append_sensed, put_carriage, put_mounting};
use crate::control_claims::put_claim;
use crate::events::{add_query, add_subscription, put_job, remove_query};
use crate::rows::{
    AnswerRow, ConsignmentRow, EntryRow, EtaRow, MovementRow, PartyRow, ReceivedRow, RulePackRow,
    ScreeningDecisionRow, Write,
};
use crate::tracking::apply_tracking;
use rusqlite::{Params, Result, Transaction};

/// Applies one write inside a transaction.
pub(crate) fn apply(transaction: &Transaction<'_>, write: &Write) -> Result<()> {
    match write {
        Write::Party(row) => put_party(transaction, row),
        Write::Entry(row) => append_entry(transaction, row),
        Write::Disclosed(row) => run(
            transaction,
            "UPDATE entry SET entry = ?3 WHERE id = unhex(?1) AND dossier = unhex(?2)",
            (row.id.as_str(), row.dossier.as_str(), &row.entry),
        ),
        // The writer appends events itself, because they take part in an index.
        Write::Event(_) => Ok(()),
        Write::OldEventFiled(hash) => run(transaction, "DELETE FROM event WHERE hash = ?1", [hash]),
        Write::CaptureJob(row) => put_job(transaction, row),
        Write::NamedQuery(row) => add_query(transaction, row),
        Write::RemoveNamedQuery(name) => remove_query(transaction, name),
        Write::Subscription(row) => add_subscription(transaction, row),
        Write::SubscriptionProgress { id, progress } => {
            run(transaction, "UPDATE event_subscription SET progress = ?2 WHERE id = ?1", (id, progress))
        }
        Write::RemoveSubscription(id) => {
            run(transaction, "DELETE FROM event_subscription WHERE id = ?1", [id])
        }
        Write::Fixes(row) => append_fixes(transaction, row),
        Write::Sensed { device, rows } => append_sensed(transaction, device, rows),
        Write::Mounting(row) => put_mounting(transaction, row),
        Write::Carriage(row) => put_carriage(transaction, row),
        Write::Eta(row) => append_eta(transaction, row),
        Write::Consignment(row) => put_consignment(transaction, row),
        Write::Movement(row) => put_movement(transaction, row),
        Write::Answer(row) => append_answer(transaction, row),
        Write::Message(row) => put_message(transaction, row),
        Write::RulePack(row) => append_rule_pack(transaction, row),
        Write::Guarantee(row) => put_guarantee(transaction, row),
        Write::Reserve(item) => reserve(transaction, item),
        Write::Release(item) => release(transaction, item),
        Write::Tracking(write) => apply_tracking(transaction, write),
        Write::ScreeningDecision(row) => append_screening_decision(transaction, row),
        Write::ControlClaim(row) => put_claim(transaction, row),
        Write::Equipment { number, reference } => run(
            transaction,
            "INSERT OR REPLACE INTO equipment (number, reference) VALUES (?1, ?2)",
            (number, reference.as_str()),
        ),
        Write::Change { topic, payload } => {
            run(transaction, "INSERT INTO change (topic, payload) VALUES (?1, ?2)", (topic.word(), payload))
        }
        Write::Note { name, value } => {
            run(transaction, "INSERT OR REPLACE INTO note (name, value) VALUES (?1, ?2)", (name, value))
        }
    }
}

pub(crate) fn run(transaction: &Transaction<'_>, sql: &str, params: impl Params) -> Result<()> {
    transaction.prepare_cached(sql)?.execute(params).map(|_| ())
}

fn put_party(transaction: &Transaction<'_>, row: &PartyRow) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO party (id, record, key_pem, token_hash) VALUES (?1, ?2, ?3, ?4)";
    run(transaction, sql, (row.id.as_str(), &row.record, &row.key_pem, &row.token_hash))
}

fn append_entry(transaction: &Transaction<'_>, row: &EntryRow) -> Result<()> {
    // Ids stand as their 32 bytes: indexes of hashes are touched anywhere, and half the bytes are half the pages.
    let sql = "INSERT INTO entry (id, dossier, kind, author, authored, entry)
               VALUES (unhex(?1), unhex(?2), ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING";
    let (id, dossier, author) = (row.id.as_str(), row.dossier.as_str(), row.author.as_str());
    run(transaction, sql, (id, dossier, &row.kind, author, row.authored.to_string(), &row.entry))
}

fn append_eta(transaction: &Transaction<'_>, row: &EtaRow) -> Result<()> {
    let sql = "INSERT INTO eta (reference, given, p10, p50, p90, because, estimate) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let odds = [row.p10, row.p50, row.p90].map(|instant| instant.to_string());
    let [p10, p50, p90] = odds;
    run(
        transaction,
        sql,
        (row.reference.as_str(), row.given.to_string(), p10, p50, p90, &row.because, &row.estimate),
    )
}

fn put_consignment(transaction: &Transaction<'_>, row: &ConsignmentRow) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO consignment (reference, dossier, state, summary, updated)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let (reference, dossier) = (row.reference.as_str(), row.dossier.as_str());
    run(transaction, sql, (reference, dossier, &row.state, &row.summary, row.updated.to_string()))
}

fn put_movement(transaction: &Transaction<'_>, row: &MovementRow) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO movement (id, reference, state, movement, updated, due, mrn)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (id, reference) = (row.id.as_str(), row.reference.as_str());
    let due = row.due.map(|due| due.to_string());
    run(transaction, sql, (id, reference, &row.state, &row.movement, row.updated.to_string(), due, &row.mrn))
}

fn append_answer(transaction: &Transaction<'_>, row: &AnswerRow) -> Result<()> {
    let sql = "INSERT INTO answer (party, key, request_hash, status, body) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (party, key) DO NOTHING";
    run(transaction, sql, (row.party.as_str(), &row.key, &row.request_hash, row.status, &row.body))
}

fn put_message(transaction: &Transaction<'_>, row: &ReceivedRow) -> Result<()> {
    let sql = "INSERT INTO message
               (hash, party, identification, code, movement, outcome, received, content, refusal)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               ON CONFLICT (hash, party) DO UPDATE
               SET movement = excluded.movement, outcome = excluded.outcome, refusal = excluded.refusal";
    let movement = row.movement.as_ref().map(|movement| movement.as_str());
    let (party, received) = (row.party.as_str(), row.received.to_string());
    run(
        transaction,
        sql,
        (
            &row.hash,
            party,
            &row.identification,
            &row.code,
            movement,
            &row.outcome,
            received,
            &row.content,
            &row.refusal,
        ),
    )
}

fn append_rule_pack(transaction: &Transaction<'_>, row: &RulePackRow) -> Result<()> {
    let sql = "INSERT INTO rule_pack (hash, pack, version, territory, content, signature)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (hash) DO NOTHING";
    run(transaction, sql, (&row.hash, &row.pack, &row.version, &row.territory, &row.content, &row.signature))
}

fn append_screening_decision(transaction: &Transaction<'_>, row: &ScreeningDecisionRow) -> Result<()> {
    let sql = "INSERT INTO screening_decision (territory, question, reference, decided, decision)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let decided = row.decided.to_string();
    run(transaction, sql, (&row.territory, &row.question, row.reference.as_str(), decided, &row.decision))
}
