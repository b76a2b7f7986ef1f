//! The zip container of a package: files stored as they are, in one form only.
//!
//! Every byte of the container follows from the names and bytes of its files: no compression, no extra fields, no comments,
//! one fixed date. So a reader can write it again and compare, and a container with anything else in it (a second file of the
//! same name, something between two files, another date) is not one of ours. Other programs open it as any zip file.
//!
//! Source: PKWARE APPNOTE 6.3.10; ETSI EN 319 162-1 (ASiC) section A.1: `mimetype` comes first, stored, without extra fields.

use crate::limits::{MOST_PACKAGE_BYTES, MOST_PACKAGE_FILES};
use kervan_model::Finding;

/// A file of the container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored<'a> {
    pub(crate) name: &'a str,
    pub(crate) bytes: &'a [u8],
    /// Whether the checksum in the container fits the bytes.
    pub(crate) whole: bool,
}

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version 2.0, no flags, stored, 1980-01-01 00:00.
const FIXED: [u8; 10] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
const LONGEST_NAME: usize = 200;

/// Whether a name may stand in a container: plain ASCII, no way out of the folder.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/');
    (1..=LONGEST_NAME).contains(&name.len())
        && name.bytes().all(plain)
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
}

/// Writes the container. Names must be those of [`is_name`], and the whole below 4 GB, which [`MOST_PACKAGE_BYTES`] keeps.
pub(crate) fn write_zip<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, bytes) in files {
        let offset = to_u32(out.len());
        let mut fields = FIXED.to_vec();
        fields.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
        fields.extend_from_slice(&to_u32(bytes.len()).to_le_bytes());
        fields.extend_from_slice(&to_u32(bytes.len()).to_le_bytes());
        fields.extend_from_slice(&u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        fields.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&LOCAL);
        out.extend_from_slice(&fields);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(bytes);
        directory.extend_from_slice(&CENTRAL);
        directory.extend_from_slice(&[20, 0]);
        directory.extend_from_slice(&fields);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        count = count.saturating_add(1);
    }
    let (start, length) = (to_u32(out.len()), to_u32(directory.len()));
    out.extend_from_slice(&directory);
    out.extend_from_slice(&END);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Reads the files of a container, in their order, without copying. The rest of its form is checked by writing it again.
///
/// Errors: one finding, if it cannot be taken apart.
pub(crate) fn read_zip(bytes: &[u8]) -> Result<Vec<Stored<'_>>, Finding> {
    if bytes.len() > MOST_PACKAGE_BYTES {
        let message = format!("the package has {} bytes, more than {MOST_PACKAGE_BYTES}", bytes.len());
        return Err(Finding::error("package.too-long", message));
    }
    let mut files = Vec::new();
    let mut at = 0;
    while bytes.get(at..).is_some_and(|rest| rest.starts_with(&LOCAL)) {
        if files.len() >= MOST_PACKAGE_FILES {
            let message = format!("the package has more than {MOST_PACKAGE_FILES} files");
            return Err(Finding::error("package.too-many-files", message));
        }
        let broken = || broken(at);
        let crc = read_u32(bytes, at + 14).ok_or_else(broken)?;
        let length =
            read_u32(bytes, at + 22).and_then(|length| usize::try_from(length).ok()).ok_or_else(broken)?;
        let name_length = bytes.get(at + 26..at + 28).ok_or_else(broken)?;
        let name_length =
            usize::from(name_length.iter().rev().fold(0_u16, |sum, byte| sum << 8 | u16::from(*byte)));
        let (start, content) = (at + 30, at + 30 + name_length);
        let name = bytes.get(start..content).and_then(|name| str::from_utf8(name).ok()).ok_or_else(broken)?;
        let end = content.checked_add(length).ok_or_else(broken)?;
        let content = bytes.get(content..end).ok_or_else(broken)?;
        if !is_name(name) {
            return Err(broken());
        }
        files.push(Stored { name, bytes: content, whole: crc32fast::hash(content) == crc });
        at = end;
    }
    let directory = bytes.get(at..).is_some_and(|rest| rest.starts_with(&CENTRAL));
    if directory { Ok(files) } else { Err(broken(at)) }
}

fn broken(at: usize) -> Finding {
    Finding::error("package.not-a-package", format!("there is no file of a package at byte {at}"))
        .at(format!("byte {at}"))
        .remedy("get the package again; do not pack it anew with another program")
}

fn read_u32(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(field.iter().rev().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)))
}

/// The first byte at which a container differs from the one that its files give.
pub(crate) fn find_difference(bytes: &[u8], files: &[Stored<'_>]) -> Option<usize> {
    let again = write_zip(files.iter().map(|file| (file.name, file.bytes)));
    if again == bytes {
        return None;
    }
    Some(
        again.iter().zip(bytes).position(|(one, other)| one != other).unwrap_or(again.len().min(bytes.len())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let files: [(&str, &[u8]); 3] = [("mimetype", b"a/b"), ("META-INF/x.xml", b"<x/>"), ("empty", b"")];
        let zip = write_zip(files.into_iter());
        let read = read_zip(&zip).unwrap();
        assert_eq!(read.iter().map(|file| (file.name, file.bytes)).collect::<Vec<_>>(), files);
        assert!(read.iter().all(|file| file.whole));
        assert_eq!(find_difference(&zip, &read), None);
        for at in 0..zip.len() {
            let mut changed = zip.clone();
            changed[at] ^= 1;
            if let Ok(read) = read_zip(&changed) {
                let found = read.iter().any(|file| !file.whole) || find_difference(&changed, &read).is_some();
                assert!(found, "byte {at}");
            }
            let _ = read_zip(&zip[..at]);
        }
    }

    #[test]
    fn names_stay_inside() {
        for name in ["a", "META-INF/manifest.xml", "documents/cim-smgs.pdf", "a.b-c_d/1"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a b", "a\\b", "ä", &"a".repeat(201)] {
            assert!(!is_name(name), "{name}");
        }
    }
}
