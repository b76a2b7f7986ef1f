//! Closures of places, links and services on the wire.

use jiff::Timestamp;
use kervan_model::{LinkId, ServiceId};
use kervan_node::{SignedClosure, WantedClosure};
use kervan_tracking::Closed;
use kervan_units::Estimate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Enters something that is closed: exactly one of `place`, `link` and `service`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterClosure {
    /// Code of a place.
    #[serde(default)]
    pub place: Option<String>,
    /// Id of a link.
    #[serde(default)]
    pub link: Option<String>,
    /// Id of a service.
    #[serde(default)]
    pub service: Option<String>,
    /// Since when; now without it.
    #[serde(default)]
    pub from: Option<String>,
    /// Earliest end.
    pub until_min: String,
    /// Most likely end.
    pub until_typ: String,
    /// Latest end.
    pub until_max: String,
    /// Why.
    pub reason: String,
}

impl EnterClosure {
    /// Reads it. Errors: every finding at once.
    pub fn read(&self, now: Timestamp) -> Result<WantedClosure, Vec<kervan_model::Finding>> {
        let mut findings = Vec::new();
        let what = self.what().map_err(|finding| findings.push(finding)).ok();
        let mut instant = |text: &str, path: &str| {
            text.parse::<Timestamp>().unwrap_or_else(|error| {
                let message = format!("`{text}` is no instant: {}", kervan_model::in_plain_words(&error));
                findings
                    .push(kervan_model::Finding::error("request.instant", message).at(format!("/{path}")));
                now
            })
        };
        let from = self.from.as_deref().map_or(now, |text| instant(text, "from"));
        let until = [
            instant(&self.until_min, "until_min"),
            instant(&self.until_typ, "until_typ"),
            instant(&self.until_max, "until_max"),
        ];
        let until = Estimate::new(until[0], until[1], until[2]).unwrap_or_else(|error| {
            findings
                .push(kervan_model::Finding::error("request.instant", error.to_string()).at("/until_typ"));
            Estimate::exactly(now)
        });
        let reason = self.reason.clone();
        match what {
            Some(what) if findings.is_empty() => Ok(WantedClosure { what, from, until, reason }),
            Some(_) | None => Err(findings),
        }
    }

    fn what(&self) -> Result<Closed, kervan_model::Finding> {
        let wrong =
            |message: String, path: &str| kervan_model::Finding::error("request.closure", message).at(path);
        match (&self.place, &self.link, &self.service) {
            (Some(place), None, None) => place
                .parse()
                .map(Closed::Place)
                .map_err(|_| wrong(format!("`{place}` is no code of a place"), "/place")),
            (None, Some(link), None) => link
                .parse::<LinkId>()
                .map(Closed::Link)
                .map_err(|_| wrong(format!("`{link}` is no id of a link"), "/link")),
            (None, None, Some(service)) => service
                .parse::<ServiceId>()
                .map(Closed::Service)
                .map_err(|_| wrong(format!("`{service}` is no id of a service"), "/service")),
            _ => Err(wrong("name exactly one of place, link and service".to_owned(), "/")),
        }
    }
}

/// Something that is closed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClosureView {
    /// Its id.
    pub id: String,
    /// `place`, `link` or `service`.
    pub kind: &'static str,
    /// What is closed.
    pub what: String,
    /// Since when.
    pub from: String,
    /// Earliest end.
    pub until_min: String,
    /// Most likely end.
    pub until_typ: String,
    /// Latest end.
    pub until_max: String,
    /// Why.
    pub reason: String,
    /// When it was lifted.
    pub lifted: Option<String>,
    /// Who said so.
    pub by: String,
    /// The closure with the proof of their key.
    #[schema(value_type = Object)]
    pub signed: serde_json::Value,
}

impl From<&SignedClosure> for ClosureView {
    fn from(signed: &SignedClosure) -> Self {
        let closure = &signed.closure;
        let (kind, what) = match &closure.what {
            Closed::Place(code) => ("place", code.to_string()),
            Closed::Link(id) => ("link", id.to_string()),
            Closed::Service(id) => ("service", id.to_string()),
        };
        Self {
            id: closure.id.clone(),
            kind,
            what,
            from: closure.from.to_string(),
            until_min: closure.until.min().to_string(),
            until_typ: closure.until.typ().to_string(),
            until_max: closure.until.max().to_string(),
            reason: closure.reason.clone(),
            lifted: closure.lifted.map(|at| at.to_string()),
            by: signed.by.to_string(),
            signed: signed.signed.clone(),
        }
    }
}
