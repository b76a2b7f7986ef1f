//! What is told of a file that is no list of a known shape: what it is, what was expected, what to do.

use super::xml;
use kervan_model::Finding;

/// Where whoever loads a list reads which shapes there are.
const SHAPES: &str = "kervan screen list --help names the shapes that are read";

/// The root elements by which lists in XML are known.
const ROOTS: &str = "sdnList (OFAC), export (European Union), CONSOLIDATED_LIST (United Nations) or Designations (United Kingdom)";

/// The columns that a table of our own needs.
const COLUMNS: &str = "id, kind, name";

/// Most of a text that is repeated. Unit: character.
const MOST_REPEATED: usize = 80;

/// The finding of a text whose shape is not known.
pub(super) fn tell(name: &str, text: &str) -> Finding {
    let plain = text.trim_start_matches('\u{feff}').trim();
    if plain.is_empty() {
        return Finding::error("screening.list-no-content", "the file is empty")
            .at(name)
            .remedy("fetch the list again; if it is empty there too, ask its publisher");
    }
    let begin: String = plain.chars().take(500).collect::<String>().to_ascii_lowercase();
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| begin.contains(tag)) {
        return Finding::error("screening.list-web-page", "the file is a page for a browser and no list")
            .at(name)
            .remedy("load the file to which the page leads; a publisher may ask for a sign-in there");
    }
    if plain.starts_with('<') {
        return tell_xml(name, plain);
    }
    let head = plain.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|sign| head.matches(*sign).count());
    let columns: Vec<&str> =
        separator.map(|sign| head.split(sign).map(str::trim).collect()).unwrap_or_default();
    if columns.len() > 1 && !head.starts_with(['{', '[']) {
        let message = format!(
            "no list has the columns {}; a table of one's own needs {COLUMNS}",
            shown(&columns.join(", "))
        );
        return Finding::error("screening.list-columns", message)
            .at(format!("{name}:1"))
            .remedy("name the columns in the first line, or load the list as it is published; kervan screen list --help names the shapes");
    }
    Finding::error(
        "screening.list-format",
        format!("the shape of the list is unknown: it begins with `{}`", shown(head)),
    )
    .at(name)
    .remedy(SHAPES)
}

fn tell_xml(name: &str, text: &str) -> Finding {
    match xml::find_root(text) {
        Some(root) => {
            let message = format!("the outermost element is `{}`; that of a list is {ROOTS}", shown(&root));
            Finding::error("screening.list-root", message).at(name).remedy(SHAPES)
        }
        None => {
            let (line, reason) = xml::each_record(text, &[], |_| ())
                .err()
                .unwrap_or_else(|| (1, "line 1, column 1: there is no element".to_owned()));
            super::xml_lists::not_well_formed(name, line, reason)
        }
    }
}

/// The beginning of a text on one line.
fn shown(text: &str) -> String {
    let short: String = text.chars().filter(|letter| !letter.is_control()).take(MOST_REPEATED).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
