//! What somebody keeps of their own: the keys that their programs show, and their password.

use super::api::{Api, read_json};
use super::caller::Asking;
use super::problem::Problem;
use crate::cli::check_scope;
use crate::random::Random;
use crate::setup::key_of;
use crate::sign_in::{find_by_password, hash_password};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use kervan_identity::{KeyOwner, Scope, Secret};
use kervan_model::Finding;
use kervan_node::{Attempt, KnownKey, add_key, revoke_key, set_password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Longest life of a key. Unit: day.
const LONGEST_KEY_DAYS: u32 = 3_650;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_keys, post_key))
        .routes(routes!(delete_key))
        .routes(routes!(post_password))
}

/// A key of the API, without its token.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct KeyLine {
    /// Its id, which its token shows.
    #[schema(example = "3f9a01c27be4")]
    pub(super) id: String,
    /// What it is for.
    label: String,
    /// What it may be used for: `all`, `read`, or groups of actions with commas between them.
    scope: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made: Timestamp,
    /// From when on it is worth nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires: Option<Timestamp>,
    /// Since when it has been taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked: Option<Timestamp>,
    /// When it was used last, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    used: Option<Timestamp>,
}

impl From<&KnownKey> for KeyLine {
    fn from(known: &KnownKey) -> Self {
        let key = &known.key;
        Self {
            id: key.id.clone(),
            label: key.label.clone(),
            scope: key.scope.to_string(),
            made: key.made,
            expires: key.expires,
            revoked: key.revoked,
            used: known.used,
        }
    }
}

/// Whose keys somebody keeps: a person their own, a party's system those of the party.
fn owner_of(asking: &Asking) -> Result<KeyOwner, Problem> {
    match (&asking.person, &asking.caller.party) {
        (Some((name, _)), _) => Ok(KeyOwner::Person(name.clone())),
        (None, Some(party)) => Ok(KeyOwner::Party(party.clone())),
        (None, None) => Err(Problem::unauthorized()),
    }
}

/// The keys of whoever asks, by when they were made. No token is among them.
#[utoipa::path(get, path = "/api/keys", tag = "people", security(("party" = [])), responses((status = 200, body = Vec<KeyLine>)))]
async fn get_keys(State(api): State<Api>, asking: Asking) -> Result<Json<Vec<KeyLine>>, Problem> {
    let owner = owner_of(&asking)?;
    let mut keys: Vec<KeyLine> = api.desk.with_registry(|registry| {
        let own = registry.people().list_keys().filter(|known| known.key.owner == owner);
        own.map(KeyLine::from).collect()
    });
    keys.sort_by(|a, b| (a.made, &a.id).cmp(&(b.made, &b.id)));
    Ok(Json(keys))
}

/// A key that is wanted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyWanted {
    /// What it is for.
    #[schema(example = "warehouse scanner", min_length = 1, max_length = 80)]
    pub(super) label: String,
    /// What it may be used for; `all` if absent.
    #[serde(default)]
    #[schema(example = "read")]
    pub(super) scope: Option<String>,
    /// After how many days it is worth nothing; never if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub(super) days: Option<u32>,
}

/// A new key. Its token is in no other answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct NewKey {
    /// To be sent as `Authorization: Bearer TOKEN`. It is shown once.
    token: String,
    /// The key.
    key: KeyLine,
}

/// Makes a key for whoever asks. It never has more rights than they; one that asks with a narrower key gets none.
#[utoipa::path(post, path = "/api/keys", tag = "people", security(("party" = [])), request_body = KeyWanted,
    responses((status = 201, body = NewKey), (status = 422, body = Problem)))]
async fn post_key(State(api): State<Api>, asking: Asking, body: Bytes) -> Result<Response, Problem> {
    let owner = owner_of(&asking)?;
    if asking.scope != Scope::All {
        return Err(super::rights::forbidden());
    }
    let wanted: KeyWanted = read_json(&body)?;
    make_key(&api, asking.shown(), owner, &wanted).await
}

/// Makes a key and answers with its token, which nobody may keep on the way. `by` is on record as who made it.
///
/// Errors: something of it is wrong, or its owner is not known here.
pub(super) async fn make_key(
    api: &Api,
    by: String,
    owner: KeyOwner,
    wanted: &KeyWanted,
) -> Result<Response, Problem> {
    let invalid = |finding: Finding| Problem::invalid(&[finding]);
    let scope: Scope = wanted.scope.as_deref().unwrap_or("all").parse().map_err(invalid)?;
    check_scope(&scope).map_err(|says| invalid(Finding::error("identity.scope", says).at("/scope")))?;
    let now = api.clock.now();
    let expires = match wanted.days {
        None => None,
        Some(days @ 1..=LONGEST_KEY_DAYS) => {
            now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok()
        }
        Some(_) => {
            let says = format!("a key lives from 1 to {LONGEST_KEY_DAYS} days, or without an end");
            return Err(invalid(
                Finding::error("identity.expiry", says).at("/days").remedy("name fewer days"),
            ));
        }
    };
    let (key, token) =
        key_of(Random::System, owner, &wanted.label, scope, (now, expires)).map_err(invalid)?;
    let line = KeyLine::from(&KnownKey { key: key.clone(), used: None });
    api.run(move |desk| add_key(desk, &Attempt { by: &by, now }, key)).await?;
    let answer = NewKey { token: token.reveal().to_owned(), key: line };
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, no_store, Json(answer)).into_response())
}

/// Takes a key of whoever asks back; it is worth nothing from then on.
#[utoipa::path(delete, path = "/api/keys/{id}", tag = "people", security(("party" = [])),
    params(("id" = String, Path, description = "the key")), responses((status = 204), (status = 404, body = Problem)))]
async fn delete_key(
    State(api): State<Api>,
    asking: Asking,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (owner, now, by) = (owner_of(&asking)?, api.clock.now(), asking.shown());
    api.run(move |desk| revoke_key(desk, &Attempt { by: &by, now }, &id, Some(&owner))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new password in the place of an old one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    /// The password until now.
    #[schema(value_type = String)]
    old: Secret,
    /// The new one: 15 characters or more.
    #[schema(value_type = String, min_length = 15)]
    new: Secret,
}

/// Changes the password of whoever is signed in. Their other sessions end.
#[utoipa::path(post, path = "/api/session/password", tag = "people", security(("party" = [])), request_body = PasswordChange,
    responses((status = 204), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn post_password(
    State(api): State<Api>,
    asking: Asking,
    network: super::Network,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    // A key of the API alone must not be able to keep its owner out.
    let (Some((name, _)), Some(session)) = (asking.person.clone(), asking.session.clone()) else {
        return Err(super::rights::forbidden());
    };
    let change: PasswordChange = read_json(&body)?;
    let (now, typed) = (api.clock.now(), name.to_string());
    if api.sign_ins.find_wait(&typed, &network.0, now).is_some() {
        let detail = "too many tries have failed; wait before the next";
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many tries",
            detail,
        ));
    }
    api.sign_ins.note(&typed, &network.0, now, false);
    let place = api.sign_ins.place().await;
    let salt = Random::System.salts("password")();
    let changed = api
        .run(move |desk| {
            if find_by_password(desk, &name.to_string(), &change.old).is_none() {
                return Ok(Err(None));
            }
            match hash_password(&change.new, &name, salt) {
                Err(finding) => Ok(Err(Some(finding.at("/new")))),
                Ok(hash) => {
                    let by = name.to_string();
                    set_password(desk, &Attempt { by: &by, now }, &name, hash, Some(&session))?;
                    Ok(Ok(()))
                }
            }
        })
        .await?;
    drop(place);
    match changed {
        Ok(()) => {
            api.sign_ins.note(&typed, &network.0, now, true);
            Ok(StatusCode::NO_CONTENT)
        }
        Err(Some(finding)) => Err(Problem::invalid(&[finding])),
        Err(None) => {
            let detail = "the password until now is not right";
            Err(Problem::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", detail))
        }
    }
}
