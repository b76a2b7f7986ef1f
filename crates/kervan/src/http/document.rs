//! What every operation has in common, put into the API's document once: refusals that come before the route, keys, versions.

use super::answers::holds_secret;
use kervan_rights::{About, Action, Group};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    Content, ContentBuilder, Header, HeaderBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
    Responses,
};

/// The media type of problems. Source: RFC 9457.
const PROBLEM: &str = "application/problem+json";

/// Refusals that any operation may answer with, before it runs: status, name of the component, when.
const COMMON: [(&str, &str, &str); 4] = [
    ("400", "Unreadable", "the address, a parameter or a header cannot be read"),
    ("429", "TooMany", "the caller sends too many requests; `retry-after` says when to come back"),
    ("500", "Failed", "the node failed; nothing was changed"),
    ("503", "Busy", "the node is too busy, or is about to stop; `retry-after` says when to come back"),
];

/// Refusals of operations that take a body.
const WITH_BODY: [(&str, &str, &str); 3] = [
    ("408", "TooSlow", "the body did not come in time"),
    ("413", "TooLarge", "the body is larger than this node takes"),
    ("415", "OtherForm", "the body is in a form that this address does not read"),
];

/// Refusals of the door, where an operation is not for everybody: the table of rights says for whom.
const AT_THE_DOOR: [(&str, &str, &str); 2] = [
    ("401", "Unknown", "this is answered only to those whom the node knows: send a token"),
    ("403", "NotAllowed", "the rights of the caller do not include this; docs/rights-table.md says whose do"),
];

/// The refusal of a thing that is not there, or that the caller may not know of.
const NOT_THERE: (&str, &str, &str) =
    ("404", "NotThere", "there is no such thing that the caller may know of");

/// Refusals of whatever is kept.
const KEPT: (&str, &str, &str) = (
    "507",
    "DiskFull",
    "there is no room left on the disk of the node; nothing was saved, what was can be read",
);

/// Refusals under an idempotency key.
const WITH_KEY: (&str, &str, &str) =
    ("409", "KeyUsed", "the idempotency key was used for another request, or its request is still running");

/// Completes the document with what holds for all operations.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let refusals = COMMON.iter().chain(&WITH_BODY).chain(&AT_THE_DOOR).chain([&WITH_KEY, &NOT_THERE, &KEPT]);
    for (status, name, when) in refusals {
        let mut response = problem(when);
        if matches!(*status, "429" | "503") {
            response
                .headers
                .insert("retry-after".into(), header("seconds until the caller may come back").into());
        }
        components.responses.insert((*name).to_owned(), RefOr::T(response));
    }
    let unchanged = ResponseBuilder::new().description("the caller has this version already").build();
    components.responses.insert("Unchanged".into(), RefOr::T(unchanged));
    for (path, item) in &mut document.paths.paths {
        let of_api = path.starts_with("/api");
        for (method, operation) in
            [("GET", &mut item.get), ("POST", &mut item.post), ("DELETE", &mut item.delete)]
        {
            if let (Some(action), Some(operation)) = (Action::of_route(method, path), operation) {
                complete_door(operation, action);
            }
        }
        let kept = !holds_secret(path);
        if let Some(operation) = &mut item.get {
            complete_get(operation, of_api);
        }
        for (operation, takes_body) in [(&mut item.post, true), (&mut item.delete, false)] {
            if let Some(operation) = operation {
                complete_write(operation, takes_body, kept);
            }
        }
    }
}

/// What the door may answer.
fn complete_door(operation: &mut Operation, action: Action) {
    if action.group() == Group::Public {
        return;
    }
    for (status, name, _) in AT_THE_DOOR {
        refer(&mut operation.responses, status, name);
    }
    if !matches!(action.about(), About::Node | About::Each(_)) {
        let (status, name, _) = NOT_THERE;
        refer(&mut operation.responses, status, name);
    }
}

fn complete_get(operation: &mut Operation, of_api: bool) {
    common(operation);
    // A stream has no version.
    let stream = operation.operation_id.as_deref() == Some("get_stream");
    if of_api && !stream {
        refer(&mut operation.responses, "304", "Unchanged");
        let about =
            "the version that the caller has, from the `etag` of an earlier answer; 304 if it is still that";
        add(operation, "If-None-Match", about);
        if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") {
            answer
                .headers
                .entry("etag".into())
                .or_insert_with(|| header("the version of this answer").into());
        }
    }
    let pages =
        operation.parameters.iter().flatten().any(|one| matches!(one, RefOr::T(one) if one.name == "after"));
    if let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200").filter(|_| pages && !stream)
    {
        answer.headers.insert(
            "link".into(),
            header("the address of the next page, as relation `next` (RFC 8288)").into(),
        );
    }
}

fn complete_write(operation: &mut Operation, takes_body: bool, kept: bool) {
    common(operation);
    if takes_body && operation.request_body.is_some() {
        for (status, name, _) in WITH_BODY {
            refer(&mut operation.responses, status, name);
        }
    }
    if operation.security.is_some() {
        let (status, name, _) = KEPT;
        refer(&mut operation.responses, status, name);
    }
    if takes_body && kept && operation.security.is_some() {
        let (status, name, _) = WITH_KEY;
        refer(&mut operation.responses, status, name);
        let about = "a name of the caller's for this request, 1 to 200 characters: sent again with it, it is done once and \
                     answered as the first time";
        add(operation, "Idempotency-Key", about);
    }
}

fn common(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
            as_problem(response);
        }
    }
    for (status, name, _) in COMMON {
        refer(&mut operation.responses, status, name);
    }
}

/// A refusal that is a problem has the media type of problems; one that is said in words only is a problem too.
fn as_problem(response: &mut Response) {
    let content = std::mem::take(&mut response.content);
    let is_problem = |content: &RefOr<Content>| match content {
        RefOr::T(content) => {
            matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location.ends_with("/Problem"))
        }
        RefOr::Ref(_) => false,
    };
    let named = |(kind, content): (String, RefOr<Content>)| {
        if is_problem(&content) { (PROBLEM.to_owned(), content) } else { (kind, content) }
    };
    response.content = content.into_iter().map(named).collect();
    if response.content.is_empty() {
        response.content = problem("").content;
    }
}

/// Adds a refusal, unless the operation has said itself when it comes.
fn refer(responses: &mut Responses, status: &str, name: &str) {
    let response = || RefOr::Ref(Ref::from_response_name(name));
    responses.responses.entry(status.to_owned()).or_insert_with(response);
}

fn add(operation: &mut Operation, name: &str, about: &str) {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build();
    let parameters = operation.parameters.get_or_insert_default();
    let there = |one: &RefOr<Parameter>| matches!(one, RefOr::T(one) if one.name.eq_ignore_ascii_case(name));
    if !parameters.iter().any(there) {
        parameters.push(RefOr::T(parameter));
    }
}

fn header(about: &str) -> Header {
    HeaderBuilder::new()
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

fn problem(when: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(when).content(PROBLEM, content).build()
}
