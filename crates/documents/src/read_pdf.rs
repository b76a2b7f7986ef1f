//! Reads back what a printed form carries: its stamps and the data inside. No PDF reader: it knows the files that this crate
//! writes, in which both stand uncompressed.

use crate::Stamp;
use std::collections::BTreeSet;

/// Most stamps and files that are read out of one PDF. Reason: a package has some dozens of documents.
const MOST: usize = 500;
/// Largest attached file that is read. Unit: byte. Reason: the data of a note with 10,000 lines of goods has some 20 MB.
const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// What a PDF of ours carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfContents {
    /// The stamps in the file's metadata, each once, in order.
    pub stamps: Vec<Stamp>,
    /// The attached files, in the order in which they stand.
    pub files: Vec<Vec<u8>>,
}

/// Reads stamps and attached files. `None` if the bytes are no PDF; a PDF of others has neither.
pub fn read_pdf(bytes: &[u8]) -> Option<PdfContents> {
    if !bytes.starts_with(b"%PDF-") {
        return None;
    }
    let mut contents = PdfContents::default();
    let mut seen = BTreeSet::new();
    for start in places(bytes, b"KRV1:") {
        let rest = bytes.get(start..).unwrap_or_default();
        let end = rest.iter().position(|byte| !(b' '..b'<').contains(byte) && !byte.is_ascii_uppercase());
        let text = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if let Some(stamp) = str::from_utf8(text).ok().and_then(|text| Stamp::read(text).ok())
            && seen.insert(stamp.clone())
        {
            contents.stamps.push(stamp);
        }
    }
    contents.files = places(bytes, b"/Type/EmbeddedFile").filter_map(|start| file_at(bytes, start)).collect();
    Some(contents)
}

fn places<'b>(bytes: &'b [u8], pattern: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let windows = bytes.windows(pattern.len()).enumerate();
    windows.filter(move |(_, window)| *window == pattern).map(|(place, _)| place).take(MOST)
}

/// The stream of an attached file: its dictionary is around `inside`, its length in it.
fn file_at(bytes: &[u8], inside: usize) -> Option<Vec<u8>> {
    let before = bytes.get(inside.saturating_sub(64)..inside)?;
    let after = bytes.get(inside..)?;
    let stream = places(after, b"stream").next()?;
    let dictionary = [before, after.get(..stream)?].concat();
    let opening = dictionary.windows(2).position(|window| window == b"<<").unwrap_or(0);
    let dictionary = String::from_utf8_lossy(dictionary.get(opening..)?).into_owned();
    if dictionary.contains("/Filter") {
        return None;
    }
    let (_, digits) = dictionary.split_once("/Length")?;
    let digits: String = digits.trim_start().chars().take_while(char::is_ascii_digit).collect();
    let length: usize = digits.parse().ok().filter(|length| *length <= LARGEST_FILE)?;
    let start = stream + b"stream".len();
    let line_end = if after.get(start) == Some(&b'\r') { 2 } else { 1 };
    after.get(start + line_end..start + line_end + length).map(<[u8]>::to_vec)
}
