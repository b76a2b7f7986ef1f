//! Refusals: of the XML (CC917C), of what it says (CC906C), and the rejection of a trader's message (CC056C, CC057C).

use super::{Envelope, build, moment};
use crate::element::Element;
use crate::message::Message;
use crate::message_type::MessageType;
use crate::report::{Fault, Layer, Report};
use jiff::civil::DateTime;
use kervan_model::Severity;

/// Most errors of one refusal. Source: the schemas of both messages.
const MOST_ERRORS: usize = 9_999;
/// Longest text or pointer. Unit: character. Source: the schemas of both messages.
const LONGEST: usize = 512;
/// Longest reason. Unit: character. Source: the schema of CC906C.
const LONGEST_REASON: usize = 7;

/// A functional error: where, which kind, which rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FunctionalError {
    /// Where in the message that is answered.
    pub pointer: String,
    /// `12` value not of its code list, `13` something is missing by a condition, `14` rule broken, `15` something is not allowed by
    /// a condition, `26` duplicate, `90` unknown MRN, `92` out of sequence, `93` no MRN, ...
    pub code: String,
    /// The rule. Shape: at most 7 characters.
    pub reason: String,
    /// The value that was there.
    pub value: Option<String>,
}

impl FunctionalError {
    pub(crate) fn element(&self) -> Element {
        Element::group("FunctionalError")
            .field("errorPointer", cut(&self.pointer, LONGEST))
            .field("errorCode", &self.code)
            .field("errorReason", cut(&self.reason, LONGEST_REASON))
            .field_if("originalAttributeValue", self.value.as_ref().map(|value| cut(value, LONGEST)))
    }
}

/// The rejection of a message of a trader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Number of the message that is rejected, such as `015`.
    pub refused: String,
    /// When.
    pub at: DateTime,
    /// Why, by the code list of rejections.
    pub code: String,
    /// Why, in words; needed for some codes (C0492).
    pub reason: Option<String>,
    /// What is wrong, one by one.
    pub errors: Vec<FunctionalError>,
}

impl Rejection {
    /// What a rejection says of the operation, behind what names it.
    pub(crate) fn operation(&self, named: Element) -> Element {
        named
            .field("businessRejectionType", &self.refused)
            .field("rejectionDateAndTime", moment(self.at))
            .field("rejectionCode", &self.code)
            .field_if("rejectionReason", self.reason.as_ref())
    }

    pub(crate) fn errors(&self) -> Vec<Element> {
        self.errors.iter().take(MOST_ERRORS).map(FunctionalError::element).collect()
    }
}

/// Which movement a refusal is about, as far as the refused message said it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named<'a> {
    /// The declarant's number.
    pub lrn: Option<&'a str>,
    /// The number that an office gave.
    pub mrn: Option<&'a str>,
}

impl Named<'_> {
    fn header(self) -> Element {
        Element::group("Header").field_if("LRN", self.lrn).field_if("MRN", self.mrn)
    }
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
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

/// The code of list 180 for a broken rule: `12` a code that is not of its list, `13` what a condition asks for is missing, `15` what
/// a condition forbids is there, `14` any other rule. Source: error codes as published with the trader interface.
fn functional_code(fault: &Fault) -> &'static str {
    let rule = fault.finding.rule.as_deref().unwrap_or_default();
    let condition =
        rule.strip_prefix('C').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    // What is missing has no value that could be shown, and nothing that should stand in its place.
    let missing = fault.found.is_none() && fault.expected.is_none();
    match (rule == "CODE-LIST", condition, missing) {
        (true, _, _) => "12",
        (false, true, true) => "13",
        (false, true, false) => "15",
        (false, false, _) => "14",
    }
}

fn xml_error(fault: &Fault) -> Element {
    Element::group("XMLError")
        .field("errorLineNumber", fault.line.unwrap_or(0).to_string())
        .field("errorColumnNumber", fault.column.unwrap_or(0).to_string())
        .field_if("errorPointer", fault.finding.path.as_deref().map(|path| cut(path, LONGEST)))
        .field("errorCode", xml_code(fault))
        .field("errorText", cut(&fault.finding.message, LONGEST))
        .field_if("originalAttributeValue", fault.found.as_ref().filter(|found| !found.is_empty()))
}

fn functional_error(fault: &Fault) -> Element {
    let error = FunctionalError {
        pointer: fault.finding.path.clone().unwrap_or_else(|| "/".into()),
        code: functional_code(fault).into(),
        reason: fault.finding.rule.clone().unwrap_or_default(),
        value: fault.found.clone().filter(|found| !found.is_empty()),
    };
    error.element()
}

/// A refusal of errors. CC906C always has a header, CC917C one where a movement is named.
fn refuse(kind: MessageType, envelope: &Envelope, named: Named<'_>, errors: Vec<Element>) -> Option<Message> {
    let headed = kind == MessageType::Cc906c || named != Named::default();
    let header = headed.then(|| named.header());
    (!errors.is_empty()).then(|| build(kind, envelope, header.into_iter().chain(errors)))
}

/// The refusal that a report asks for: CC917C if the XML or the schema is broken, else CC906C if rules are. Nothing if the report
/// finds neither.
pub fn report_refusal(envelope: &Envelope, report: &Report, named: Named<'_>) -> Option<Message> {
    let broken = |layer: Layer| layer != Layer::Rule;
    let certain = report.faults.iter().filter(|fault| broken(fault.layer)).take(MOST_ERRORS);
    let rules = report
        .list_faults(Layer::Rule)
        .filter(|fault| fault.finding.severity == Severity::Error)
        .take(MOST_ERRORS);
    refuse(MessageType::Cc917c, envelope, named, certain.map(xml_error).collect())
        .or_else(|| refuse(MessageType::Cc906c, envelope, named, rules.map(functional_error).collect()))
}

/// CC906C: a message that is readable and cannot be taken, such as one about a movement that is not known.
pub fn refusal(envelope: &Envelope, errors: &[FunctionalError], named: Named<'_>) -> Message {
    let errors = errors.iter().take(MOST_ERRORS).map(FunctionalError::element);
    build(MessageType::Cc906c, envelope, [named.header()].into_iter().chain(errors))
}
