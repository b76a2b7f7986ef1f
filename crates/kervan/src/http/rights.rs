//! The door: every request is admitted by the policies before its route sees it, and nothing goes past it.
//!
//! A request is an action of the closed table. What it names is looked up and how the caller stands to it; where the policies
//! do not permit it, the answer is the same whether the thing is hidden or not there. What a route answers about other things
//! it asks of a [`Viewer`].

use super::api::Api;
use super::caller::{Asking, cross_site, find_asking, is_own_page};
use super::edge::Origin;
use super::problem::Problem;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, RequestPartsExt};
use kervan_codes::Grn;
use kervan_model::{DossierId, MovementId, PartyId, Reference};
use kervan_node::{Desk, Refusal, Shown, Sight, find_device_id, find_guarantee};
use kervan_rights::{About, Action, Answer, Caller, Group, Relation, Relations, Standing};
use serde::Serialize;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_rights))
}

/// A refusal of the door, for layers that have words of their own for it.
#[derive(Clone)]
pub(super) struct Denied(pub(super) Problem);

/// Admits a request, or refuses it.
pub(super) async fn admit(State(api): State<Api>, request: Request, next: Next) -> Response {
    let Some(path) = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()) else {
        return next.run(request).await;
    };
    // A root that is asked for with its slash is the same address.
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(&path).to_owned();
    let method = request.method().clone();
    let Some(action) = Action::of_route(method.as_str(), &path) else {
        // Discovery is answered by the routes themselves; any other method of a path that is not in the table is no route.
        return if method == Method::OPTIONS { next.run(request).await } else { refuse_method(&path) };
    };
    let (mut parts, body) = request.into_parts();
    let mut asking = find_asking(&parts.headers, &api);
    // A session is shown by the browser itself, whoever makes it: what changes something, or opens a socket, must come from here.
    let changes = !matches!(method, Method::GET | Method::HEAD | Method::OPTIONS);
    let opens = parts.headers.contains_key(header::UPGRADE);
    if asking.session.is_some() && (changes || opens) && !is_own_page(&parts.headers, &api) {
        return cross_site().into_response();
    }
    if action.group() != Group::Public && !asking.scope.holds(action.group().word(), action.is_read()) {
        return forbidden().into_response();
    }
    note_used(&api, &asking);
    let params = path_params(&mut parts).await;
    let listed = listed(&mut parts, &api).await;
    parts.extensions.insert(Listed(listed));
    let decided = decide(&api, &asking, action, (params, listed)).await;
    asking.stands = decided.as_ref().ok().cloned().flatten();
    parts.extensions.insert(asking);
    match decided {
        Ok(_) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) if path.starts_with("/epcis") => {
            // The binding has words of its own for refusals.
            parts.extensions.insert(Denied(*problem));
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Notes that a key or a session was used, now and then, without letting the request wait.
fn note_used(api: &Api, asking: &Asking) {
    let Some(used) = asking.used.clone() else { return };
    let (desk, now) = (Arc::clone(&api.desk), api.clock.now());
    tokio::task::spawn_blocking(move || {
        if let Err(refusal) = kervan_node::note_used(&desk, now, &used) {
            tracing::warn!(%refusal, "that a key was used could not be noted");
        }
    });
}

/// How whoever asks stands to the node itself: at its own machine or at an address that its configuration lists, or not.
#[derive(Clone, Copy)]
struct Listed(Relations);

async fn listed(parts: &mut Parts, api: &Api) -> Relations {
    let Ok(from) = Origin::from_request_parts(parts, api).await;
    let known = from.address.is_some_and(|address| api.running.settings.metrics_from.contains(&address));
    if from.here || known { Relations::of(&[Relation::Listed]) } else { Relations::NONE }
}

async fn path_params(parts: &mut Parts) -> BTreeMap<String, String> {
    let params = parts.extract::<RawPathParams>().await;
    params.iter().flatten().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn refuse_method(path: &str) -> Response {
    let detail = "this address does not take that method; /openapi.json lists every route";
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", detail);
    let mut response = problem.into_response();
    let allow = Action::methods_of(path).collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::from_str(&allow) {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

/// Decides on a request. Returns how whoever asks stands to the consignment that is read, if there is one and that was looked up: what
/// an act changes they are told as they stand after it.
///
/// Errors: the problem with which it is answered.
async fn decide(
    api: &Api,
    asking: &Asking,
    action: Action,
    (params, listed): (BTreeMap<String, String>, Relations),
) -> Result<Option<(Reference, Relations)>, Box<Problem>> {
    let caller = asking.caller.clone();
    let about = action.about();
    let work = move |desk: &Desk| {
        let sight = Sight::of(desk, &caller);
        // Where the policies permit it on everything, nothing has to be looked up.
        let (relations, missing) = match about {
            About::Node => (listed, None),
            // Whoever answers asks for each thing; here only whether there is one on which it is permitted.
            About::Each(_) => (Relations::from_bits(u16::MAX), None),
            _ if sight.permits_always(action) => (Relations::NONE, None),
            _ => find((&sight, &caller), about, &params)
                .map(|(relations, missing)| (relations, Some(missing)))?,
        };
        let rights =
            desk.rules.rights().ok_or_else(|| Refusal::Broken("the policies cannot be read".into()))?;
        let decision = rights.decide(&caller, action, relations);
        tracing::debug!(
            action = action.word(),
            standing = caller.standing.word(),
            reason = decision.reason(),
            "decided"
        );
        if decision.permitted {
            let looked_up = missing.is_some() && action.is_read() && matches!(about, About::Consignment);
            let read = params.get("id").filter(|_| looked_up).and_then(|id| id.parse().ok());
            return Ok(Ok(read.map(|reference| (reference, relations))));
        }
        Ok(Err(match (rights.answer(&caller, action, relations), missing) {
            (Answer::SignIn, _) => Problem::unauthorized(),
            (Answer::NotFound, Some(missing)) => missing.into(),
            _ => forbidden(),
        }))
    };
    // Most actions need nothing of the store, and a thread costs more than the decision.
    let decided = match about {
        About::Node | About::Each(_) => work(&api.desk).map_err(Problem::from),
        _ => api.run(work).await,
    };
    decided.map_err(Box::new)?.map_err(Box::new)
}

/// The caller may know of what it names, and may not do this to it.
pub(super) fn forbidden() -> Problem {
    let detail = "your rights do not include this; docs/rights-table.md says whose do";
    Problem::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", detail)
}

/// How the caller stands to what a request names, and what is answered where there is no such thing. The same questions are
/// put to the store whether there is one or not.
///
/// Errors: the store fails; or the request names something that cannot be.
fn find(
    (sight, caller): (&Sight<'_>, &Caller),
    about: About,
    params: &BTreeMap<String, String>,
) -> Result<(Relations, Refusal), Refusal> {
    let param = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
    let none = |what: &'static str, id: &str| Refusal::NotFound { what, id: id.to_owned() };
    let store = &sight.desk.store;
    match about {
        About::Node | About::Each(_) => Ok((Relations::NONE, none("thing", ""))),
        About::Consignment => to_consignment(sight, param("id")),
        About::Dossier => {
            let id = param("id");
            let row =
                id.parse::<DossierId>().ok().map(|id| store.find_consignment_of(&id)).transpose()?.flatten();
            match row {
                Some(row) => Ok((sight.to_consignment(&row.reference)?, Refusal::no_consignment(&id))),
                None => to_consignment(sight, id),
            }
        }
        About::Movement => {
            let id = format!("{}/{}", param("reference"), param("number"));
            let relations = match id.parse::<MovementId>() {
                Ok(known) if store.find_movement(&known)?.is_some() => sight.to_movement(&known)?,
                _ => Relations::NONE,
            };
            Ok((relations, none("movement", &id)))
        }
        About::Message => {
            let hash = param("hash");
            let relations = match store.find_message(hash)? {
                Some(row) => {
                    let of = row.movement.as_ref().map(|movement| sight.to_movement(movement)).transpose()?;
                    sight.as_owner(&row.party).and(of.unwrap_or_default())
                }
                None => Relations::NONE,
            };
            Ok((relations, none("message", &hash.chars().take(64).collect::<String>())))
        }
        About::Guarantee => {
            let grn = param("grn");
            Ok((to_guarantee(sight, grn)?, none("guarantee", grn)))
        }
        About::Device => {
            let device = find_device_id(param("device"))?;
            let rows = store.list_mountings(&device.to_string())?;
            let own = rows.iter().fold(Relations::NONE, |all, row| all.and(sight.as_owner(&row.stated_by)));
            Ok((own, none("device", &device.to_string())))
        }
        About::Query => {
            let name = param("name");
            let row = store.find_named_query(name)?;
            Ok((row.map_or(Relations::NONE, |row| sight.as_owner(&row.party)), none("query", name)))
        }
        About::CaptureJob => {
            let id = param("id");
            let row = store.find_capture_job(id)?;
            Ok((row.map_or(Relations::NONE, |row| sight.as_owner(&row.party)), none("capture job", id)))
        }
        About::Pack => {
            let id = param("pack");
            Ok((to_pack(sight, caller, id), none("rule pack", id)))
        }
        About::Plan => {
            let id = param("id");
            let row = store.find_plan(id)?;
            let shown = id.chars().take(40).collect::<String>();
            Ok((row.map_or(Relations::NONE, |row| sight.as_owner(&row.author)), none("plan", &shown)))
        }
    }
}

/// A guarantee belongs to its holder and to the administration that accepted it.
fn to_guarantee(sight: &Sight<'_>, grn: &str) -> Result<Relations, Refusal> {
    let file = grn.parse::<Grn>().ok().map(|grn| find_guarantee(sight.desk, &grn));
    match file {
        Some(Ok(file)) => {
            let accepted = file.accepted_by().map(|office| sight.as_owner(office));
            Ok(sight.as_owner(&file.state.account.holder).and(accepted.unwrap_or_default()))
        }
        Some(Err(Refusal::NotFound { .. })) | None => Ok(Relations::NONE),
        Some(Err(other)) => Err(other),
    }
}

/// A rule pack lies within the territory whose administration decides by it.
fn to_pack(sight: &Sight<'_>, caller: &Caller, id: &str) -> Relations {
    let packs = sight.desk.rules.packs();
    let own = packs.find(id).is_some_and(|pack| caller.territory.as_ref() == Some(pack.territory()));
    if own { Relations::of(&[Relation::Territory]) } else { Relations::NONE }
}

fn to_consignment(sight: &Sight<'_>, id: &str) -> Result<(Relations, Refusal), Refusal> {
    let relations = match id.parse::<Reference>() {
        Ok(reference) => sight.to_consignment(&reference)?,
        Err(_) => Relations::NONE,
    };
    Ok((relations, Refusal::no_consignment(&id)))
}

/// Whoever asks, as routes need it to answer about other things than the one that the request names.
#[derive(Clone)]
pub(super) struct Viewer(Arc<Asking>);

impl Viewer {
    /// By what they showed who they are.
    pub(super) fn by(&self) -> &Shown {
        &self.0.by
    }

    /// The party that they act for.
    pub(super) fn party(&self) -> Option<&PartyId> {
        self.0.caller.party.as_ref()
    }

    /// What they see of a desk.
    pub(super) fn sight<'a>(&'a self, desk: &'a Desk) -> Sight<'a> {
        Sight::of(desk, &self.0.caller).knowing(self.0.stands.as_ref())
    }
}

impl FromRequestParts<Api> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Infallible> {
        // Without the door nobody is known, and sees what nobody may not see.
        let asking = parts.extensions.get::<Asking>().cloned();
        Ok(Self(Arc::new(asking.unwrap_or_else(Asking::visitor))))
    }
}

/// What whoever asks may do here.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RightsView {
    /// `visitor`, `party`, `person`, `officer`, `operator` or `auditor`.
    standing: &'static str,
    /// Whether visitors read everything here, as in a play.
    open_to_visitors: bool,
    /// What they may do to everything.
    always: Vec<&'static str>,
    /// What they may do to some things: to those in which they take part, which are theirs, or which cross their territory.
    to_some: Vec<&'static str>,
}

/// What whoever asks may do here, by the words of `docs/rights-table.md`.
#[utoipa::path(get, path = "/api/rights", tag = "parties", responses((status = 200, body = RightsView)))]
async fn get_rights(
    State(api): State<Api>,
    viewer: Viewer,
    Extension(Listed(here)): Extension<Listed>,
) -> Json<RightsView> {
    let rights = api.desk.rules.rights();
    let may = |caller: &Caller, action: Action, relations: Relations| {
        rights.is_some_and(|rights| rights.permits(caller, action, relations))
    };
    let caller = &viewer.0.caller;
    let always = |action: &Action| may(caller, *action, here);
    // From where somebody asks is known; how they stand to things is another with each.
    let any = Relations::from_bits(u16::MAX).without(Relation::Listed).and(here);
    let some = |action: &Action| !always(action) && may(caller, *action, any);
    let words = |chosen: &dyn Fn(&Action) -> bool| {
        Action::ALL.iter().filter(|action| chosen(action)).map(|action| action.word()).collect()
    };
    let to_some = caller.standing != Standing::Visitor;
    Json(RightsView {
        standing: caller.standing.word(),
        open_to_visitors: may(&Caller::visitor(), Action::GetConsignment, Relations::NONE),
        always: words(&always),
        to_some: if to_some { words(&some) } else { Vec::new() },
    })
}
