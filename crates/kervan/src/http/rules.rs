//! Routes of rule packs: list, page, check, effect, reload; pages of finding codes; the draw.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::problem::Problem;
use super::rights::Viewer;
use super::wire::{self, CheckReport, EffectReport, PackFiles, PackLine, PackPage, PackText, parse_part};
use crate::findings::{find_page, find_table, list_words};
use crate::names::list_names;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use kervan_customs::rules::{compare_packs, review_pack, run_pack_tests};
use kervan_customs::{RulePack, RulePacks};
use kervan_model::{LanguageTag, Role, TerritoryId};
use kervan_node::{Desk, Refusal, list_draws, list_past_cases, reload_packs};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Declarations decided again for the effect of a pack unless told otherwise.
const LAST: u32 = 1_000;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_packs))
        .routes(routes!(get_pack))
        .routes(routes!(get_pack_files))
        .routes(routes!(check_pack))
        .routes(routes!(effect_of_pack))
        .routes(routes!(reload))
        .routes(routes!(list_finding_words))
        .routes(routes!(list_name_words))
        .routes(routes!(get_finding))
        .routes(routes!(get_draws))
}

/// The rule packs in force and to come.
#[utoipa::path(get, path = "/api/rules", tag = "rules", responses((status = 200, body = Vec<PackLine>)))]
async fn list_packs(State(api): State<Api>) -> Json<Vec<PackLine>> {
    Json(api.desk.rules.packs().list().map(PackLine::new).collect())
}

/// The language of texts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LanguageQuery {
    /// Language tag; English where a rule does not speak it.
    language: Option<String>,
}

impl LanguageQuery {
    /// The language asked for; English if none is.
    fn word(&self) -> &str {
        self.language.as_deref().unwrap_or("en")
    }

    /// Its tag. Errors: it is none, at its place.
    fn tag(&self) -> Result<LanguageTag, Problem> {
        parse_part(self.word(), "/language").map_err(|findings| Problem::invalid(&findings))
    }
}

/// A rule pack with its rules.
#[utoipa::path(get, path = "/api/rules/{pack}", tag = "rules", params(("pack" = String, Path), LanguageQuery),
    responses((status = 200, body = PackPage), (status = 404, body = Problem)))]
async fn get_pack(
    State(api): State<Api>,
    Path(id): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Json<PackPage>, Problem> {
    let packs = api.desk.rules.packs();
    let pack = packs.find(&id).ok_or(Refusal::NotFound { what: "rule pack", id })?;
    Ok(Json(PackPage::new(pack, query.word())))
}

/// The files of a pack in force, to be changed and tried: nothing that is done with them here takes effect.
#[utoipa::path(get, path = "/api/rules/{pack}/files", tag = "rules", params(("pack" = String, Path)),
    responses((status = 200, body = PackFiles), (status = 404, body = Problem)))]
async fn get_pack_files(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<PackFiles>, Problem> {
    // Only packs that are in force have their files told, not whatever else lies in the folder.
    if api.desk.rules.packs().find(&id).is_none() {
        return Err(Refusal::NotFound { what: "rule pack", id }.into());
    }
    let mut files = api.rules.read();
    let pack = files.remove(&format!("{id}.yaml"));
    let pack = pack.ok_or_else(|| Refusal::NotFound { what: "file of rule pack", id: id.clone() })?;
    Ok(Json(PackFiles { pack, tests: files.remove(&format!("{id}.tests.yaml")) }))
}

/// The files beside a pack that was sent as text: those that this node has.
fn load_text(api: &Api, text: &str) -> Result<RulePack, Vec<kervan_model::Finding>> {
    let files = api.rules.read();
    RulePack::load(text, |name| files.get(name).cloned())
}

/// Checks a pack that is sent as text; nothing is changed.
#[utoipa::path(post, path = "/api/rules/check", tag = "rules", request_body = PackText,
    responses((status = 200, body = CheckReport), (status = 422, body = Problem)))]
async fn check_pack(State(api): State<Api>, body: Bytes) -> Result<Json<CheckReport>, Problem> {
    let wanted: PackText = read_json(&body)?;
    let shared = api.clone();
    api.run(move |_| {
        let pack = match load_text(&shared, &wanted.pack) {
            Ok(pack) => pack,
            Err(findings) => return Ok(Json(CheckReport::refused(&findings))),
        };
        let specimen = shared.rules.read().get("specimen.case.yaml").cloned().unwrap_or_default();
        let tests = wanted.tests.as_deref().map(|tests| run_pack_tests(&pack, &specimen, tests));
        let findings = review_pack(&pack, tests.as_ref());
        Ok(Json(CheckReport::new(&pack, tests.as_ref(), &findings)))
    })
    .await
}

/// Says which of the last declarations a pack that is sent as text would have decided otherwise; nothing is changed.
#[utoipa::path(post, path = "/api/rules/effect", tag = "rules", request_body = PackText,
    responses((status = 200, body = EffectReport), (status = 422, body = Problem)))]
async fn effect_of_pack(
    State(api): State<Api>,
    viewer: Viewer,
    body: Bytes,
) -> Result<Json<EffectReport>, Problem> {
    let wanted: PackText = read_json(&body)?;
    let shared = api.clone();
    api.run(move |desk| {
        let pack = load_text(&shared, &wanted.pack).map_err(Refusal::Invalid)?;
        let id = pack.reference().id.clone();
        // The candidate takes the place of the pack of its name; all others stay.
        let mut files: BTreeMap<String, String> = shared.rules.read();
        files.insert(format!("{id}.yaml"), wanted.pack);
        let after = RulePacks::load(&files).map_err(Refusal::Invalid)?;
        let cases = list_past_cases(viewer.sight(desk), wanted.last.unwrap_or(LAST))?;
        Ok(Json(EffectReport::from(compare_packs(&desk.rules.packs(), &after, &cases))))
    })
    .await
}

/// Reads the rule folder again and puts its packs in the place of all of them, at once; a fault changes nothing.
#[utoipa::path(post, path = "/api/rules/reload", tag = "rules", security(("party" = [])),
    responses((status = 200, body = Vec<PackLine>), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn reload(State(api): State<Api>, caller: Caller) -> Result<Json<Vec<PackLine>>, Problem> {
    let shared = api.clone();
    api.run(move |desk: &Desk| {
        let party = desk.party(&caller.party)?;
        if party.find_territory(Role::Customs).is_none() {
            return Err(Refusal::NotAllowed("only a customs administration reloads the rules".to_owned()));
        }
        reload_packs(desk, &shared.rules.read())?;
        Ok(Json(desk.rules.packs().list().map(PackLine::new).collect()))
    })
    .await
}

/// The page of a finding code: meaning, rule, source, remedy.
#[utoipa::path(get, path = "/api/findings/{code}", tag = "rules", params(("code" = String, Path), LanguageQuery),
    responses((status = 200, body = wire::FindingPage), (status = 404, body = Problem)))]
async fn get_finding(
    State(api): State<Api>,
    Path(code): Path<String>,
    Query(query): Query<LanguageQuery>,
) -> Result<Json<wire::FindingPage>, Problem> {
    let packs = api.desk.rules.packs();
    let language = query.word();
    let table = language.parse().map(|language| find_table(api.rules.facts(), &language)).unwrap_or_default();
    let page = find_page(&code, &packs, &table, language);
    Ok(Json(page.ok_or(Refusal::NotFound { what: "finding code", id: code })?))
}

/// What findings say in a language, as patterns with numbered holes; findings that nobody has translated are not in it.
#[utoipa::path(get, path = "/api/findings", tag = "rules", params(LanguageQuery),
    responses((status = 200, body = Vec<wire::FindingWords>), (status = 422, body = Problem)))]
async fn list_finding_words(
    State(api): State<Api>,
    Query(query): Query<LanguageQuery>,
) -> Result<Json<Vec<wire::FindingWords>>, Problem> {
    Ok(Json(list_words(api.rules.facts(), &api.desk.rules.packs(), &query.tag()?)))
}

/// What names of places, services, regimes and offices, and the reasons that the node gives, are in a language.
#[utoipa::path(get, path = "/api/names", tag = "facts", params(LanguageQuery),
    responses((status = 200, body = Vec<wire::NameWords>), (status = 422, body = Problem)))]
async fn list_name_words(
    State(api): State<Api>,
    Query(query): Query<LanguageQuery>,
) -> Result<Json<Vec<wire::NameWords>>, Problem> {
    Ok(Json(list_names(api.rules.facts(), &api.desk.network, &query.tag()?)))
}

/// The periods of the random draw of a territory: commitments, and seeds of those that have ended.
#[utoipa::path(get, path = "/api/draws/{territory}", tag = "rules", params(("territory" = String, Path)),
    responses((status = 200, body = Vec<wire::DrawLine>), (status = 404, body = Problem)))]
async fn get_draws(
    State(api): State<Api>,
    Path(territory): Path<String>,
) -> Result<Json<Vec<wire::DrawLine>>, Problem> {
    let parsed: TerritoryId =
        territory.parse().map_err(|_| Refusal::NotFound { what: "territory", id: territory })?;
    let lines = list_draws(&api.desk, &parsed, api.clock.now()).into_iter().map(|record| wire::DrawLine {
        period: record.period,
        since: record.since.to_string(),
        until: record.until.to_string(),
        rate_permille: record.rate_permille,
        commitment: record.commitment,
        committed: record.committed.to_string(),
        seed: record.seed,
    });
    Ok(Json(lines.collect()))
}
