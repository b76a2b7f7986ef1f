//! Errors on the wire: RFC 9457 problems. The one place where refusals become status codes.

use super::wire::Finding;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kervan_node::Refusal;
use kervan_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem, served as `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "https://kervan.example/problems/invalid")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// Stable code.
    pub code: String,
    /// Everything that is wrong, with paths and remedies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("https://kervan.example/problems/{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            findings: Vec::new(),
        }
    }

    /// Adds what is wrong.
    #[must_use]
    pub fn with(mut self, findings: &[kervan_model::Finding]) -> Self {
        self.findings = findings.iter().map(Finding::from).collect();
        self
    }

    /// The request is not valid.
    pub fn invalid(findings: &[kervan_model::Finding]) -> Self {
        Self::from(Refusal::Invalid(findings.to_vec()))
    }

    /// The caller did not say who it is, or not so that we believe it.
    pub fn unauthorized() -> Self {
        let detail = "send the token of a registered party as `Authorization: Bearer TOKEN`";
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Who calls is not known", detail)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound { .. } => Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail),
            Refusal::NotAllowed(_) => Self::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", detail),
            Refusal::Invalid(findings) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The request is not valid", detail)
                    .with(&findings)
            }
            Refusal::Conflict(finding) => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "The request does not fit the state of things",
                detail,
            )
            .with(&[*finding]),
            Refusal::Changed(finding) => {
                Self::new(StatusCode::PRECONDITION_FAILED, "changed", "Somebody else was quicker", detail)
                    .with(&[*finding])
            }
            Refusal::Store(StoreError::Full(_)) => {
                tracing::error!(detail, "there is no room left");
                let detail = "there is no room left on the disk of the node: nothing was saved; what was is there to read. Send \
                              it again when the node's keeper has made room";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", "No room is left", detail)
            }
            Refusal::Store(
                StoreError::Journal { .. } | StoreError::Unreachable { .. } | StoreError::NoServer { .. },
            ) => {
                tracing::error!(detail, "the store cannot be reached or its journal not written");
                let detail = "nothing was changed: the node cannot reach its store, or not write its journal. Send it again when the \
                              node's keeper has brought them back";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "store-away", "The store is away", detail)
            }
            Refusal::NotSigned(_) => {
                tracing::error!(detail, "a key does not sign");
                let detail =
                    "nothing was changed; whoever keeps the key did not sign, and the node's log says why";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-signed", "The key does not sign", detail)
            }
            Refusal::Store(_) | Refusal::Broken(_) => {
                tracing::error!(detail, "a request failed");
                let detail = "nothing was changed; the node's log says more";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The node failed", detail)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}
