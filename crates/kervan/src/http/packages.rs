//! The route of the printed package.

use super::api::Api;
use super::consignments::read_reference;
use super::problem::Problem;
use super::rights::Viewer;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kervan_documents::Copies;
use kervan_node::{Desk, print_package};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_package))
}

/// Which sheets a package holds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SheetsQuery {
    /// `all` prints every sheet of each form (original, duplicate, ...); else the first alone.
    sheets: Option<String>,
}

/// Every document of a consignment as one PDF: cover, contents, documents, signatures.
#[utoipa::path(get, path = "/api/consignments/{id}/package.pdf", tag = "dossiers",
    params(("id" = String, Path), SheetsQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = 404, body = Problem)))]
async fn get_package(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(query): Query<SheetsQuery>,
) -> Result<Response, Problem> {
    let name = format!("inline; filename=\"{}.pdf\"", id.replace(['"', '/', '\\'], "-"));
    let copies = if query.sheets.as_deref() == Some("all") { Copies::All } else { Copies::First };
    let work = move |desk: &Desk| {
        let case = viewer.sight(desk).open_case(&read_reference(&id)?)?;
        print_package(desk, &case, copies)
    };
    let bytes = api.run(work).await?;
    let headers = [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
