//! Routes of consignments: declare, list, read, accept, amend, attach.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::paging::{PAGE, Page, read_limit};
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{self, parse_part};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use kervan_dossier::UniqueValue;
use kervan_model::format::ConsignmentFile;
use kervan_model::{Finding, Reference};
use kervan_node::limits::MOST_TRAIL_POINTS;
use kervan_node::{
    CaseFile, ConsignmentState, Desk, Refusal, accept_carriage, accept_itinerary, amend_consignment,
    answer_amendment, attach_document, declare_consignment, load_events, read_summary,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_consignments, post_consignment))
        .routes(routes!(get_consignment))
        .routes(routes!(post_itinerary))
        .routes(routes!(post_amendment))
        .routes(routes!(post_answer))
        .routes(routes!(post_carriage))
        .routes(routes!(post_attachment))
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those in this state.
    state: Option<String>,
    /// Only those after this reference: the `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Consignments in the order of their references.
#[utoipa::path(get, path = "/api/consignments", tag = "consignments", params(ListQuery),
    responses((status = 200, body = wire::ConsignmentPage), (status = 422, body = Problem)))]
async fn list_consignments(
    State(api): State<Api>,
    uri: Uri,
    viewer: Viewer,
    Query(query): Query<ListQuery>,
) -> Result<Page<wire::ConsignmentPage>, Problem> {
    if let Some(state) = &query.state
        && !ConsignmentState::ALL.iter().any(|known| known.word() == state)
    {
        let words: Vec<_> = ConsignmentState::ALL.iter().map(|state| state.word()).collect();
        let finding = Finding::error("request.state", format!("`{state}` is no state of a consignment"));
        return Err(Problem::invalid(&[finding
            .at("state")
            .remedy(format!("use one of {}", words.join(", ")))]));
    }
    let after = query.after.as_deref().map(|text| parse_part::<Reference>(text, "after")).transpose();
    let after = after.map_err(|findings| Problem::invalid(&findings))?;
    let limit = read_limit(query.limit, PAGE)?;
    api.run(move |desk| {
        let mut rows =
            viewer.sight(desk).list_consignments(query.state.as_deref(), after.as_ref(), limit + 1)?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| more).map(|row| row.reference.to_string());
        let items = rows
            .iter()
            .map(|row| Ok(wire::ConsignmentSummary::new(&read_summary(row)?, &desk.network)))
            .collect::<Result<_, Refusal>>()?;
        let cursor = next.clone();
        Ok(Page::new(wire::ConsignmentPage { items, next }, &uri, cursor.as_ref()))
    })
    .await
}

/// Declares a consignment from a consignment file in YAML or JSON; the caller is its forwarder.
#[utoipa::path(post, path = "/api/consignments", tag = "consignments",
    request_body(content((String = "application/yaml"), (Object = "application/json"))), security(("party" = [])),
    responses((status = 201, body = wire::ConsignmentDetail), (status = 401, body = Problem),
        (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_consignment(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<wire::ConsignmentDetail>), Problem> {
    let json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let value: Value = if json { read_json(&body)? } else { read_yaml(&body)? };
    let (file, _) = ConsignmentFile::read_value(value).map_err(|findings| Problem::invalid(&findings))?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let case = declare_consignment(desk, call, &file)?;
        detail(&viewer, desk, case)
    };
    let detail = api.act(caller.party, caller.key, work).await?;
    Ok((StatusCode::CREATED, Json(detail)))
}

/// Reads YAML: a consignment file, or what may be one. No field stands twice in it.
pub(super) fn read_yaml(body: &Bytes) -> Result<Value, Problem> {
    serde_norway::from_slice::<UniqueValue>(body).map(|unique| unique.0).map_err(|error| {
        let place = error.location().map(|at| format!("line {} column {}", at.line(), at.column()));
        let finding = Finding::error("request.not-yaml", kervan_model::in_plain_words(&error))
            .at(place.unwrap_or_else(|| "the file".into()))
            .remedy(kervan_model::format::SCHEMA_HINT);
        Problem::invalid(&[finding])
    })
}

/// Everything about a consignment that the viewer may see.
pub(super) fn detail(
    viewer: &Viewer,
    desk: &Desk,
    case: CaseFile,
) -> Result<wire::ConsignmentDetail, Refusal> {
    let case = viewer.sight(desk).withhold(case)?;
    let reference = &case.row.reference;
    let (etas, track) = desk.store.list_course(reference, MOST_TRAIL_POINTS)?;
    let events = load_events(desk, reference)?;
    let around = wire::Surroundings { events, etas, trail: believed(track) };
    Ok(wire::ConsignmentDetail::new(desk, &case, &around))
}

/// The positions of a track that are not doubted: what is shown as the way of the goods.
fn believed(mut rows: Vec<kervan_store::TrackRow>) -> Vec<kervan_store::TrackRow> {
    rows.retain(|row| kervan_positions::Marks::of_bits(row.fix.marks).is_believed());
    rows
}

/// Reads a reference out of an address; one that cannot be a reference is not found.
pub(super) fn read_reference(text: &str) -> Result<Reference, Refusal> {
    text.parse().map_err(|_| Refusal::no_consignment(&text))
}

/// Everything about a consignment.
#[utoipa::path(get, path = "/api/consignments/{id}", tag = "consignments", params(("id" = String, Path)),
    responses((status = 200, body = wire::ConsignmentDetail), (status = 404, body = Problem)))]
async fn get_consignment(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<wire::ConsignmentDetail>, Problem> {
    let work = move |desk: &Desk| detail(&viewer, desk, CaseFile::load(desk, &read_reference(&id)?)?);
    Ok(Json(api.run(work).await?))
}

/// Accepts an alternative of a plan; the plan is computed again from its request and seed.
#[utoipa::path(post, path = "/api/consignments/{id}/itinerary", tag = "consignments", params(("id" = String, Path)),
    request_body = wire::AcceptItinerary, security(("party" = [])),
    responses((status = 200, body = wire::ConsignmentDetail), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_itinerary(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<wire::ConsignmentDetail>, Problem> {
    let accept: wire::AcceptItinerary = read_json(&body)?;
    let request = accept.plan.read().map_err(|findings| Problem::invalid(&findings))?;
    let options = accept.plan.options();
    let figures = accept.plan.figures().map_err(|findings| Problem::invalid(&findings))?.unwrap_or_default();
    let alternative =
        parse_part(&accept.alternative, "/alternative").map_err(|findings| Problem::invalid(&findings))?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let choice = (alternative, figures);
        let case = accept_itinerary(desk, call, &read_reference(&id)?, &request, &options, choice)?;
        detail(&viewer, desk, case)
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// Corrects a consignment by a new entry; documents are issued anew, movements that are not released yet are decided anew.
/// After a carrier has accepted the goods, what its contract rests on stands in `proposals` until it consents.
#[utoipa::path(post, path = "/api/consignments/{id}/amendments", tag = "consignments", params(("id" = String, Path)),
    request_body = wire::Amendment, security(("party" = [])),
    responses((status = 200, body = wire::ConsignmentDetail), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_amendment(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<wire::ConsignmentDetail>, Problem> {
    let amendment: wire::Amendment = read_json(&body)?;
    let changes = amendment.read().map_err(|findings| Problem::invalid(&findings))?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let case = amend_consignment(desk, call, &read_reference(&id)?, &amendment.reason, &changes)?;
        detail(&viewer, desk, case)
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// The caller, a carrier, consents to an amendment that waits for it, or refuses it.
#[utoipa::path(post, path = "/api/consignments/{id}/amendments/{entry}/answer", tag = "consignments",
    params(("id" = String, Path), ("entry" = String, Path, description = "the entry that amends")),
    request_body = wire::AnswerAmendment, security(("party" = [])),
    responses((status = 200, body = wire::ConsignmentDetail), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_answer(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path((id, entry)): Path<(String, String)>,
    body: Bytes,
) -> Result<Json<wire::ConsignmentDetail>, Problem> {
    let answer: wire::AnswerAmendment = read_json(&body)?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let said = (answer.agreed, answer.reason.as_str());
        detail(&viewer, desk, answer_amendment(desk, call, &read_reference(&id)?, &entry, said)?)
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// The caller, a carrier, accepts the goods for carriage: what its contract rests on is not amended without its consent.
#[utoipa::path(post, path = "/api/consignments/{id}/carriage", tag = "consignments", params(("id" = String, Path)),
    request_body = wire::AcceptCarriage, security(("party" = [])),
    responses((status = 200, body = wire::ConsignmentDetail), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn post_carriage(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<wire::ConsignmentDetail>, Problem> {
    let accept: wire::AcceptCarriage = read_json(&body)?;
    let place = accept.place.as_deref().map(|text| parse_part(text, "/place")).transpose();
    let place = place.map_err(|findings| Problem::invalid(&findings))?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let document = accept.document.as_deref();
        detail(&viewer, desk, accept_carriage(desk, call, &read_reference(&id)?, document, place.clone())?)
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// Attaches a document of the caller's own with its hash and key facts; they are checked against the consignment.
#[utoipa::path(post, path = "/api/consignments/{id}/attachments", tag = "consignments", params(("id" = String, Path)),
    request_body = wire::AttachDocument, security(("party" = [])),
    responses((status = 200, body = wire::ConsignmentDetail), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_attachment(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<wire::ConsignmentDetail>, Problem> {
    let attach: wire::AttachDocument = read_json(&body)?;
    let document = attach.read(&caller.party).map_err(|findings| Problem::invalid(&findings))?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let case = attach_document(desk, call, &read_reference(&id)?, document)?;
        detail(&viewer, desk, case)
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}
