//! Signing in and out, with a password or at a provider of OpenID Connect.
//!
//! Whoever fails is told that they did and nothing else, after the same work, whether there is such a person or not.

use super::api::{Api, read_json};
use super::caller::Asking;
use super::problem::Problem;
use super::session::Member;
use crate::random::Random;
use crate::sign_in::find_by_password;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kervan_identity::oidc::{LoginAnswer, OidcFault};
use kervan_identity::{Link, PersonName, Secret, SecretHash, Session, SignedInBy};
use kervan_node::{Attempt, Refusal, begin_session, end_session, find_person_of, put_on_record};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_ways))
        .routes(routes!(post_credentials))
        .routes(routes!(post_sign_out))
        .routes(routes!(get_provider))
        .routes(routes!(get_back))
}

/// How people sign in here.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct WaysIn {
    /// What stands on the button of the provider of OpenID Connect; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
}

/// How people sign in here: with a password always, at a provider where one is configured.
#[utoipa::path(get, path = "/api/sign-in", tag = "people", responses((status = 200, body = WaysIn)))]
async fn get_ways(State(api): State<Api>) -> Json<WaysIn> {
    let provider = api.sign_ins.provider.as_ref().map(|provider| provider.label().to_owned());
    Json(WaysIn { provider })
}

/// A name and a password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// The name with which a person signs in.
    #[schema(example = "4711@customs-ge")]
    name: String,
    /// The password.
    #[schema(value_type = String)]
    password: Secret,
}

fn refused() -> Problem {
    let detail = "the name or the password is not right";
    Problem::new(StatusCode::UNAUTHORIZED, "sign-in-refused", "Not signed in", detail)
}

/// Signs a person in: the answer sets the cookie of a new session. The one that the browser had before ends.
#[utoipa::path(post, path = "/api/sign-in", tag = "people", request_body = Credentials,
    responses((status = 200, body = Member), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem)))]
async fn post_credentials(
    State(api): State<Api>,
    asking: Asking,
    network: super::Network,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if !super::caller::is_own_page(&headers, &api) {
        // Or a page of others could sign a browser in as somebody else.
        return Err(super::caller::cross_site());
    }
    let given: Credentials = read_json(&body)?;
    let now = api.clock.now();
    let typed: String = given.name.trim().chars().take(200).collect::<String>().to_lowercase();
    if let Some(wait) = api.sign_ins.find_wait(&typed, &network.0, now) {
        let mut response = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many tries",
            "too many sign-ins have failed; wait before the next",
        )
        .into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        return Ok(response);
    }
    // Counted before the work, so that tries that run at once are counted as well.
    api.sign_ins.note(&typed, &network.0, now, false);
    let place = api.sign_ins.place().await;
    let name = given.name.trim().to_owned();
    let found = api.run(move |desk| Ok(find_by_password(desk, &name, &given.password))).await?;
    drop(place);
    let Some(person) = found else {
        let known: Option<PersonName> = given.name.parse().ok();
        api.run(move |desk| {
            // What was typed may be a password in the wrong field: only a name that is known goes on record.
            let known =
                known.filter(|name| desk.with_registry(|registry| registry.people().find(name).is_some()));
            let about = known.map_or_else(|| "nobody known".to_owned(), |name| name.to_string());
            put_on_record(
                desk,
                &Attempt { by: "visitor", now },
                "sign-in-refused",
                &about,
                &[("by", "password")],
            )
        })
        .await?;
        return Err(refused());
    };
    api.sign_ins.note(&typed, &network.0, now, true);
    let (cookie, name) = begin(&api, person.name, SignedInBy::Password, asking.session).await?;
    let member = Member::of_person(&api, &name)?;
    Ok(([cookie, no_store()], Json(member)).into_response())
}

fn no_store() -> (header::HeaderName, HeaderValue) {
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))
}

/// Begins a session: the header that sets its cookie.
async fn begin(
    api: &Api,
    person: PersonName,
    by: SignedInBy,
    instead: Option<SecretHash>,
) -> Result<((header::HeaderName, HeaderValue), PersonName), Problem> {
    let (now, limits) = (api.clock.now(), api.sign_ins.limits);
    let (session, token) = Session::begin(person.clone(), by, now, &Random::System.secret("session"));
    api.run(move |desk| begin_session(desk, now, session, instead.as_ref(), &limits)).await?;
    let cookie = cookie(
        api.sign_ins.cookie(),
        token.reveal(),
        "Strict",
        limits.longest.as_secs(),
        api.sign_ins.secure,
    )?;
    Ok(((header::SET_COOKIE, cookie), person))
}

/// A cookie that no script reads and that goes to this node only.
fn cookie(
    name: &str,
    value: &str,
    same_site: &str,
    seconds: i64,
    secure: bool,
) -> Result<HeaderValue, Problem> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={same_site}; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).map_err(|_| Refusal::Broken("a cookie cannot be written".into()).into())
}

/// Ends the session that the browser shows. Whoever shows none is answered the same.
#[utoipa::path(post, path = "/api/sign-out", tag = "people", responses((status = 204), (status = 403, body = Problem)))]
async fn post_sign_out(State(api): State<Api>, asking: Asking) -> Result<Response, Problem> {
    if let Some(hash) = asking.session {
        let now = api.clock.now();
        api.run(move |desk| end_session(desk, now, &hash)).await?;
    }
    let gone = cookie(api.sign_ins.cookie(), "", "Strict", 0, api.sign_ins.secure)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone), no_store()]).into_response())
}

fn no_provider() -> Problem {
    Refusal::NotFound { what: "provider", id: "people sign in with a password".into() }.into()
}

/// Sends the browser to the provider of OpenID Connect.
#[utoipa::path(get, path = "/api/sign-in/provider", tag = "people",
    responses((status = 303, description = "to the provider"), (status = 404, body = Problem)))]
async fn get_provider(State(api): State<Api>) -> Result<Response, Problem> {
    if api.sign_ins.provider.is_none() {
        return Err(no_provider());
    }
    let (sign_ins, now) = (Arc::clone(&api.sign_ins), api.clock.now());
    let random = ["state", "nonce", "verifier"].map(|purpose| Random::System.secret(purpose));
    let begun = api
        .run(move |_| {
            let provider = sign_ins.provider.as_ref();
            Ok(provider.map_or(Err(OidcFault::Refused), |provider| provider.begin(random, now)))
        })
        .await?;
    match begun {
        Ok((url, state)) => {
            let kept = cookie(api.sign_ins.login_cookie(), state.reveal(), "Lax", 600, api.sign_ins.secure)?;
            let to = HeaderValue::from_str(&url).map_err(|_| no_provider())?;
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::SET_COOKIE, kept), no_store()])
                .into_response())
        }
        Err(fault) => Ok(back_to_the_page(&fault)),
    }
}

/// What a provider sends a browser back with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Back {
    /// The code.
    #[param(value_type = Option<String>)]
    code: Option<Secret>,
    /// What was sent along.
    #[param(value_type = Option<String>)]
    state: Option<Secret>,
    /// Who answers.
    iss: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

/// Where the provider sends the browser back to: signs the person in, and goes on to the page.
#[utoipa::path(get, path = "/api/sign-in/back", tag = "people", params(Back),
    responses((status = 303, description = "to the page, signed in or not"), (status = 404, body = Problem)))]
async fn get_back(
    State(api): State<Api>,
    asking: Asking,
    headers: HeaderMap,
    back: Result<Query<Back>, QueryRejection>,
) -> Result<Response, Problem> {
    if api.sign_ins.provider.is_none() {
        return Err(no_provider());
    }
    // A person looks at this in a browser: what cannot be read leads to the page as well.
    let Ok(Query(back)) = back else { return Ok(back_to_the_page(&OidcFault::Refused)) };
    let kept = super::caller::cookie_of(&headers, api.sign_ins.login_cookie()).map(str::to_owned);
    let answer = LoginAnswer { code: back.code, state: back.state, issuer: back.iss, error: back.error };
    let (sign_ins, clock) = (Arc::clone(&api.sign_ins), Arc::clone(&api.clock));
    let found = api
        .run(move |desk| {
            let Some(provider) = sign_ins.provider.as_ref() else { return Ok(Err(OidcFault::Refused)) };
            let claims = match provider.finish(&answer, kept.as_deref(), &clock) {
                Ok(claims) => claims,
                Err(fault) => return Ok(Err(fault)),
            };
            let link = Link { issuer: claims.issuer.clone(), subject: claims.subject.clone(), by_rule: true };
            let described = provider.mappings().describe(&claims, clock.now()).ok();
            match find_person_of(desk, clock.now(), &link, described) {
                Ok(person) => Ok(Ok(person.name)),
                Err(Refusal::NotAllowed(_)) => Ok(Err(OidcFault::Nobody)),
                Err(other) => Err(other),
            }
        })
        .await?;
    match found {
        Ok(person) => {
            let (session, _) = begin(&api, person, SignedInBy::Provider, asking.session).await?;
            let to = HeaderValue::from_static("/");
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to), session, no_store()]).into_response())
        }
        Err(fault) => {
            let (now, says) = (api.clock.now(), fault.to_string());
            api.run(move |desk| {
                let detail = [("by", "provider"), ("because", says.as_str())];
                put_on_record(
                    desk,
                    &Attempt { by: "visitor", now },
                    "sign-in-refused",
                    "nobody known",
                    &detail,
                )
            })
            .await?;
            Ok(back_to_the_page(&fault))
        }
    }
}

/// Whoever could not sign in goes back to the page, which says what they can do; why stands in the log.
fn back_to_the_page(fault: &OidcFault) -> Response {
    tracing::warn!(%fault, "nobody signed in at the provider");
    let to = HeaderValue::from_static(match fault {
        OidcFault::Provider(_) => "/?sign-in=away",
        OidcFault::State | OidcFault::Nonce => "/?sign-in=late",
        OidcFault::Nobody => "/?sign-in=unknown",
        OidcFault::Issuer
        | OidcFault::Refused
        | OidcFault::Shape
        | OidcFault::Algorithm
        | OidcFault::UnknownKey
        | OidcFault::Signature
        | OidcFault::Audience
        | OidcFault::Time => "/?sign-in=refused",
    });
    (StatusCode::SEE_OTHER, [(header::LOCATION, to), no_store()]).into_response()
}
