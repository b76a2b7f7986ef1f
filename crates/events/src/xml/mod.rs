//! EPCIS in XML: versions 1.x and 2.0 are read, 2.0 is written. Everything is checked in its JSON-LD form.

mod forms;
mod header;
mod read;
mod read_event;
mod read_header;
mod tree;
mod write;
mod write_event;
mod write_header;

pub use read::json_of_xml;
pub use write::{xml_of_json, xml_of_json_in};

/// In which form the standard words of the vocabulary are written in XML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WordForm {
    /// `urn:epcglobal:cbv:bizstep:departing`.
    #[default]
    Urn,
    /// `https://ref.gs1.org/cbv/BizStep-departing`.
    WebUri,
    /// As captured: a bare word, which XML has no place for, as URN; a URI as it is.
    AsCaptured,
}

/// The XPath of the element that a JSON pointer of the converted document speaks of.
///
/// ```
/// let path = kervan_events::xpath_of("/epcisBody/eventList/2/epcList/0");
/// assert_eq!(path, "/EPCISDocument/EPCISBody/EventList/*[3]/epcList/*[1]");
/// ```
pub fn xpath_of(pointer: &str) -> String {
    if pointer.starts_with("/EPCIS") {
        return pointer.to_owned();
    }
    let steps = pointer.split('/').skip(1).map(|step| match step {
        "epcisBody" => "EPCISBody".to_owned(),
        "eventList" => "EventList".to_owned(),
        "queryResults" => "QueryResults".to_owned(),
        step => match step.parse::<usize>() {
            Ok(index) => format!("*[{}]", index + 1),
            Err(_) => step.replace("~1", "/").replace("~0", "~"),
        },
    });
    steps.fold("/EPCISDocument".to_owned(), |path, step| format!("{path}/{step}"))
}
