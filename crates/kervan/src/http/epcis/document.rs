//! Documents in and out: JSON-LD or XML, as the client sends and wants them.

use super::exception::Exception;
use crate::http::Problem;
use crate::http::api::{Api, read_json};
use crate::http::caller::Caller;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use kervan_events::limits::MOST_XML_BYTES;
use kervan_events::{
    CompanyPrefixes, EpcFormat, Event, NotTranslated, WordForm, json_of_xml, translate_event, xml_of_json_in,
    xpath_of,
};
use kervan_node::{Call, Desk, Refusal, company_prefixes};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The context of a document without events.
const STANDARD_CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Media types that are read.
pub(super) const READ: &str = "application/ld+json, application/json, application/xml, text/xml";

/// Largest document that is taken, in either form, as OPTIONS says. Unit: byte.
pub(super) const LARGEST_DOCUMENT: usize = MOST_XML_BYTES;

/// A body, or why it could not be taken.
pub(super) type Sent = Result<Bytes, BytesRejection>;

/// Does what a party that has shown its token asks with a document.
pub(super) async fn take<T: Send + 'static>(
    api: &Api,
    caller: Result<Caller, Problem>,
    headers: &HeaderMap,
    body: Sent,
    work: impl FnOnce(&Desk, Call<'_>, &Value) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Exception> {
    let caller = caller?;
    let too_large = || {
        let detail = format!("a document has at most {LARGEST_DOCUMENT} bytes; send it in several captures");
        Exception::too_large(&detail)
    };
    let body = body.map_err(|_| too_large())?;
    if body.len() > LARGEST_DOCUMENT {
        return Err(too_large());
    }
    let document = read_document(headers, &body)?;
    let done = api.act(caller.party, caller.key, move |desk, call| work(desk, call, &document)).await;
    Ok(done.map_err(|problem| if is_xml(headers) { with_xpaths(problem) } else { problem })?)
}

/// A problem whose paths are those of the XML that was sent.
fn with_xpaths(mut problem: Problem) -> Problem {
    for finding in &mut problem.findings {
        finding.path = finding.path.take().map(|path| xpath_of(&path));
    }
    problem
}

fn is_xml(headers: &HeaderMap) -> bool {
    matches!(kind_of(headers, header::CONTENT_TYPE).as_deref(), Some("application/xml" | "text/xml"))
}

/// Reads a document that was sent.
fn read_document(headers: &HeaderMap, body: &Bytes) -> Result<Value, Exception> {
    if is_xml(headers) {
        let text = std::str::from_utf8(body).map_err(|_| Exception::unsupported("send XML in UTF-8"))?;
        return Ok(json_of_xml(text)?);
    }
    match kind_of(headers, header::CONTENT_TYPE).as_deref() {
        None | Some("application/json" | "application/ld+json") => Ok(read_json(body)?),
        Some(_) => Err(Exception::unsupported(&format!("send one of {READ}"))),
    }
}

fn kind_of(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    Some(text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase())
}

/// Words of `GS1-CBV-XML-Format`, and what they ask for. Source: EPCIS 2.0, section 12.8.
pub(super) const WORD_FORMS: &[(&str, WordForm)] = &[
    ("No_Preference", WordForm::Urn),
    ("Always_Web_URI", WordForm::WebUri),
    ("Always_URN", WordForm::Urn),
    ("Never_Translates", WordForm::AsCaptured),
];

/// How the client wants its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    xml: bool,
    words: WordForm,
    /// In which form identifiers are told.
    pub(super) epcs: EpcFormat,
}

impl Form {
    /// Reads what the client accepts. Errors: nothing of it is offered.
    pub(super) fn wanted(headers: &HeaderMap) -> Result<Self, Exception> {
        let xml = accepted(headers).ok_or_else(|| {
            Exception::not_acceptable("answers are application/ld+json, application/json or application/xml")
        })?;
        let (words, epcs) = (wanted_words(headers)?, wanted_epcs(headers)?.unwrap_or_default());
        Ok(Self { xml, words, epcs })
    }

    /// Events as a query document in this form.
    ///
    /// Errors: identifiers are wanted as EPC URN and cannot all be told so; the document cannot be written in XML.
    pub(super) async fn tell(self, api: &Api, name: &str, events: Vec<Event>) -> Result<Response, Exception> {
        let prefixes = prefixes_for(api, self.epcs).await?;
        let told =
            Told { query: name, subscription: None, delivery: None, epcs: self.epcs, prefixes: &prefixes };
        let (document, failed) = query_document(api.clock.now(), &told, events);
        if !failed.is_empty() {
            return Err(not_told(&failed));
        }
        self.write(&document)
    }

    fn write(self, document: &Value) -> Result<Response, Exception> {
        if !self.xml {
            let body = serde_json::to_vec(document).unwrap_or_default();
            return Ok(
                (StatusCode::OK, [(header::CONTENT_TYPE, "application/ld+json")], body).into_response()
            );
        }
        let text = xml_of_json_in(document, self.words).map_err(|findings| {
            let why = findings.first().map_or("", |finding| finding.message.as_str());
            Exception::not_acceptable(&format!("this cannot be written in XML: {why}"))
        })?;
        Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/xml")], text).into_response())
    }
}

/// Identifiers that a refusal names; the rest is counted.
const MOST_NAMED: usize = 20;

/// The refusal of an answer in which identifiers cannot be told as EPC URN. An answer that is half in one form and half in the
/// other would be neither, so it is not given.
pub(super) fn not_told(failed: &BTreeSet<NotTranslated>) -> Exception {
    let named: Vec<String> = failed.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    let more = match failed.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    Exception::not_acceptable(&format!(
        "{} cannot be told as EPC URN: {}{more}. A prefix is known once an EPC URN of the company was captured here, or from \
         the list of GCP lengths that `server.company_prefixes` names. Ask with GS1-EPC-Format: Never_Translates, or \
         Always_GS1_Digital_Link",
        match failed.len() {
            1 => "an identifier".to_owned(),
            count => format!("{count} identifiers"),
        },
        named.join("; ")
    ))
}

/// The form of identifiers that a header asks for. Errors: it has no such value.
pub(super) fn wanted_epcs(headers: &HeaderMap) -> Result<Option<EpcFormat>, Exception> {
    let wrong = || {
        let words = EpcFormat::ALL.map(EpcFormat::word).join(", ");
        Exception::not_acceptable(&format!("GS1-EPC-Format is one of {words}"))
    };
    let word = text(headers, "gs1-epc-format");
    word.map(|word| EpcFormat::find(word).ok_or_else(wrong)).transpose()
}

/// The form of the words of the vocabulary in XML that a header asks for. Errors: it has no such value.
pub(super) fn wanted_words(headers: &HeaderMap) -> Result<WordForm, Exception> {
    let Some(word) = text(headers, "gs1-cbv-xml-format") else { return Ok(WordForm::default()) };
    let found = WORD_FORMS.iter().find(|(known, _)| *known == word).map(|(_, form)| *form);
    found.ok_or_else(|| {
        let words: Vec<&str> = WORD_FORMS.iter().map(|(word, _)| *word).collect();
        Exception::not_acceptable(&format!("GS1-CBV-XML-Format is one of {}", words.join(", ")))
    })
}

/// Whether the first form that the client accepts and that is offered is XML; nothing if none is offered.
fn accepted(headers: &HeaderMap) -> Option<bool> {
    let accept = text(headers, "accept").unwrap_or("*/*");
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or(kind).trim());
    let xml = kinds.map(|kind| match kind {
        "*/*" | "application/*" | "application/json" | "application/ld+json" | "application/problem+json" => {
            Some(false)
        }
        "application/xml" | "text/xml" | "application/problem+xml" => Some(true),
        _ => None,
    });
    xml.flatten().next()
}

/// Whether the client would rather have XML.
pub(super) fn wants_xml(headers: &HeaderMap) -> bool {
    accepted(headers) == Some(true)
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The company prefixes that a form needs.
pub(crate) async fn prefixes_for(api: &Api, epcs: EpcFormat) -> Result<CompanyPrefixes, Problem> {
    match epcs {
        EpcFormat::EpcUrn => api.run(company_prefixes).await,
        EpcFormat::NoPreference | EpcFormat::DigitalLink | EpcFormat::AsCaptured => {
            Ok(CompanyPrefixes::default())
        }
    }
}

/// To whom events are told, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    /// The query that they answer.
    pub query: &'a str,
    /// The subscription that they are delivered to.
    pub subscription: Option<&'a str>,
    /// The delivery, a UUID.
    pub delivery: Option<&'a str>,
    /// In which form identifiers are told.
    pub epcs: EpcFormat,
    /// What is known of companies.
    pub prefixes: &'a CompanyPrefixes,
}

impl<'a> Told<'a> {
    /// As captured, to who asks.
    pub(crate) fn plainly(query: &'a str, prefixes: &'a CompanyPrefixes) -> Self {
        Self { query, subscription: None, delivery: None, epcs: EpcFormat::AsCaptured, prefixes }
    }
}

/// Events as an EPCIS query document, and the identifiers that could not be told in the form that is wanted and stay as they
/// were captured. Events of another context than the first carry their own.
pub(crate) fn query_document(
    now: Timestamp,
    told: &Told<'_>,
    events: Vec<Event>,
) -> (Value, BTreeSet<NotTranslated>) {
    let context =
        events.first().map_or_else(|| json!([STANDARD_CONTEXT]), |event| event.context.as_ref().clone());
    let context = if context.is_null() { json!([STANDARD_CONTEXT]) } else { context };
    let mut failed = BTreeSet::new();
    let list: Vec<Value> = events
        .into_iter()
        .map(|event| {
            let mut event = written(event, &context);
            if let Err(more) = translate_event(&mut event, told.epcs, told.prefixes) {
                failed.extend(more);
            }
            event
        })
        .collect();
    let mut results = Map::new();
    results.insert("queryName".into(), told.query.into());
    if let Some(subscription) = told.subscription {
        results.insert("subscriptionID".into(), subscription.into());
    }
    results.insert("resultsBody".into(), json!({ "eventList": list }));
    let mut document = json!({
        "@context": context,
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": now.to_string(),
        "epcisBody": { "queryResults": results },
    });
    if let (Some(delivery), Some(fields)) = (told.delivery, document.as_object_mut()) {
        fields.insert("id".into(), format!("urn:uuid:{delivery}").into());
    }
    (document, failed)
}

/// An event as it was captured, with its id and the time of capture, which the repository adds.
fn written(event: Event, context: &Value) -> Value {
    let mut json = event.json;
    if let Some(fields) = json.as_object_mut() {
        fields.entry("eventID").or_insert_with(|| event.id.into());
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
