//! Routes of positions, devices and tracks.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::consignments::read_reference;
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{self, DeviceMounting, MountDevice, PositionsTaken, Track};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use kervan_model::{Finding, has_errors};
use kervan_node::{Desk, Sight, find_device_id, find_track, list_mountings, mount_device, take_positions};
use kervan_positions::{Awaiting, Batch, Circumstances, Form, read_on};
use kervan_rights::Action;
use kervan_store::MountingRow;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(post_positions))
        .routes(routes!(get_device))
        .routes(routes!(post_device))
        .routes(routes!(get_track))
}

/// How a body of positions is to be read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PositionsQuery {
    /// The device that sent it, for forms that do not name it: `imei:356938035643809`.
    device: Option<String>,
    /// `rollback`: a fault refuses everything, as it does for JSON unless told otherwise. `proceed`: what is valid is kept, as
    /// for NMEA, where a line in a thousand is garbled on its way.
    errors: Option<String>,
}

/// Takes positions and values of sensors in, of one or more devices, or of containers or consignments that the caller may know
/// of, in any order; when it is answered, they are on the disk. What is doubtful is kept and marked; the answer says what and why.
#[utoipa::path(post, path = "/api/positions", tag = "positions", params(PositionsQuery),
    request_body(content((Vec<wire::PositionReport> = "application/json"), (Object = "application/geo+json"),
        (String = "text/plain")), description = "our JSON, GeoJSON (RFC 7946), or NMEA 0183 and AIS sentences, one a line"),
    security(("party" = [])),
    responses((status = 202, body = PositionsTaken), (status = 401, body = Problem), (status = 415, body = Problem),
        (status = 422, body = Problem)))]
async fn post_positions(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Query(query): Query<PositionsQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<PositionsTaken>), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form = Form::of_media_type(kind).ok_or_else(|| {
        let detail = format!(
            "`{kind}` is no form of positions; send application/json, application/geo+json or text/plain"
        );
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "positions.form",
            "Unknown form of positions",
            detail,
        )
    })?;
    let device = query.device.as_deref().map(find_device_id).transpose()?;
    let circumstances = Circumstances { device, received: api.clock.now() };
    let proceed = match query.errors.as_deref() {
        None => form == Form::Nmea,
        Some("proceed") => true,
        Some("rollback") => false,
        Some(_) => {
            let message = "`errors` is neither proceed nor rollback";
            let finding = Finding::error("positions.errors", message).at("?errors");
            return Err(Problem::invalid(&[finding.remedy("write errors=proceed or errors=rollback")]));
        }
    };
    // A party's receivers are told apart by the device that they name; one of which nothing is said is one.
    let device = circumstances.device.as_ref().map_or_else(String::new, ToString::to_string);
    let source = format!("{} {device}", caller.party);
    let mut awaiting = api.desk.tracking.radios.find(&source);
    let batch = read_batch(&body, form, (&circumstances, &mut awaiting), proceed)?;
    let (taken, findings) = take(&api, viewer, caller, batch).await?;
    if form == Form::Nmea {
        api.desk.tracking.radios.keep(&source, awaiting);
    }
    Ok((StatusCode::ACCEPTED, Json(PositionsTaken::new(&taken, &findings))))
}

/// Reads a body. Errors: it is no text; or it has faults and is to be taken whole or not at all.
fn read_batch(
    body: &Bytes,
    form: Form,
    (circumstances, awaiting): (&Circumstances, &mut Awaiting),
    proceed: bool,
) -> Result<Batch, Problem> {
    // Receivers send a garbled byte now and then; it is a fault of its sentence and not of the whole.
    let text = match form {
        Form::Nmea => String::from_utf8_lossy(body),
        Form::GeoJson | Form::Json => std::str::from_utf8(body).map(Into::into).map_err(|error| {
            let finding = Finding::error("request.not-utf8", kervan_model::in_plain_words(&error));
            Problem::invalid(&[finding.remedy("write the body in UTF-8")])
        })?,
    };
    let batch = read_on(&text, form, circumstances, awaiting);
    let nothing = batch.reports.is_empty() && batch.sensed.is_empty();
    if has_errors(&batch.findings) && (nothing || !proceed) {
        return Err(Problem::invalid(&batch.findings));
    }
    Ok(batch)
}

async fn take(
    api: &Api,
    viewer: Viewer,
    caller: Caller,
    batch: Batch,
) -> Result<(kervan_node::Intake, Vec<Finding>), Problem> {
    let findings = batch.findings;
    let (reports, sensed) = (batch.reports, batch.sensed);
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        take_positions(viewer.sight(desk), call, &reports, &sensed)
    };
    Ok((api.act(caller.party, caller.key, work).await?, findings))
}

/// Of the mountings of a device those that the viewer may see.
fn own(sight: &Sight<'_>, mut rows: Vec<MountingRow>) -> Vec<MountingRow> {
    rows.retain(|row| sight.permits(Action::GetDevice, sight.as_owner(&row.stated_by)));
    rows
}

/// What a device was on, the earliest first.
#[utoipa::path(get, path = "/api/devices/{device}", tag = "positions", params(("device" = String, Path)),
    responses((status = 200, body = Vec<DeviceMounting>), (status = 422, body = Problem)))]
async fn get_device(
    State(api): State<Api>,
    viewer: Viewer,
    Path(device): Path<String>,
) -> Result<Json<Vec<DeviceMounting>>, Problem> {
    let device = find_device_id(&device)?;
    let rows = api.run(move |desk| Ok(own(&viewer.sight(desk), list_mountings(desk, &device)?))).await?;
    Ok(Json(rows.into_iter().map(DeviceMounting::from).collect()))
}

/// Notes what a device is on, from an instant on; what it was on before ends then.
#[utoipa::path(post, path = "/api/devices/{device}", tag = "positions", params(("device" = String, Path)),
    request_body = MountDevice, security(("party" = [])),
    responses((status = 200, body = Vec<DeviceMounting>), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn post_device(
    State(api): State<Api>,
    Path(device): Path<String>,
    viewer: Viewer,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Vec<DeviceMounting>>, Problem> {
    let device = find_device_id(&device)?;
    let request: MountDevice = read_json(&body)?;
    let (on, times) = request.read().map_err(|findings| Problem::invalid(&findings))?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        Ok(own(&viewer.sight(desk), mount_device(desk, &call, &device, &on, times)?))
    };
    let rows = api.act(caller.party, caller.key, work).await?;
    Ok(Json(rows.into_iter().map(DeviceMounting::from).collect()))
}

/// The track of a consignment: every position with its marks, where on the network it is, and what that lets one observe.
#[utoipa::path(get, path = "/api/consignments/{id}/track", tag = "positions", params(("id" = String, Path)),
    responses((status = 200, body = Track), (status = 404, body = Problem)))]
async fn get_track(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<Track>, Problem> {
    let track = api.run(move |desk| find_track(desk, &read_reference(&id)?)).await?;
    Ok(Json(Track::from(&track)))
}
