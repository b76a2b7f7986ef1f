//! OpenDocument spreadsheets: the first sheet as CSV text. Source: OpenDocument 1.3, part 3; PKWARE APPNOTE 6.3.

use crate::limits::{LONGEST_LIST_FILE, MOST_ODS_COLUMNS};
use flate2::read::DeflateDecoder;
use kervan_model::Finding;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::Read;

/// How a ZIP file begins.
const ZIP: &[u8] = b"PK\x03\x04";
/// How the record of a file in the directory at the end begins.
const DIRECTORY: &[u8] = b"PK\x01\x02";
/// The part that holds the cells.
const CONTENT: &[u8] = b"content.xml";

/// Whether bytes may be a spreadsheet: they begin as a ZIP file does.
pub fn is_spreadsheet(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP)
}

/// The first sheet of a spreadsheet as CSV. A cell that stands for many empty ones at the end of a row is left out.
///
/// Errors: the file is no spreadsheet, or larger than the limit when unpacked.
pub fn read_spreadsheet(bytes: &[u8]) -> Result<String, Finding> {
    let broken = |what: &str| {
        Finding::error("screening.list-format", format!("the spreadsheet cannot be read: {what}"))
            .remedy("save it as CSV and load that")
    };
    let packed = find_part(bytes).ok_or_else(|| broken("it holds no content.xml"))?;
    let mut content = String::new();
    let limit = u64::try_from(LONGEST_LIST_FILE).unwrap_or(u64::MAX);
    let read = match packed {
        Part::Stored(bytes) => bytes.take(limit + 1).read_to_string(&mut content),
        Part::Deflated(bytes) => DeflateDecoder::new(bytes).take(limit + 1).read_to_string(&mut content),
    };
    read.map_err(|error| broken(&kervan_model::in_plain_words(&error)))?;
    if content.len() > LONGEST_LIST_FILE {
        return Err(broken("it is too large"));
    }
    read_sheet(&content).ok_or_else(|| broken("its content is not well-formed"))
}

enum Part<'a> {
    Stored(&'a [u8]),
    Deflated(&'a [u8]),
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(field.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
}

/// The packed bytes of the content, by the directory at the end of the file.
fn find_part(bytes: &[u8]) -> Option<Part<'_>> {
    let starts = bytes.windows(DIRECTORY.len()).enumerate().filter(|(_, window)| *window == DIRECTORY);
    for (at, _) in starts {
        let name_length = number(bytes, at + 28, 2)?;
        if bytes.get(at + 46..at + 46 + name_length) != Some(CONTENT) {
            continue;
        }
        let (method, packed) = (number(bytes, at + 10, 2)?, number(bytes, at + 20, 4)?);
        let local = number(bytes, at + 42, 4)?;
        if bytes.get(local..local.checked_add(4)?)? != ZIP {
            return None;
        }
        let begin = local + 30 + number(bytes, local + 26, 2)? + number(bytes, local + 28, 2)?;
        let data = bytes.get(begin..begin.checked_add(packed)?)?;
        return match method {
            0 => Some(Part::Stored(data)),
            8 => Some(Part::Deflated(data)),
            _ => None,
        };
    }
    None
}

/// How often a cell stands, by its attribute.
fn repeated(start: &BytesStart<'_>) -> usize {
    let count =
        start.attributes().flatten().find(|a| a.key.local_name().as_ref() == "number-columns-repeated");
    count.and_then(|a| a.value.parse().ok()).unwrap_or(1)
}

fn read_sheet(content: &str) -> Option<String> {
    let mut reader = Reader::from_str(content);
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let (mut row, mut cell, mut times, mut inside): (Vec<String>, String, usize, bool) =
        (Vec::new(), String::new(), 1, false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => match start.local_name().as_ref() {
                "table-row" => row.clear(),
                "table-cell" | "covered-table-cell" => {
                    (cell, times) = (String::new(), repeated(&start));
                }
                "p" => {
                    if !cell.is_empty() {
                        cell.push(' ');
                    }
                    inside = true;
                }
                _ => {}
            },
            Event::Empty(start) => match start.local_name().as_ref() {
                "table-cell" | "covered-table-cell" => put(&mut row, "", repeated(&start)),
                "s" | "tab" | "line-break" if inside => cell.push(' '),
                _ => {}
            },
            Event::Text(piece) if inside => cell.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if inside => {
                let name = reference.xml10_content();
                cell.push_str(&quick_xml::escape::unescape(&format!("&{name};")).ok()?);
            }
            Event::End(end) => match end.local_name().as_ref() {
                "p" => inside = false,
                "table-cell" | "covered-table-cell" => put(&mut row, &cell, times),
                "table-row" => {
                    while row.last().is_some_and(String::is_empty) {
                        row.pop();
                    }
                    if !row.is_empty() {
                        csv.write_record(&row).ok()?;
                    }
                }
                // Further sheets explain the first.
                "table" => break,
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    String::from_utf8(csv.into_inner().ok()?).ok()
}

fn put(row: &mut Vec<String>, cell: &str, times: usize) {
    let room = MOST_ODS_COLUMNS.saturating_sub(row.len());
    row.extend(std::iter::repeat_n(cell.to_owned(), times.min(room)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ZIP file of one stored part.
    fn zip(name: &str, content: &str) -> Vec<u8> {
        let size = u32::try_from(content.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let mut bytes = [ZIP, &[0; 14], &size, &size, &length, &[0, 0]].concat();
        bytes.extend(name.bytes().chain(content.bytes()));
        bytes.extend([DIRECTORY, &[0; 16], &size, &size, &length, &[0; 16]].concat());
        bytes.extend(name.bytes());
        bytes
    }

    #[test]
    fn the_first_sheet_is_read() {
        let sheet = "<o:body xmlns:o='o' xmlns:table='t' xmlns:text='x'><table:table>\
            <table:table-row><table:table-cell><text:p>Group ID</text:p></table:table-cell>\
            <table:table-cell table:number-columns-repeated='2'/><table:table-cell><text:p>Name 6</text:p></table:table-cell>\
            <table:table-cell table:number-columns-repeated='16000'/></table:table-row>\
            <table:table-row table:number-rows-repeated='1000000'><table:table-cell/></table:table-row>\
            <table:table-row><table:table-cell><text:p>7</text:p></table:table-cell><table:table-cell/><table:table-cell/>\
            <table:table-cell><text:p>A &amp; B, \"C\"</text:p><text:p>D</text:p></table:table-cell></table:table-row>\
            </table:table><table:table><table:table-row><table:table-cell><text:p>no</text:p></table:table-cell>\
            </table:table-row></table:table></o:body>";
        let text = read_spreadsheet(&zip("content.xml", sheet)).unwrap();
        assert_eq!(text, "Group ID,,,Name 6\n7,,,\"A & B, \"\"C\"\" D\"\n");
    }

    #[test]
    fn what_is_no_spreadsheet_is_refused() {
        for bytes in [zip("other.xml", "<a/>"), ZIP.to_vec(), zip("content.xml", "<a><b></a>")] {
            assert!(read_spreadsheet(&bytes).is_err());
        }
        let whole = zip("content.xml", "<a/>");
        for end in 0..whole.len() {
            let _ = read_spreadsheet(&whole[..end]);
        }
    }
}
