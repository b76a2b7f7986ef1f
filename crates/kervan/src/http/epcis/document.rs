//! Documents in and out: JSON-LD or XML, as the client sends and wants them.

use super::exception::Exception;
use crate::http::api::read_json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use kervan_events::{Event, canonical_digital_link, json_of_xml, xml_of_json};
use serde_json::{Map, Value, json};

/// The context of a document without events.
const STANDARD_CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Reads a document that was sent.
pub(super) fn read_document(headers: &HeaderMap, body: &Bytes) -> Result<Value, Exception> {
    match kind_of(headers, header::CONTENT_TYPE).as_deref() {
        None | Some("application/json" | "application/ld+json") => Ok(read_json(body)?),
        Some("application/xml" | "text/xml") => {
            let text = std::str::from_utf8(body).map_err(|_| Exception::unsupported("send XML in UTF-8"))?;
            Ok(json_of_xml(text)?)
        }
        Some(_) => {
            Err(Exception::unsupported("send application/ld+json, application/json or application/xml"))
        }
    }
}

fn kind_of(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    Some(text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase())
}

/// How the client wants its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    xml: bool,
    links: bool,
}

impl Form {
    /// Reads what the client accepts. Errors: nothing of it is offered.
    pub(super) fn wanted(headers: &HeaderMap) -> Result<Self, Exception> {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
        let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or(kind).trim());
        let xml = kinds.map(|kind| match kind {
            "*/*" | "application/*" | "application/json" | "application/ld+json" => Some(false),
            "application/xml" | "text/xml" => Some(true),
            _ => None,
        });
        let xml = xml.flatten().next().ok_or_else(|| {
            Exception::not_acceptable("answers are application/ld+json, application/json or application/xml")
        })?;
        let links = match text(headers, "gs1-epc-format") {
            None | Some("No_Preference" | "Never_Translates") => false,
            Some("Always_GS1_Digital_Link") => true,
            Some("Always_EPC_URN") => {
                let why = "a Digital Link does not say how long its company prefix is, so it cannot always become a URN";
                return Err(Exception::not_acceptable(why));
            }
            Some(_) => return Err(Exception::not_acceptable("GS1-EPC-Format has no such value")),
        };
        match text(headers, "gs1-cbv-xml-format") {
            None | Some("No_Preference" | "Never_Translates" | "Always_URN") => {}
            Some(_) => {
                return Err(Exception::not_acceptable("words of the vocabulary are written as URNs in XML"));
            }
        }
        Ok(Self { xml, links })
    }

    /// The answer in this form.
    pub(super) fn answer(self, document: &Value) -> Result<Response, Exception> {
        if !self.xml {
            let body = serde_json::to_vec(document).unwrap_or_default();
            return Ok(
                (StatusCode::OK, [(header::CONTENT_TYPE, "application/ld+json")], body).into_response()
            );
        }
        let text = xml_of_json(document).map_err(|findings| {
            let why = findings.first().map_or("", |finding| finding.message.as_str());
            Exception::not_acceptable(&format!("this cannot be written in XML: {why}"))
        })?;
        Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/xml")], text).into_response())
    }

    /// Events as a query document.
    pub(super) fn document(self, now: Timestamp, name: &str, events: &[&Event]) -> Value {
        let mut document = query_document(now, name, None, events);
        if self.links {
            let list = document.pointer_mut("/epcisBody/queryResults/resultsBody/eventList");
            for event in list.and_then(Value::as_array_mut).into_iter().flatten() {
                translate(event);
            }
        }
        document
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Events as an EPCIS query document. Events of another context than the first carry their own.
pub(crate) fn query_document(
    now: Timestamp,
    name: &str,
    subscription: Option<&str>,
    events: &[&Event],
) -> Value {
    let context =
        events.first().map_or_else(|| json!([STANDARD_CONTEXT]), |event| event.context.as_ref().clone());
    let context = if context.is_null() { json!([STANDARD_CONTEXT]) } else { context };
    let list: Vec<Value> = events.iter().map(|event| written(event, &context)).collect();
    let mut results = Map::new();
    results.insert("queryName".into(), name.into());
    if let Some(subscription) = subscription {
        results.insert("subscriptionID".into(), subscription.into());
    }
    results.insert("resultsBody".into(), json!({ "eventList": list }));
    json!({
        "@context": context,
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": now.to_string(),
        "epcisBody": { "queryResults": results },
    })
}

/// An event as it was captured, with its id and the time of capture, which the repository adds.
fn written(event: &Event, context: &Value) -> Value {
    let mut json = event.json.clone();
    if let Some(fields) = json.as_object_mut() {
        fields.entry("eventID").or_insert_with(|| event.id.clone().into());
        fields.insert("recordTime".into(), event.record_time.to_string().into());
        if *event.context != *context && !event.context.is_null() {
            let mut own = parts(&event.context);
            own.extend(fields.get("@context").map(parts).unwrap_or_default());
            fields.insert("@context".into(), own.into());
        }
    }
    json
}

fn parts(context: &Value) -> Vec<Value> {
    context.as_array().cloned().unwrap_or_else(|| vec![context.clone()])
}

/// Every identifier of a thing or place as Digital Link, where there is one.
fn translate(event: &mut Value) {
    const LISTS: &[&str] = &["epcList", "childEPCs", "inputEPCList", "outputEPCList"];
    const ITEMS: &[(&str, &str)] = &[
        ("quantityList", "epcClass"),
        ("childQuantityList", "epcClass"),
        ("inputQuantityList", "epcClass"),
        ("outputQuantityList", "epcClass"),
        ("sourceList", "source"),
        ("destinationList", "destination"),
    ];
    let link = |value: &mut Value| {
        if let Some(link) = value.as_str().and_then(canonical_digital_link) {
            *value = link.into();
        }
    };
    for list in LISTS {
        event.get_mut(*list).and_then(Value::as_array_mut).into_iter().flatten().for_each(link);
    }
    for (list, field) in ITEMS {
        let items = event.get_mut(*list).and_then(Value::as_array_mut).into_iter().flatten();
        items.filter_map(|item| item.get_mut(*field)).for_each(link);
    }
    event.get_mut("parentID").into_iter().for_each(link);
    for place in ["readPoint", "bizLocation"] {
        event.get_mut(place).and_then(|place| place.get_mut("id")).into_iter().for_each(link);
    }
}
