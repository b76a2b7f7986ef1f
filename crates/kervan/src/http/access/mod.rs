//! Who may sign in to a node, and the keys of everybody: for whoever runs it. What somebody keeps of their own stands in `account`.

mod keys;

use super::api::{Api, read_json};
use super::caller::Asking;
use super::paging::{PAGE, Page, read_cursor, read_limit};
use super::problem::Problem;
use crate::random::Random;
use crate::sign_in::hash_password;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use jiff::Timestamp;
use kervan_identity::{Duty, Link, Person, PersonName, Scope, Secret};
use kervan_model::PartyId;
use kervan_node::{Attempt, Refusal, Spare, add_person, end_person, link_person, set_password};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_people, add_one))
        .routes(routes!(get_person, end_one))
        .routes(routes!(give_password))
        .routes(routes!(link_one))
        .merge(keys::routes())
}

/// What a person is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum DutyWord {
    /// Acts for a party; at a customs administration an officer.
    Member,
    /// Runs the node.
    Operator,
    /// Audits the node.
    Auditor,
}

impl From<Duty> for DutyWord {
    fn from(duty: Duty) -> Self {
        match duty {
            Duty::Member => Self::Member,
            Duty::Operator => Self::Operator,
            Duty::Auditor => Self::Auditor,
        }
    }
}

impl From<DutyWord> for Duty {
    fn from(word: DutyWord) -> Self {
        match word {
            DutyWord::Member => Self::Member,
            DutyWord::Operator => Self::Operator,
            DutyWord::Auditor => Self::Auditor,
        }
    }
}

/// Who somebody is at a provider of OpenID Connect.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct LinkLine {
    /// The provider.
    issuer: String,
    /// The subject there.
    subject: String,
    /// Whether a rule about claims made the link; then it lasts only as long as a rule fits.
    by_rule: bool,
}

/// A person as they are registered. Nothing that they sign in with is in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct PersonLine {
    /// The name with which they sign in.
    #[schema(example = "4711@customs-ge")]
    name: String,
    /// What colleagues call them.
    called: String,
    /// What they are here for.
    duty: DutyWord,
    /// The offices that an officer is bound to; none for every office of the territory.
    offices: Vec<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Since when no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Timestamp>,
    /// Whether they have a password.
    password: bool,
    /// Who they are at providers.
    links: Vec<LinkLine>,
    /// How many sessions of theirs are open.
    sessions: usize,
}

impl PersonLine {
    fn new(person: &Person, sessions: usize) -> Self {
        let link = |link: &Link| LinkLine {
            issuer: link.issuer.clone(),
            subject: link.subject.clone(),
            by_rule: link.by_rule,
        };
        Self {
            name: person.name.to_string(),
            called: person.called.clone(),
            duty: person.duty.into(),
            offices: person.offices.clone(),
            since: person.since,
            ended: person.ended,
            password: person.password.is_some(),
            links: person.links.iter().map(link).collect(),
            sessions,
        }
    }
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// Only those of this party.
    party: Option<String>,
    /// Only those after this one: from the link `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1,000; 100 without it.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Everybody who may sign in or could, in the order of their parties and ids; the link `next` leads on.
#[utoipa::path(get, path = "/api/people", tag = "people", security(("party" = [])), params(PeopleQuery),
    responses((status = 200, body = Vec<PersonLine>), (status = 422, body = Problem)))]
async fn list_people(
    State(api): State<Api>,
    uri: Uri,
    Query(query): Query<PeopleQuery>,
) -> Result<Page<Vec<PersonLine>>, Problem> {
    let after: Option<PersonName> = read_cursor(query.after.as_deref())?;
    let limit = read_limit(query.limit, PAGE)? as usize;
    // What is no id of a party is that of none.
    let party: Option<Option<PartyId>> = query.party.map(|text| text.parse().ok());
    let (mut lines, total) = api.desk.with_registry(|registry| {
        let book = registry.people();
        let of = |one: &&Person| match &party {
            None => true,
            Some(wanted) => wanted.is_some() && one.name.party() == wanted.as_ref(),
        };
        let behind = |one: &&Person| after.as_ref().is_none_or(|after| one.name > *after);
        let lines: Vec<PersonLine> = book
            .list()
            .filter(of)
            .filter(behind)
            .take(limit + 1)
            .map(|one| PersonLine::new(one, book.list_sessions_of(&one.name).len()))
            .collect();
        (lines, book.list().filter(of).count())
    });
    let more = lines.len() > limit;
    lines.truncate(limit);
    let last = lines.last().filter(|_| more).map(|line| line.name.clone());
    Ok(Page::new(lines, &uri, last.as_ref()).of(total))
}

fn no_person(text: &str) -> Problem {
    Refusal::NotFound { what: "person", id: text.chars().take(80).collect() }.into()
}

fn read_name(text: &str) -> Result<PersonName, Problem> {
    text.parse().map_err(|_| no_person(text))
}

fn find_line(api: &Api, name: &PersonName) -> Result<PersonLine, Problem> {
    let found = api.desk.with_registry(|registry| {
        let book = registry.people();
        book.find(name).map(|person| PersonLine::new(person, book.list_sessions_of(name).len()))
    });
    found.ok_or_else(|| no_person(&name.to_string()))
}

/// A person.
#[utoipa::path(get, path = "/api/people/{name}", tag = "people", security(("party" = [])),
    params(("name" = String, Path, description = "the name with which they sign in")),
    responses((status = 200, body = PersonLine), (status = 404, body = Problem)))]
async fn get_person(State(api): State<Api>, Path(name): Path<String>) -> Result<Json<PersonLine>, Problem> {
    find_line(&api, &read_name(&name)?).map(Json)
}

/// Somebody who shall be registered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonWanted {
    /// The name with which they sign in: ID@PARTY, or ID for who runs or audits the node.
    #[schema(example = "4711@customs-ge", min_length = 1)]
    name: String,
    /// What colleagues call them.
    #[schema(example = "N. Beridze", min_length = 1, max_length = 64)]
    called: String,
    /// What they are here for; a member if absent.
    #[serde(default)]
    duty: Option<DutyWord>,
    /// The offices that an officer is bound to, by reference number; none for every office of the territory.
    #[serde(default)]
    offices: Vec<String>,
}

/// What gives somebody a way in is done with the whole of one's rights only: a narrower key would make a wider one.
fn check_whole(asking: &Asking) -> Result<(), Problem> {
    if asking.scope == Scope::All { Ok(()) } else { Err(super::rights::forbidden()) }
}

/// Registers a person. They sign in with nothing yet: a password, a key or a link to a provider is given to them next.
#[utoipa::path(post, path = "/api/people", tag = "people", security(("party" = [])), request_body = PersonWanted,
    responses((status = 201, body = PersonLine), (status = 404, body = Problem, description = "there is no such party"),
        (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn add_one(
    State(api): State<Api>,
    asking: Asking,
    body: Bytes,
) -> Result<(StatusCode, Json<PersonLine>), Problem> {
    check_whole(&asking)?;
    let wanted: PersonWanted = read_json(&body)?;
    let (now, by) = (api.clock.now(), asking.shown());
    let invalid = |finding| Problem::invalid(&[finding]);
    let name: PersonName = wanted.name.parse().map_err(invalid)?;
    let duty = wanted.duty.map_or(Duty::Member, Duty::from);
    let person = Person::new(name, &wanted.called, duty, now).map_err(invalid)?;
    let person = person.at_offices(wanted.offices).map_err(invalid)?;
    let line = PersonLine::new(&person, 0);
    api.run(move |desk| add_person(desk, &Attempt { by: &by, now }, person)).await?;
    Ok((StatusCode::CREATED, Json(line)))
}

/// Ends what a person may do: password, keys and sessions are worth nothing; what they signed stays. The last who runs the node is
/// refused.
#[utoipa::path(delete, path = "/api/people/{name}", tag = "people", security(("party" = [])),
    params(("name" = String, Path, description = "the name with which they sign in")),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn end_one(
    State(api): State<Api>,
    asking: Asking,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let (name, now, by) = (read_name(&name)?, api.clock.now(), asking.shown());
    api.run(move |desk| end_person(desk, &Attempt { by: &by, now }, &name, Spare::LastOperator)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password that is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordGiven {
    /// The password: 15 characters or more.
    #[schema(value_type = String, min_length = 15)]
    password: Secret,
}

/// Gives a person a password; their sessions end. One's own is changed at `/api/session/password`, which asks for the old one.
#[utoipa::path(post, path = "/api/people/{name}/password", tag = "people", security(("party" = [])),
    params(("name" = String, Path, description = "the name with which they sign in")), request_body = PasswordGiven,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
async fn give_password(
    State(api): State<Api>,
    asking: Asking,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    check_whole(&asking)?;
    let (name, now, by) = (read_name(&name)?, api.clock.now(), asking.shown());
    if asking.person.as_ref().is_some_and(|(own, _)| *own == name) {
        let detail =
            "one's own password is changed at /api/session/password, which asks for the one until now";
        return Err(Problem::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", detail));
    }
    let given: PasswordGiven = read_json(&body)?;
    find_line(&api, &name)?;
    let place = api.sign_ins.place().await;
    let salt = Random::System.salts("password")();
    let set = api
        .run(move |desk| match hash_password(&given.password, &name, salt) {
            Err(finding) => Err(Refusal::Invalid(vec![finding.at("/password")])),
            Ok(hash) => set_password(desk, &Attempt { by: &by, now }, &name, hash, None),
        })
        .await;
    drop(place);
    set.map(|()| StatusCode::NO_CONTENT)
}

/// An account at a provider of OpenID Connect.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkWanted {
    /// The provider (`iss`).
    #[schema(example = "https://login.customs.example", min_length = 1, max_length = 255)]
    issuer: String,
    /// The subject there (`sub`).
    #[schema(example = "248289761001", min_length = 1, max_length = 255)]
    subject: String,
}

/// Says who a person is at a provider of OpenID Connect, so that they may sign in there.
#[utoipa::path(post, path = "/api/people/{name}/links", tag = "people", security(("party" = [])),
    params(("name" = String, Path, description = "the name with which they sign in")), request_body = LinkWanted,
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
async fn link_one(
    State(api): State<Api>,
    asking: Asking,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    check_whole(&asking)?;
    let (name, now, by) = (read_name(&name)?, api.clock.now(), asking.shown());
    let wanted: LinkWanted = read_json(&body)?;
    let link =
        Link::of_operator(&wanted.issuer, &wanted.subject).map_err(|finding| Problem::invalid(&[finding]))?;
    api.run(move |desk| link_person(desk, &Attempt { by: &by, now }, &name, link)).await?;
    Ok(StatusCode::NO_CONTENT)
}
