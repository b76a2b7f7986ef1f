//! Each write as SQL.

use crate::apply_guarantees::{put_guarantee, release, reserve};
use crate::apply_positions::{append_fixes, append_sensed, put_carriage, put_mounting};
use crate::circle::put_circle;
use crate::control_claims::put_claim;
use crate::db::{Db, Failure, Result, values};
use crate::events::{add_query, add_subscription, put_job, put_vocabulary, remove_query};
use crate::identity::apply_identity;
use crate::rows::{
    AnswerRow, ConsignmentRow, EntryRow, EtaRow, MovementRow, PartyRow, ReceivedRow, RulePackRow,
    ScreeningDecisionRow, Write,
};
use crate::schema::Partitions;
use crate::tracking::apply_tracking;

/// Applies one write inside a transaction.
pub(crate) fn apply(db: &Db, partitions: &Partitions, write: &Write) -> Result<()> {
    match write {
        Write::Party(row) => put_party(db, row),
        Write::Entry(row) => append_entry(db, row),
        Write::Disclosed(row) => disclose_entry(db, row),
        // The writer appends events itself, because they take part in an index.
        Write::Event(_) => Ok(()),
        Write::OldEventFiled(hash) => db.run("DELETE FROM event WHERE hash = ?1", &values![hash]),
        Write::CaptureJob(row) => put_job(db, row),
        Write::Vocabulary(row) => put_vocabulary(db, row),
        Write::NamedQuery(row) => add_query(db, row),
        Write::RemoveNamedQuery(name) => remove_query(db, name),
        Write::Subscription(row) => add_subscription(db, row),
        Write::SubscriptionProgress { id, progress } => {
            db.run("UPDATE event_subscription SET progress = ?2 WHERE id = ?1", &values![id, progress])
        }
        Write::SubscriptionTerms { id, terms } => {
            db.run("UPDATE event_subscription SET terms = ?2 WHERE id = ?1", &values![id, terms])
        }
        Write::RemoveSubscription(id) => db.run("DELETE FROM event_subscription WHERE id = ?1", &values![id]),
        Write::RemoveAged { aged, before } => crate::retention::remove_aged(db, aged, *before),
        Write::Fixes(row) => append_fixes(db, partitions, row),
        Write::Sensed { device, rows } => append_sensed(db, partitions, device, rows),
        Write::Mounting(row) => put_mounting(db, row),
        Write::Carriage(row) => put_carriage(db, row),
        Write::Eta(row) => append_eta(db, row),
        Write::Consignment(row) => put_consignment(db, row),
        Write::Movement(row) => put_movement(db, row),
        Write::Circle(row) => put_circle(db, row),
        Write::Answer(row) => append_answer(db, row),
        Write::Message(row) => put_message(db, row),
        Write::ForgetOriginals { before, most } => {
            let sql = format!(
                "UPDATE message SET content = ?3 WHERE seq IN
                 (SELECT seq FROM message WHERE {FORGOTTEN} AND received < ?1 ORDER BY received LIMIT ?2)"
            );
            db.run(&sql, &values![before.to_string(), most, [0_u8; 0].as_slice()])
        }
        Write::RulePack(row) => append_rule_pack(db, row),
        Write::Guarantee(row) => put_guarantee(db, row),
        Write::Reserve(item) => reserve(db, item),
        Write::Release(item) => release(db, item),
        Write::Plan(row) => crate::plans::append_plan(db, row),
        Write::Tracking(write) => apply_tracking(db, write),
        Write::Identity(write) => apply_identity(db, write),
        Write::ScreeningDecision(row) => append_screening_decision(db, row),
        Write::ControlClaim(row) => put_claim(db, row),
        Write::Equipment { number, reference } => db.run(
            "INSERT INTO equipment (number, reference) VALUES (?1, ?2)
             ON CONFLICT (number) DO UPDATE SET reference = excluded.reference",
            &values![number, reference.as_str()],
        ),
        Write::Change { topic, payload } => {
            db.run("INSERT INTO change (topic, payload) VALUES (?1, ?2)", &values![topic.word(), payload])
        }
        Write::Note { name, value } => db.run(
            "INSERT INTO note (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &values![name, value],
        ),
    }
}

fn put_party(db: &Db, row: &PartyRow) -> Result<()> {
    let sql = "INSERT INTO party (id, record, key_pem) VALUES (?1, ?2, ?3)
               ON CONFLICT (id) DO UPDATE SET record = excluded.record, key_pem = excluded.key_pem";
    db.run(sql, &values![row.id.as_str(), &row.record, &row.key_pem])
}

/// An id as the 32 bytes that it stands as: indexes of hashes are touched anywhere, and half the bytes are half the pages.
pub(crate) fn bytes_of_id(id: &str) -> Result<[u8; 32]> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(id.as_bytes());
    bytes.ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| Failure::unreadable(id))
}

fn append_entry(db: &Db, row: &EntryRow) -> Result<()> {
    // An index over all partitions of PostgreSQL cannot be unique, so the one writer looks first.
    let sql = if db.is_sqlite() {
        "INSERT INTO entry (id, dossier, kind, author, authored, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO NOTHING"
    } else {
        "INSERT INTO entry (id, dossier, kind, author, authored, entry) SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id = ?1)"
    };
    let (id, dossier) = (bytes_of_id(row.id.as_str())?, bytes_of_id(row.dossier.as_str())?);
    let authored = row.authored.to_string();
    db.run(sql, &values![&id, &dossier, &row.kind, row.author.as_str(), authored, &row.entry])
}

fn disclose_entry(db: &Db, row: &EntryRow) -> Result<()> {
    let (id, dossier) = (bytes_of_id(row.id.as_str())?, bytes_of_id(row.dossier.as_str())?);
    let sql = "UPDATE entry SET entry = ?3 WHERE id = ?1 AND dossier = ?2";
    db.run(sql, &values![&id, &dossier, &row.entry])
}

fn append_eta(db: &Db, row: &EtaRow) -> Result<()> {
    let sql = "INSERT INTO eta (reference, given, p10, p50, p90, because, estimate) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let [given, p10, p50, p90] = [row.given, row.p10, row.p50, row.p90].map(|instant| instant.to_string());
    db.run(sql, &values![row.reference.as_str(), given, p10, p50, p90, &row.because, &row.estimate])
}

fn put_consignment(db: &Db, row: &ConsignmentRow) -> Result<()> {
    let sql =
        "INSERT INTO consignment (reference, dossier, state, summary, updated) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (reference) DO UPDATE SET dossier = excluded.dossier, state = excluded.state,
               summary = excluded.summary, updated = excluded.updated";
    let (reference, dossier) = (row.reference.as_str(), row.dossier.as_str());
    db.run(sql, &values![reference, dossier, &row.state, &row.summary, row.updated.to_string()])
}

fn put_movement(db: &Db, row: &MovementRow) -> Result<()> {
    let sql = "INSERT INTO movement (id, reference, state, movement, updated, due, mrn)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (id) DO UPDATE SET reference = excluded.reference, state = excluded.state,
               movement = excluded.movement, updated = excluded.updated, due = excluded.due, mrn = excluded.mrn";
    let (id, reference) = (row.id.as_str(), row.reference.as_str());
    let (updated, due) = (row.updated.to_string(), row.due.map(|due| due.to_string()));
    db.run(sql, &values![id, reference, &row.state, &row.movement, updated, due, &row.mrn])
}

fn append_answer(db: &Db, row: &AnswerRow) -> Result<()> {
    // A claim is filled once; an answer stays as it is.
    let sql = "INSERT INTO answer (party, key, request_hash, status, body) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (party, key) DO UPDATE SET status = excluded.status, body = excluded.body
               WHERE answer.status = 0 AND answer.request_hash = excluded.request_hash";
    db.run(sql, &values![&row.caller, &row.key, &row.request_hash, row.status, &row.body])
}

/// Messages whose bytes may be forgotten: no signed entry names them. As the index `message_to_forget` has it.
pub(crate) const FORGOTTEN: &str = "outcome NOT IN ('applied', 'waiting') AND length(content) > 0";

fn put_message(db: &Db, row: &ReceivedRow) -> Result<()> {
    let sql = "INSERT INTO message
               (hash, party, identification, code, movement, outcome, received, content, refusal)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
               ON CONFLICT (hash, party) DO UPDATE
               SET movement = excluded.movement, outcome = excluded.outcome, refusal = excluded.refusal";
    let values = values![
        &row.hash,
        row.party.as_str(),
        &row.identification,
        &row.code,
        row.movement.as_ref().map(|movement| movement.as_str()),
        &row.outcome,
        row.received.to_string(),
        &row.content,
        &row.refusal,
    ];
    db.run(sql, &values)
}

fn append_rule_pack(db: &Db, row: &RulePackRow) -> Result<()> {
    let sql = "INSERT INTO rule_pack (hash, pack, version, territory, content, signature)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (hash) DO NOTHING";
    let values = values![&row.hash, &row.pack, &row.version, &row.territory, &row.content, &row.signature];
    db.run(sql, &values)
}

fn append_screening_decision(db: &Db, row: &ScreeningDecisionRow) -> Result<()> {
    let sql = "INSERT INTO screening_decision (territory, question, reference, decided, decision)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let decided = row.decided.to_string();
    let values = values![&row.territory, &row.question, row.reference.as_str(), decided, &row.decision];
    db.run(sql, &values)
}
