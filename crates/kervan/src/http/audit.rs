//! The audit log over HTTP: read page by page, and checked.

use super::api::Api;
use super::paging::{PAGE, Page, read_cursor, read_limit};
use super::problem::Problem;
use axum::Json;
use axum::extract::{Query, State};
use axum::http::Uri;
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kervan_model::Finding;
use kervan_node::Desk;
use kervan_store::{AuditEntry, AuditFlaw, AuditHead, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Entries that are looked at for one page of those about somebody: the rest is for the next page.
const LOOKED_AT: i64 = 20_000;
/// Entries that are read at once.
const AT_ONCE: u32 = 1_000;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_audit)).routes(routes!(check_audit))
}

/// An entry of the audit log.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AuditLine {
    /// Its number, from 1, without a gap.
    number: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who: a person, a party, or the command line of the machine.
    actor: String,
    /// What, such as `sign-in`.
    act: String,
    /// To whom or what.
    about: String,
    /// What else there is to say. Never a secret.
    #[schema(value_type = Object)]
    detail: Value,
    /// The hash of the entry before, 64 hexadecimal digits.
    previous: String,
    /// Its own hash.
    hash: String,
}

impl From<AuditEntry> for AuditLine {
    fn from(entry: AuditEntry) -> Self {
        let detail: Value = serde_json::from_str(&entry.row.detail).unwrap_or_default();
        Self {
            number: entry.seq,
            at: entry.row.at,
            actor: entry.row.actor,
            act: entry.row.act,
            about: entry.row.about,
            detail: if detail.is_object() { detail } else { Value::Object(serde_json::Map::new()) },
            previous: HEXLOWER.encode(&entry.previous),
            hash: HEXLOWER.encode(&entry.hash),
        }
    }
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only those about this person, party or key, or by them.
    about: Option<String>,
    /// Only those after this number: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// What was put on record, the oldest first; the link `next` leads on. A page of those about somebody may hold fewer than asked for,
/// or none, and still lead on.
#[utoipa::path(get, path = "/api/audit", tag = "people", security(("party" = [])), params(AuditQuery),
    responses((status = 200, body = Vec<AuditLine>), (status = 422, body = Problem)))]
async fn list_audit(
    State(api): State<Api>,
    uri: Uri,
    Query(query): Query<AuditQuery>,
) -> Result<Page<Vec<AuditLine>>, Problem> {
    let after: i64 = read_cursor(query.after.as_deref())?.unwrap_or(0);
    let limit = read_limit(query.limit, PAGE)? as usize;
    api.run(move |desk| {
        let (entries, last) = read(desk, after.max(0), limit, query.about.as_deref())?;
        let lines = entries.into_iter().map(AuditLine::from).collect();
        Ok(Page::new(lines, &uri, last.as_ref()))
    })
    .await
}

/// A page of entries, and after which number the next begins if there is one.
fn read(
    desk: &Desk,
    after: i64,
    limit: usize,
    about: Option<&str>,
) -> Result<(Vec<AuditEntry>, Option<i64>), StoreError> {
    let (mut found, mut last) = (Vec::new(), after);
    while last.saturating_sub(after) < LOOKED_AT {
        let page = desk.store.list_audit(last, AT_ONCE)?;
        if page.is_empty() {
            return Ok((found, None));
        }
        for entry in page {
            let wanted = about.is_none_or(|about| entry.row.about == about || entry.row.actor == about);
            if wanted && found.len() == limit {
                return Ok((found, Some(last)));
            }
            last = entry.seq;
            found.extend(wanted.then_some(entry));
        }
    }
    Ok((found, Some(last)))
}

/// An end of the log that was written down.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KnownEnd {
    /// The end as an earlier check gave it: NUMBER:HASH.
    #[param(example = "0:0000000000000000000000000000000000000000000000000000000000000000")]
    known: Option<String>,
}

/// What is wrong with the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct FlawLine {
    /// `changed`, `moved`, `missing`, `unlinked` or `other-head`.
    flaw: &'static str,
    /// The entry, or the first of them.
    number: i64,
    /// The last of those that are missing, or the number under which the entry was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<i64>,
}

impl From<&AuditFlaw> for FlawLine {
    fn from(flaw: &AuditFlaw) -> Self {
        let line = |flaw, number, other| Self { flaw, number, other };
        match *flaw {
            AuditFlaw::Changed { seq } => line("changed", seq, None),
            AuditFlaw::Moved { seq, from } => line("moved", seq, Some(from)),
            AuditFlaw::Missing { from, to } => line("missing", from, Some(to)),
            AuditFlaw::Unlinked { seq } => line("unlinked", seq, None),
            AuditFlaw::OtherHead { seq } => line("other-head", seq, None),
        }
    }
}

/// What looking through the log has found.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct AuditReport {
    /// Whether nothing of it was changed, moved, taken out or written anew.
    whole: bool,
    /// How many entries there are.
    entries: u64,
    /// Its end, NUMBER:HASH: to be kept where whoever may write into the database cannot reach, and given as `known` the next time.
    end: String,
    /// What is wrong, in the order of the log.
    flaws: Vec<FlawLine>,
}

/// Reads the whole log and names what was changed, moved, taken out or written anew.
#[utoipa::path(get, path = "/api/audit/check", tag = "people", security(("party" = [])), params(KnownEnd),
    responses((status = 200, body = AuditReport), (status = 422, body = Problem)))]
async fn check_audit(
    State(api): State<Api>,
    Query(query): Query<KnownEnd>,
) -> Result<Json<AuditReport>, Problem> {
    let read = |text: String| {
        text.parse::<AuditHead>().map_err(|_| {
            let finding = Finding::error("identity.audit-end", "this is no end of an audit log").at("known");
            Problem::invalid(&[finding.remedy("write it as NUMBER:HASH, as an earlier check gave it")])
        })
    };
    let known = query.known.map(read).transpose()?;
    let check = api.run(move |desk| Ok(desk.store.check_audit(known)?)).await?;
    Ok(Json(AuditReport {
        whole: check.flaws.is_empty(),
        entries: check.entries,
        end: check.head.to_string(),
        flaws: check.flaws.iter().map(FlawLine::from).collect(),
    }))
}
