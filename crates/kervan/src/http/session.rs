//! Who is at the screen: the party of a token, and in a play the cast that anybody may act as.

use super::api::{Api, read_json};
use super::caller::Caller;
use super::problem::Problem;
use crate::setup::token_of;
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
        }
    }
}

/// The party that the token of this request belongs to.
#[utoipa::path(get, path = "/api/session", tag = "parties", security(("party" = [])),
    responses((status = 200, body = Member), (status = 401, body = Problem)))]
async fn get_session(State(api): State<Api>, caller: Caller) -> Result<Json<Member>, Problem> {
    let party = api.desk.party(&caller.party)?;
    Ok(Json(Member::from(&party)))
}

fn no_play() -> Problem {
    Refusal::NotFound { what: "play", id: "this node serves real parties".into() }.into()
}

/// Everybody who plays in the demo, customs first; a node that serves real parties has no cast.
#[utoipa::path(get, path = "/api/play/cast", tag = "parties",
    responses((status = 200, body = Vec<Member>), (status = 404, body = Problem)))]
async fn get_cast(State(api): State<Api>) -> Result<Json<Vec<Member>>, Problem> {
    if api.pace.is_none() {
        return Err(no_play());
    }
    let mut cast: Vec<(Option<Role>, Member)> = api.desk.with_registry(|registry| {
        registry
            .list()
            .map(|party| (party.record.roles.first().map(|grant| grant.role), party.into()))
            .collect()
    });
    cast.sort_by_key(|(role, member)| (std::cmp::Reverse(*role), member.name.clone()));
    Ok(Json(cast.into_iter().map(|(_, member)| member).collect()))
}

/// Which member of the cast to act as.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// Its id.
    party: String,
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
    // A play's tokens come from its seed, so they can be computed again; only their hashes are kept.
    Ok(Json(SignedIn { token: token_of(api.random, &id), party: Member::from(&party) }))
}
