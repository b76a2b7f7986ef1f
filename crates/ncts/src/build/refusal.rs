//! Refusals made from a report: of the XML (CC917C) and of what it says (CC906C).

use super::{Envelope, FunctionalError, build};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use crate::report::{Fault, Layer, Report};

/// Most errors of one refusal. Source: the schemas of both messages.
const MOST_ERRORS: usize = 9_999;
/// Longest text or pointer. Unit: character. Source: the schemas of both messages.
const LONGEST: usize = 512;
/// Longest reason. Unit: character. Source: the schema of CC906C.
const LONGEST_REASON: usize = 7;

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

fn header(lrn: Option<&str>, mrn: Option<&str>) -> Element {
    Element::group("Header").field_if("LRN", lrn).field_if("MRN", mrn)
}

/// The code of list 30 for a fault of the schema, as far as the list's meanings are known to us: `12` a value that is not of its kind
/// or list, `13` something missing, `15` too much of something, `18` a text that cannot be read at all.
fn xml_code(fault: &Fault) -> &'static str {
    match fault.finding.code.as_str() {
        "ncts.schema.missing" | "ncts.schema.empty" => "13",
        "ncts.schema.too-many" | "ncts.schema.unknown-element" | "ncts.schema.order" => "15",
        code if code.starts_with("ncts.xml.") => "18",
        _ => "12",
    }
}

/// CC917C: the XML or the schema is broken. Nothing if the report finds neither.
pub fn xml_refusal(
    envelope: &Envelope,
    report: &Report,
    lrn: Option<&str>,
    mrn: Option<&str>,
) -> Option<Message> {
    let faults: Vec<Element> = report
        .faults
        .iter()
        .filter(|fault| fault.layer != Layer::Rule)
        .take(MOST_ERRORS)
        .map(|fault| {
            Element::group("XMLError")
                .field("errorLineNumber", fault.line.unwrap_or(0).to_string())
                .field("errorColumnNumber", fault.column.unwrap_or(0).to_string())
                .field_if("errorPointer", fault.finding.path.as_deref().map(|path| cut(path, LONGEST)))
                .field("errorCode", xml_code(fault))
                .field("errorText", cut(&fault.finding.message, LONGEST))
                .field_if("originalAttributeValue", fault.found.as_ref().filter(|found| !found.is_empty()))
        })
        .collect();
    let head = (lrn.is_some() || mrn.is_some()).then(|| header(lrn, mrn));
    (!faults.is_empty()).then(|| build(MessageType::Cc917c, envelope, head.into_iter().chain(faults)))
}

/// CC906C: rules are broken. Nothing if the report finds none.
pub fn functional_refusal(
    envelope: &Envelope,
    report: &Report,
    lrn: Option<&str>,
    mrn: Option<&str>,
) -> Option<Message> {
    let faults: Vec<Element> = report
        .faults
        .iter()
        .filter(|fault| fault.layer == Layer::Rule && fault.finding.severity == kervan_model::Severity::Error)
        .take(MOST_ERRORS)
        .map(|fault| {
            let rule = fault.finding.rule.clone().unwrap_or_default();
            let code = match rule.chars().next() {
                Some('C') if rule == "CODE-LIST" => "12",
                Some('C') => "13",
                _ => "14",
            };
            FunctionalError {
                pointer: cut(fault.finding.path.as_deref().unwrap_or("/"), LONGEST),
                code: code.into(),
                reason: cut(&rule, LONGEST_REASON),
                value: fault.found.clone().filter(|found| !found.is_empty()),
            }
            .element()
        })
        .collect();
    (!faults.is_empty())
        .then(|| build(MessageType::Cc906c, envelope, [header(lrn, mrn)].into_iter().chain(faults)))
}

/// CC906C: a message that is readable and cannot be taken, such as one about a movement that is not known.
pub fn refusal(
    envelope: &Envelope,
    errors: &[FunctionalError],
    lrn: Option<&str>,
    mrn: Option<&str>,
) -> Message {
    let errors = errors.iter().take(MOST_ERRORS).map(|error| {
        FunctionalError {
            pointer: cut(&error.pointer, LONGEST),
            code: error.code.clone(),
            reason: cut(&error.reason, LONGEST_REASON),
            value: error.value.as_ref().map(|value| cut(value, LONGEST)),
        }
        .element()
    });
    build(MessageType::Cc906c, envelope, [header(lrn, mrn)].into_iter().chain(errors))
}
