//! Routes of dossiers and documents: entries, export, check, printed forms.

use super::api::Api;
use super::consignments::read_reference;
use super::problem::Problem;
use super::wire;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kervan_node::{CaseFile, Desk, Refusal, document, render};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_dossier))
        .routes(routes!(get_export))
        .routes(routes!(post_verify))
        .routes(routes!(get_document))
}

/// The entries of a consignment's dossier in causal order.
#[utoipa::path(get, path = "/api/consignments/{id}/dossier", tag = "dossiers", params(("id" = String, Path)),
    responses((status = 200, body = wire::Dossier), (status = 404, body = Problem)))]
async fn get_dossier(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<wire::Dossier>, Problem> {
    let work = move |desk: &Desk| Ok(wire::Dossier::new(&CaseFile::load(desk, &read_reference(&id)?)?));
    Ok(Json(api.run(work).await?))
}

/// The dossier as a file that anyone can check without asking anyone.
#[utoipa::path(get, path = "/api/consignments/{id}/dossier.json", tag = "dossiers", params(("id" = String, Path)),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 404, body = Problem)))]
async fn get_export(State(api): State<Api>, Path(id): Path<String>) -> Result<Response, Problem> {
    let name = format!("attachment; filename=\"{}.dossier.json\"", id.replace(['"', '/', '\\'], "-"));
    let work =
        move |desk: &Desk| Ok(kervan_dossier::export(&CaseFile::load(desk, &read_reference(&id)?)?.dossier));
    let bytes = api.run(work).await?;
    let headers =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// Checks an exported dossier: every signature, every hash, the graph, keys and authority.
#[utoipa::path(post, path = "/api/verify", tag = "dossiers",
    request_body(content = Object, description = "an exported dossier, byte for byte", content_type = "application/json"),
    responses((status = 200, body = wire::VerifyReport)))]
async fn post_verify(State(api): State<Api>, body: Bytes) -> Result<Json<wire::VerifyReport>, Problem> {
    let work = move |desk: &Desk| {
        let report = kervan_dossier::verify(&body, &desk.rules.authority, None);
        Ok(wire::VerifyReport::from(&report))
    };
    Ok(Json(api.run(work).await?))
}

/// A legal document, generated from the dossier as it stands: `cim-smgs.pdf`, `commercial-invoice.json`; the second of a kind
/// is `smgs-2.pdf`.
#[utoipa::path(get, path = "/api/consignments/{id}/documents/{file}", tag = "dossiers",
    params(("id" = String, Path), ("file" = String, Path, description = "kind and ending, such as cim-smgs.pdf")),
    responses((status = 200, body = Object, description = "the document's data, or its printed form as PDF"),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn get_document(
    State(api): State<Api>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let unknown = || Refusal::NotFound { what: "document", id: file.clone() };
    let (slug, ending) = file.rsplit_once('.').ok_or_else(unknown)?;
    let name = slug.to_owned();
    let pdf = match ending {
        "pdf" => true,
        "json" => false,
        _ => return Err(unknown().into()),
    };
    let work = move |desk: &Desk| {
        let document = document(desk, &CaseFile::load(desk, &read_reference(&id)?)?, &name)?;
        if pdf {
            return Ok(("application/pdf", render(&document)?));
        }
        let bytes = serde_json::to_vec_pretty(&document.data);
        Ok(("application/json", bytes.map_err(|error| Refusal::broken("a document", &error))?))
    };
    let (kind, bytes) = api.run(work).await?;
    let name = format!("inline; filename=\"{}\"", file.replace(['"', '/', '\\'], "-"));
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response())
}
