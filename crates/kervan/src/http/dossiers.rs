//! Routes of dossiers and documents: entries, import, export, check, comparison, printed forms.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::consignments::{read_reference, read_yaml};
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{self, parse_part};
use crate::papers::PaperFacts;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kervan_dossier::{
    GroupName, PACKAGE_TYPE, Reader, ResolvedKeys, diff, is_package, verify_for, verify_package,
};
use kervan_model::format::ConsignmentFile;
use kervan_model::{DossierId, Finding, PartyId, Reference, Role};
use kervan_node::{
    Desk, Refusal, Share, check_documents, document, document_xml, import_dossier, package, render,
    state_fact,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_dossier))
        .routes(routes!(get_export))
        .routes(routes!(post_verify))
        .routes(routes!(post_dossier_check))
        .routes(routes!(post_dossier))
        .routes(routes!(get_copy))
        .routes(routes!(post_entry))
        .routes(routes!(post_diff))
        .routes(routes!(get_document))
        .routes(routes!(get_checks))
        .routes(routes!(post_paper_check))
}

/// The entries of a consignment's dossier in causal order.
#[utoipa::path(get, path = "/api/consignments/{id}/dossier", tag = "dossiers", params(("id" = String, Path)),
    responses((status = 200, body = wire::Dossier), (status = 404, body = Problem)))]
async fn get_dossier(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<wire::Dossier>, Problem> {
    let work =
        move |desk: &Desk| Ok(wire::Dossier::new(&viewer.sight(desk).open_case(&read_reference(&id)?)?));
    Ok(Json(api.run(work).await?))
}

/// The dossier as a file that anyone can check without asking anyone.
#[utoipa::path(get, path = "/api/consignments/{id}/dossier.json", tag = "dossiers", params(("id" = String, Path)),
    responses((status = 200, body = Object, content_type = "application/json"), (status = 404, body = Problem)))]
async fn get_export(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let name = format!("attachment; filename=\"{}.dossier.json\"", id.replace(['"', '/', '\\'], "-"));
    let work = move |desk: &Desk| {
        Ok(kervan_dossier::export(&viewer.sight(desk).open_case(&read_reference(&id)?)?.dossier))
    };
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
    check(api, body).await
}

/// Checks an exported dossier or a package, as `POST /api/verify` does.
#[utoipa::path(post, path = "/api/dossiers/verify", tag = "dossiers",
    request_body(content((Object = "application/json"), (Vec<u8> = "application/vnd.etsi.asic-e+zip"), (Vec<u8> = "application/zip")),
        description = "an exported dossier or a package, byte for byte"),
    responses((status = 200, body = wire::VerifyReport)))]
async fn post_dossier_check(
    State(api): State<Api>,
    body: Bytes,
) -> Result<Json<wire::VerifyReport>, Problem> {
    check(api, body).await
}

async fn check(api: Api, body: Bytes) -> Result<Json<wire::VerifyReport>, Problem> {
    let reader = Reader { now: Some(api.clock.now()), ..Reader::default() };
    let work = move |desk: &Desk| {
        let authority = &desk.rules.authority;
        let report = if is_package(&body) {
            verify_package(&body, authority, &reader).report
        } else {
            verify_for(&body, authority, &reader).0
        };
        Ok(wire::VerifyReport::from(&report))
    };
    Ok(Json(api.run(work).await?))
}

/// Brings in an exported dossier or a package: checked whole, then merged with what is here. The same file again changes
/// nothing; a file that does not verify changes nothing and is answered with its findings.
#[utoipa::path(post, path = "/api/dossiers", tag = "dossiers", security(("party" = [])),
    request_body(content((Object = "application/json"), (Vec<u8> = "application/vnd.etsi.asic-e+zip"), (Vec<u8> = "application/zip")),
        description = "an exported dossier or a package, byte for byte"),
    responses((status = 200, body = wire::Imported), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
async fn post_dossier(
    State(api): State<Api>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<wire::Imported>, Problem> {
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        Ok(wire::Imported::from(&import_dossier(desk, call, &body)?))
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

/// How a dossier is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `json`, the dossier alone, or `asice`, a package with its documents; `json` without it.
    format: Option<String>,
    /// The party that the copy is for; bodies of whose audience it is not are withheld.
    #[serde(rename = "for")]
    audience: Option<String>,
    /// Groups to withhold, parted by commas.
    withhold: Option<String>,
}

impl ExportQuery {
    fn read(&self) -> Result<(Share, bool), Problem> {
        let invalid = |findings: Vec<Finding>| Problem::invalid(&findings);
        let audience = self.audience.as_deref().map(|text| parse_part::<PartyId>(text, "for")).transpose();
        let groups = self.withhold.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty());
        let withhold = groups.map(|name| parse_part::<GroupName>(name, "withhold")).collect::<Result<_, _>>();
        let share = Share { audience: audience.map_err(invalid)?, withhold: withhold.map_err(invalid)? };
        match self.format.as_deref() {
            None | Some("json") => Ok((share, false)),
            Some("asice") => Ok((share, true)),
            Some(other) => Err(invalid(vec![
                Finding::error("request.format", format!("`{other}` is no format"))
                    .at("format")
                    .remedy("use json or asice"),
            ])),
        }
    }
}

/// A dossier, or what one party may see of it, as a file or as a package that anyone can check without asking anyone.
#[utoipa::path(get, path = "/api/dossiers/{id}/export", tag = "dossiers",
    params(("id" = String, Path, description = "the dossier's id, or the consignment's reference"), ExportQuery),
    responses((status = 200, description = "the file, byte for byte as it is signed, or a package",
        content((Object = "application/json"), (Vec<u8> = "application/vnd.etsi.asic-e+zip"), (Vec<u8> = "application/zip"))),
        (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn get_copy(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    let (share, packed) = query.read()?;
    let work = move |desk: &Desk| {
        let case = viewer.sight(desk).open_case(&find_reference(desk, &id)?)?;
        let bytes = if packed {
            package(desk, &case, &share)?
        } else {
            kervan_dossier::export(&share.copy(&case.dossier))
        };
        Ok((case.row.reference.to_string(), bytes))
    };
    let (reference, bytes) = api.run(work).await?;
    let (kind, ending) = if packed { (PACKAGE_TYPE, "zip") } else { ("application/json", "dossier.json") };
    let name = format!("attachment; filename=\"{}.{ending}\"", reference.replace(['"', '/', '\\'], "-"));
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// The reference of a consignment that is named by it or by its dossier.
fn find_reference(desk: &Desk, id: &str) -> Result<Reference, Refusal> {
    let dossier = id.parse::<DossierId>().ok();
    let row = dossier.map(|dossier| desk.store.find_consignment_of(&dossier)).transpose()?.flatten();
    row.map_or_else(|| read_reference(id), |row| Ok(row.reference))
}

/// States a fact with the caller's key: an entry of a kind that has no request of its own.
#[utoipa::path(post, path = "/api/dossiers/{id}/entries", tag = "dossiers", security(("party" = [])),
    params(("id" = String, Path, description = "the dossier's id, or the consignment's reference")),
    request_body = wire::Statement,
    responses((status = 200, body = wire::Dossier), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 422, body = Problem)))]
async fn post_entry(
    State(api): State<Api>,
    viewer: Viewer,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<wire::Dossier>, Problem> {
    let statement: wire::Statement = read_json(&body)?;
    let role = statement.role.as_deref().map(find_role).transpose()?;
    let work = move |desk: &Desk, call: kervan_node::Call<'_>| {
        let reference = find_reference(desk, &id)?;
        let case = state_fact(desk, call, &reference, &statement.kind, role, &statement.body)?;
        Ok(wire::Dossier::new(&viewer.sight(desk).withhold(case)?))
    };
    Ok(Json(api.act(caller.party, caller.key, work).await?))
}

fn find_role(word: &str) -> Result<Role, Problem> {
    Role::ALL.into_iter().find(|role| role.word() == word).ok_or_else(|| {
        let words: Vec<_> = Role::ALL.iter().map(|role| role.word()).collect();
        let finding = Finding::error("request.role", format!("`{word}` is no role"));
        Problem::invalid(&[finding.at("/role").remedy(format!("use one of {}", words.join(", ")))])
    })
}

/// What this node's copy and another copy of a dossier do not have in common. The other copy is checked first.
#[utoipa::path(post, path = "/api/dossiers/{id}/diff", tag = "dossiers",
    params(("id" = String, Path, description = "the dossier's id, or the consignment's reference")),
    request_body(content = Object, description = "an exported dossier, byte for byte", content_type = "application/json"),
    responses((status = 200, body = wire::Difference), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_diff(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<wire::Difference>, Problem> {
    let work = move |desk: &Desk| {
        let case = viewer.sight(desk).open_case(&find_reference(desk, &id)?)?;
        let other = kervan_dossier::import(&body, &ResolvedKeys::default()).map_err(Refusal::Invalid)?;
        Ok(wire::Difference::from(&diff(&case.dossier, &other)))
    };
    Ok(Json(api.run(work).await?))
}

/// In which shape a document is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DocumentQuery {
    /// `json`, `xml` or `pdf`; without it the ending of the name says it, and without one it is `json`.
    format: Option<String>,
}

/// A legal document in force, as it was issued, or an earlier one under its number: `cim-smgs.pdf`, `commercial-invoice.json`,
/// `ncts-declaration?format=xml`, ...
#[utoipa::path(get, path = "/api/consignments/{id}/documents/{file}", tag = "dossiers",
    params(("id" = String, Path),
        ("file" = String, Path, description = "kind, with or without ending, such as cim-smgs.pdf"), DocumentQuery),
    responses((status = 200, description = "the document's data, its message, or its printed form as PDF",
        content((Object = "application/json"), (String = "application/xml"), (Vec<u8> = "application/pdf"))),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn get_document(
    State(api): State<Api>,
    viewer: Viewer,
    Path((id, file)): Path<(String, String)>,
    Query(query): Query<DocumentQuery>,
) -> Result<Response, Problem> {
    let unknown = || Refusal::NotFound { what: "document", id: file.clone() };
    let (name, ending) =
        file.rsplit_once('.').map_or((file.as_str(), None), |(name, ending)| (name, Some(ending)));
    let format = query.format.as_deref().or(ending).unwrap_or("json").to_owned();
    if !["json", "xml", "pdf"].contains(&format.as_str()) {
        return Err(unknown().into());
    }
    let name = name.to_owned();
    let attached = format!("inline; filename=\"{}.{format}\"", name.replace(['"', '/', '\\'], "-"));
    let work = move |desk: &Desk| {
        let case = viewer.sight(desk).open_case(&read_reference(&id)?)?;
        match format.as_str() {
            "xml" => Ok(("application/xml", document_xml(desk, &case, &name)?.into_bytes())),
            "pdf" => Ok(("application/pdf", render(&document(desk, &case, &name)?, desk.press().fonts)?)),
            _ => {
                let bytes = serde_json::to_vec_pretty(&document(desk, &case, &name)?.data);
                Ok(("application/json", bytes.map_err(|error| Refusal::broken("a document", &error))?))
            }
        }
    };
    let (kind, bytes) = api.run(work).await?;
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attached)];
    Ok((headers, bytes).into_response())
}

/// What every paper of a consignment lacks, and where they contradict each other.
#[utoipa::path(get, path = "/api/consignments/{id}/checks", tag = "dossiers", params(("id" = String, Path)),
    responses((status = 200, body = wire::Papers), (status = 404, body = Problem)))]
async fn get_checks(
    State(api): State<Api>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<wire::Papers>, Problem> {
    let work = move |desk: &Desk| {
        let case = viewer.sight(desk).open_case(&read_reference(&id)?)?;
        Ok(wire::Papers::new(&check_documents(desk, &case)?))
    };
    Ok(Json(api.run(work).await?))
}

/// Checks the papers of a consignment that is not declared yet: its file in JSON or YAML.
#[utoipa::path(post, path = "/api/documents/check", tag = "dossiers",
    request_body(content((Object = "application/json"), (String = "application/yaml")),
        description = "a consignment file, as posted to /api/consignments"),
    responses((status = 200, body = wire::Papers), (status = 422, body = Problem)))]
async fn post_paper_check(State(api): State<Api>, body: Bytes) -> Result<Json<wire::Papers>, Problem> {
    // JSON is YAML as well.
    let (_, consignment) =
        ConsignmentFile::read_value(read_yaml(&body)?).map_err(|findings| Problem::invalid(&findings))?;
    let facts = PaperFacts::of_consignment(consignment, api.clock.now());
    let work = move |desk: &Desk| Ok(wire::Papers::new(&facts.check(desk.press(), &desk.rules)));
    Ok(Json(api.run(work).await?))
}
