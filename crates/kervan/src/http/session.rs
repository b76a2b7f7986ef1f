//! Who is at the screen: the party of a token, and in a play the cast that anybody may act as.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::problem::Problem;
use crate::setup::{token_of, token_of_officer};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use kervan_model::{PartyId, Role};
use kervan_node::{Refusal, Registered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_session)).routes(routes!(get_cast)).routes(routes!(post_sign_in))
}

/// A registered party, as it may act.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Member {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Where it is established.
    country: String,
    /// The roles in which it acts.
    roles: Vec<MemberRole>,
    /// The officer of the administration whose own token this is; absent for the administration's system.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<MemberOfficer>,
}

/// An officer of an administration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
struct MemberOfficer {
    /// The id at the administration.
    id: String,
    /// The name that colleagues know.
    name: String,
}

/// A role of a party.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct MemberRole {
    /// The role, such as `forwarder` or `customs`.
    role: &'static str,
    /// The customs territory, for an administration.
    #[serde(skip_serializing_if = "Option::is_none")]
    territory: Option<String>,
}

impl From<&Registered> for Member {
    fn from(party: &Registered) -> Self {
        let record = &party.record;
        let roles = record.roles.iter().map(|grant| MemberRole {
            role: grant.role.word(),
            territory: grant.territory.as_ref().map(ToString::to_string),
        });
        Self {
            id: record.id.to_string(),
            name: record.name.clone(),
            country: record.country.to_string(),
            roles: roles.collect(),
            officer: None,
        }
    }
}

impl Member {
    fn with_officer(self, id: &str, name: &str) -> Self {
        Self { officer: Some(MemberOfficer { id: id.to_owned(), name: name.to_owned() }), ..self }
    }
}

/// The party, and the officer, that the token of this request belongs to.
#[utoipa::path(get, path = "/api/session", tag = "parties", security(("party" = [])),
    responses((status = 200, body = Member), (status = 401, body = Problem)))]
async fn get_session(State(api): State<Api>, caller: Caller) -> Result<Json<Member>, Problem> {
    let member = Member::from(&api.desk.party(&caller.party)?);
    Ok(Json(match &caller.officer {
        Some(officer) => member.with_officer(&officer.id, &officer.name),
        None => member,
    }))
}

fn no_play() -> Problem {
    Refusal::NotFound { what: "play", id: "this node serves real parties".into() }.into()
}

/// Everybody who plays in the demo, customs with their officers first; a node that serves real parties has no cast.
#[utoipa::path(get, path = "/api/play/cast", tag = "parties",
    responses((status = 200, body = Vec<Member>), (status = 404, body = Problem)))]
async fn get_cast(State(api): State<Api>) -> Result<Json<Vec<Member>>, Problem> {
    if api.pace.is_none() {
        return Err(no_play());
    }
    let mut cast: Vec<(Option<Role>, Member)> = api.desk.with_registry(|registry| {
        registry
            .list()
            .flat_map(|party| {
                let role = party.record.roles.first().map(|grant| grant.role);
                let officers = registry.list_officers(&party.record.id).iter();
                let officers = officers.filter(|officer| officer.ended.is_none());
                let members = officers.map(|one| Member::from(party).with_officer(&one.id, &one.name));
                members.chain([Member::from(party)]).map(move |member| (role, member)).collect::<Vec<_>>()
            })
            .collect()
    });
    // Officers stand before the system of their administration.
    cast.sort_by_key(|(role, member)| {
        (std::cmp::Reverse(*role), member.name.clone(), member.officer.is_none(), member.officer.clone())
    });
    Ok(Json(cast.into_iter().map(|(_, member)| member).collect()))
}

/// Which member of the cast to act as.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// Its id.
    party: String,
    /// One of its officers, by id.
    #[serde(default)]
    officer: Option<String>,
}

/// The token of a member of the cast.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct SignedIn {
    /// To be sent as `Authorization: Bearer TOKEN`.
    token: String,
    /// Who that is.
    party: Member,
}

/// Gives the token of a member of the cast, so that a visitor of a play can act; a node that serves real parties refuses.
#[utoipa::path(post, path = "/api/play/sign-in", tag = "parties", request_body = SignIn,
    responses((status = 200, body = SignedIn), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn post_sign_in(State(api): State<Api>, body: Bytes) -> Result<Json<SignedIn>, Problem> {
    let wanted: SignIn = read_json(&body)?;
    if api.pace.is_none() {
        return Err(no_play());
    }
    let not_found = || Refusal::NotFound { what: "party", id: wanted.party.clone() };
    let id: PartyId = wanted.party.parse().map_err(|_| not_found())?;
    let party = api.desk.party(&id)?;
    if let Some(wanted) = &wanted.officer {
        let found = api.desk.with_registry(|registry| {
            registry.list_officers(&id).iter().find(|one| one.id == *wanted && one.ended.is_none()).cloned()
        });
        let officer = found.ok_or_else(|| Refusal::NotFound { what: "officer", id: wanted.clone() })?;
        let member = Member::from(&party).with_officer(&officer.id, &officer.name);
        return Ok(Json(SignedIn { token: token_of_officer(api.random, &id, &officer.id), party: member }));
    }
    // A play's tokens come from its seed, so they can be computed again; only their hashes are kept.
    Ok(Json(SignedIn { token: token_of(api.random, &id), party: Member::from(&party) }))
}
