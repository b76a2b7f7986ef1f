//! The keys of everybody: for whoever runs the node.

use super::check_whole;
use crate::http::account::{KeyLine, KeyWanted, NewKey, make_key};
use crate::http::api::{Api, read_json};
use crate::http::caller::Asking;
use crate::http::paging::{PAGE, Page, read_limit};
use crate::http::problem::Problem;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use kervan_identity::{KeyFault, KeyOwner};
use kervan_model::Finding;
use kervan_node::{Attempt, KnownKey, Refusal, revoke_key};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_all_keys, add_key_for)).routes(routes!(revoke_one))
}

/// What a key is worth now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum KeyState {
    /// It is taken.
    Good,
    /// It was taken back, or its owner has left.
    Revoked,
    /// Its time is over.
    Expired,
}

/// A key with its owner, without its token.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct OwnedKey {
    /// The party whose own system shows it; absent for that of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    party: Option<String>,
    /// The person whose it is; absent for that of a party.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// What it is worth now.
    state: KeyState,
    /// The key.
    key: KeyLine,
}

/// The party or the person whose a key is.
fn owner_of(known: &KnownKey) -> (Option<String>, Option<String>) {
    match &known.key.owner {
        KeyOwner::Party(party) => (Some(party.to_string()), None),
        KeyOwner::Person(name) => (None, Some(name.to_string())),
    }
}

impl OwnedKey {
    fn new(known: &KnownKey, now: jiff::Timestamp) -> Self {
        let (party, person) = owner_of(known);
        let state = match known.key.assess(now) {
            Ok(()) => KeyState::Good,
            Err(KeyFault::Revoked) => KeyState::Revoked,
            Err(KeyFault::Expired) => KeyState::Expired,
        };
        Self { party, person, state, key: KeyLine::from(known) }
    }
}

/// Which keys.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct KeysQuery {
    /// Only those of this party's own system.
    party: Option<String>,
    /// Only those of this person.
    person: Option<String>,
    /// Only those after this id: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// The keys of everybody, in the order of their ids; the link `next` leads on. No token is among them.
#[utoipa::path(get, path = "/api/access/keys", tag = "people", security(("party" = [])), params(KeysQuery),
    responses((status = 200, body = Vec<OwnedKey>), (status = 422, body = Problem)))]
async fn list_all_keys(
    State(api): State<Api>,
    uri: Uri,
    Query(query): Query<KeysQuery>,
) -> Result<Page<Vec<OwnedKey>>, Problem> {
    let limit = read_limit(query.limit, PAGE)? as usize;
    let (now, after) = (api.clock.now(), query.after.unwrap_or_default());
    let of = |known: &&KnownKey| {
        let (party, person) = owner_of(known);
        (query.party.is_none() || query.party == party) && (query.person.is_none() || query.person == person)
    };
    let (mut lines, total) = api.desk.with_registry(|registry| {
        let all = || registry.people().list_keys().filter(of);
        let lines: Vec<OwnedKey> = all()
            .filter(|known| known.key.id > after)
            .take(limit + 1)
            .map(|known| OwnedKey::new(known, now))
            .collect();
        (lines, all().count())
    });
    let more = lines.len() > limit;
    lines.truncate(limit);
    let last = lines.last().filter(|_| more).map(|line| line.key.id.clone());
    Ok(Page::new(lines, &uri, last.as_ref()).of(total))
}

/// A key that is wanted for somebody: for a party's own system, or for a person.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeyFor {
    /// The party whose system shows it; this or `person`.
    #[serde(default)]
    #[schema(example = "rail-az")]
    party: Option<String>,
    /// The person who shows it; this or `party`.
    #[serde(default)]
    person: Option<String>,
    /// What it is for.
    #[schema(example = "gate scanner", min_length = 1, max_length = 80)]
    label: String,
    /// What it may be used for: `all`, `read`, or groups of actions with commas between them; `all` if absent.
    #[serde(default)]
    #[schema(example = "read")]
    scope: Option<String>,
    /// After how many days it is worth nothing; never if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u32>,
}

/// Makes a key for a party's own system or for a person. Its token is in this answer and in no other.
#[utoipa::path(post, path = "/api/access/keys", tag = "people", security(("party" = [])), request_body = KeyFor,
    responses((status = 201, body = NewKey), (status = 404, body = Problem, description = "there is no such party or person"),
        (status = 422, body = Problem)))]
async fn add_key_for(State(api): State<Api>, asking: Asking, body: Bytes) -> Result<Response, Problem> {
    check_whole(&asking)?;
    let wanted: KeyFor = read_json(&body)?;
    let owner = match (&wanted.party, &wanted.person) {
        (Some(party), None) => {
            let nobody =
                |_| Refusal::NotFound { what: "party or person", id: party.chars().take(80).collect() };
            KeyOwner::Party(party.parse().map_err(nobody)?)
        }
        (None, Some(person)) => {
            KeyOwner::Person(person.parse().map_err(|finding| Problem::invalid(&[finding]))?)
        }
        (None, None) | (Some(_), Some(_)) => {
            let finding = Finding::error("identity.owner", "a key is of a party or of a person, one of them");
            return Err(Problem::invalid(&[finding
                .at("/party")
                .remedy("name `party` or `person`, not both")]));
        }
    };
    let key = KeyWanted { label: wanted.label, scope: wanted.scope, days: wanted.days };
    make_key(&api, asking.shown(), owner, &key).await
}

/// Takes any key back; it is worth nothing from then on.
#[utoipa::path(delete, path = "/api/access/keys/{id}", tag = "people", security(("party" = [])),
    params(("id" = String, Path, description = "the key")), responses((status = 204), (status = 404, body = Problem)))]
async fn revoke_one(
    State(api): State<Api>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (now, by) = (api.clock.now(), asking.shown());
    api.run(move |desk| revoke_key(desk, &Attempt { by: &by, now }, &id, None)).await?;
    Ok(StatusCode::NO_CONTENT)
}
