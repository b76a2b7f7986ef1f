//! Refusals in the standard's words: problems whose type is one of its exceptions.

use crate::http::Problem;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kervan_model::Finding;
use kervan_node::Refusal;

/// A refusal of the EPCIS binding.
pub(super) struct Exception(Problem);

/// Codes of findings that stand for an exception of their own. Source: EPCIS 2.0, sections 8.2.6 and 12.
const BY_CODE: &[(&str, &str, StatusCode)] = &[
    ("events.query-too-large", "QueryTooLargeException", StatusCode::PAYLOAD_TOO_LARGE),
    ("events.query-parameter", "QueryParameterException", StatusCode::BAD_REQUEST),
    ("events.page-token", "QueryParameterException", StatusCode::BAD_REQUEST),
    ("events.subscription", "SubscriptionControlsException", StatusCode::BAD_REQUEST),
    ("events.too-many", "CaptureLimitExceededException", StatusCode::PAYLOAD_TOO_LARGE),
    ("node.capture-too-large", "CaptureLimitExceededException", StatusCode::PAYLOAD_TOO_LARGE),
];

impl Exception {
    /// The client asks for a form that is not offered.
    pub(super) fn not_acceptable(detail: &str) -> Self {
        Self::of(StatusCode::NOT_ACCEPTABLE, "NotAcceptableException", detail)
    }

    /// The client sent a form that is not read.
    pub(super) fn unsupported(detail: &str) -> Self {
        Self::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaTypeException", detail)
    }

    /// A document is larger than what is taken.
    pub(super) fn too_large(detail: &str) -> Self {
        Self::of(StatusCode::PAYLOAD_TOO_LARGE, "CaptureLimitExceededException", detail)
    }

    /// An address is longer than what is read.
    pub(super) fn uri_too_long(detail: &str) -> Self {
        Self::of(StatusCode::URI_TOO_LONG, "URITooLongException", detail)
    }

    /// What the client wants to make is there already.
    pub(super) fn exists(detail: &str) -> Self {
        Self::of(StatusCode::CONFLICT, "ResourceAlreadyExistsException", detail)
    }

    /// There is no such thing.
    pub(super) fn none(what: &'static str, id: &str) -> Self {
        Problem::from(Refusal::NotFound { what, id: id.to_owned() }).into()
    }

    fn of(status: StatusCode, name: &str, detail: &str) -> Self {
        let mut problem = Problem::new(status, "epcis", name, detail);
        problem.kind = format!("epcisException:{name}");
        Self(problem)
    }
}

impl From<Problem> for Exception {
    fn from(mut problem: Problem) -> Self {
        let special = problem
            .findings
            .iter()
            .find_map(|finding| BY_CODE.iter().find(|(code, ..)| finding.code == *code))
            .map(|(_, name, status)| (*name, *status));
        let (name, status) = special.unwrap_or(match problem.status {
            400 | 422 => ("ValidationException", StatusCode::BAD_REQUEST),
            401 => ("SecurityException", StatusCode::UNAUTHORIZED),
            403 => ("SecurityException", StatusCode::FORBIDDEN),
            404 => ("NoSuchResourceException", StatusCode::NOT_FOUND),
            409 | 412 => ("ResourceAlreadyExistsException", StatusCode::CONFLICT),
            _ => ("ImplementationException", StatusCode::INTERNAL_SERVER_ERROR),
        });
        problem.kind = format!("epcisException:{name}");
        problem.title = name.to_owned();
        problem.status = status.as_u16();
        Self(problem)
    }
}

impl From<Finding> for Exception {
    fn from(finding: Finding) -> Self {
        vec![finding].into()
    }
}

impl From<Vec<Finding>> for Exception {
    fn from(findings: Vec<Finding>) -> Self {
        Problem::invalid(&findings).into()
    }
}

impl IntoResponse for Exception {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}
