//! Who is at the screen: the party of a token, and in a play the cast that anybody may act as.

use super::api::{Api, read_json};
use super::caller::Asking;
use super::problem::Problem;
use crate::setup::{token_of, token_of_officer};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kervan_identity::PersonName;
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

/// A registered party as it may act, or a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Member {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Where it is established; empty for who runs or audits the node.
    country: String,
    /// The roles in which it acts.
    roles: Vec<MemberRole>,
    /// The officer of the administration whose own token this is; absent for the administration's system.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<MemberOfficer>,
    /// The person who is signed in, or whose key this is; absent for a party's own system.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<MemberPerson>,
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
struct MemberPerson {
    /// The name with which they sign in.
    name: String,
    /// What they are called.
    called: String,
    /// What they are here for: `member`, `operator` or `auditor`.
    duty: &'static str,
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
            person: None,
        }
    }
}

impl Member {
    /// A person. Errors: they are gone, or their party is.
    pub(super) fn of_person(api: &Api, name: &PersonName) -> Result<Self, Problem> {
        let gone = || Problem::from(Refusal::NotFound { what: "person", id: name.to_string() });
        api.desk.with_registry(|registry| {
            let person = registry.people().find(name).ok_or_else(gone)?;
            let (id, called) = (name.to_string(), person.called.clone());
            let shown = MemberPerson { name: id.clone(), called: called.clone(), duty: person.duty.word() };
            let Some(party) = name.party() else {
                let (country, roles) = (String::new(), Vec::new());
                return Ok(Self { id, name: called, country, roles, officer: None, person: Some(shown) });
            };
            let party = registry.find(party).ok_or_else(gone)?;
            let member = Self { person: Some(shown), ..Self::from(party) };
            Ok(if party.has_role(Role::Customs) { member.with_officer(name.id(), &called) } else { member })
        })
    }

    fn with_officer(self, id: &str, name: &str) -> Self {
        Self { officer: Some(MemberOfficer { id: id.to_owned(), name: name.to_owned() }), ..self }
    }
}

/// Who asks: the party and the person of a key, or the person of a session.
#[utoipa::path(get, path = "/api/session", tag = "parties", security(("party" = [])),
    responses((status = 200, body = Member), (status = 401, body = Problem)))]
async fn get_session(State(api): State<Api>, asking: Asking) -> Result<Json<Member>, Problem> {
    match (&asking.person, &asking.caller.party) {
        (Some((name, _)), _) => Member::of_person(&api, name).map(Json),
        (None, Some(party)) => Ok(Json(Member::from(&api.desk.party(party)?))),
        (None, None) => Err(Problem::unauthorized()),
    }
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
                let officers = registry.list_people_of(&party.record.id).filter(|person| person.is_active());
                let members =
                    officers.map(|one| Member::from(party).with_officer(one.name.id(), &one.called));
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
async fn post_sign_in(State(api): State<Api>, body: Bytes) -> Result<Response, Problem> {
    let signed_in = sign_in(&api, &body)?;
    // A token is kept by nobody on the way.
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(signed_in)).into_response())
}

fn sign_in(api: &Api, body: &Bytes) -> Result<SignedIn, Problem> {
    let wanted: SignIn = read_json(body)?;
    if api.pace.is_none() {
        return Err(no_play());
    }
    let not_found = || Refusal::NotFound { what: "party", id: wanted.party.clone() };
    let id: PartyId = wanted.party.parse().map_err(|_| not_found())?;
    let party = api.desk.party(&id)?;
    if let Some(wanted) = &wanted.officer {
        let found = api.desk.with_registry(|registry| {
            registry.list_people_of(&id).find(|one| one.name.id() == wanted && one.is_active()).cloned()
        });
        let officer = found.ok_or_else(|| Refusal::NotFound { what: "officer", id: wanted.clone() })?;
        let member = Member::from(&party).with_officer(officer.name.id(), &officer.called);
        let token = token_of_officer(api.random, &id, officer.name.id());
        return Ok(SignedIn { token, party: member });
    }
    // A play's tokens come from its seed, so they can be computed again; only their hashes are kept.
    Ok(SignedIn { token: token_of(api.random, &id), party: Member::from(&party) })
}
