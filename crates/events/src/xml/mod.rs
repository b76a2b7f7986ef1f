//! EPCIS in XML: versions 1.x and 2.0 are read, 2.0 is written. Everything is checked in its JSON-LD form.

mod forms;
mod read;
mod read_event;
mod tree;
mod write;
mod write_event;

pub use read::json_of_xml;
pub use write::xml_of_json;

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
