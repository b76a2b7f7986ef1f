//! Bodies in few bytes, made by the caller's thread so that the writer has less to do.

use super::keys::write_keys;
use super::row::{EventKey, EventMark, EventRole, EventRow, EventWord};
use crate::StoreError;
use kervan_model::Reference;
use std::sync::Arc;

/// An event ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) hash: [u8; 32],
    pub(crate) reference: Option<Reference>,
    /// Unit: microsecond since 1970.
    pub(crate) event_time: i64,
    /// Unit: microsecond since 1970.
    pub(crate) record_time: i64,
    pub(crate) context: Arc<str>,
    pub(crate) keys: Vec<u8>,
    pub(crate) words: Vec<EventWord>,
    pub(crate) body: Vec<u8>,
}

/// What bodies are packed with: text that events have in common, the most usual last. Never change one that is in use; add
/// another and a number for it.
const DICTIONARY: &[u8] = include_bytes!("dictionary.txt");

/// First byte of a body: how it is packed.
const PACKED_1: u8 = 1;

impl Packed {
    pub(crate) fn of(mut row: EventRow) -> Self {
        if let Some(reference) = &row.reference {
            row.marks.push(EventMark { key: EventKey::of(reference.as_str()), role: EventRole::Consignment });
        }
        let mut body = vec![PACKED_1];
        body.extend_from_slice(&(row.event.len() as u32).to_le_bytes());
        body.extend(lz4_flex::block::compress_with_dict(row.event.as_bytes(), DICTIONARY));
        Self {
            hash: row.hash,
            reference: row.reference,
            event_time: row.event_time.as_microsecond(),
            record_time: row.record_time.as_microsecond(),
            context: row.context,
            keys: write_keys(&row.marks),
            words: row.words,
            body,
        }
    }
}

/// The text of a body. Errors: it is damaged, or packed by a newer version.
pub(crate) fn unpack(body: &[u8]) -> Result<String, StoreError> {
    let damaged = || StoreError::Unreadable("the body of an event".to_owned());
    let (head, packed) = body.split_first_chunk::<5>().ok_or_else(damaged)?;
    let [kind, a, b, c, d] = *head;
    if kind != PACKED_1 {
        return Err(StoreError::Unreadable(format!("the body of an event, packed in way {kind}")));
    }
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    // A byte of LZ4 stands for at most 255.
    if length > packed.len().saturating_mul(255).saturating_add(DICTIONARY.len()) {
        return Err(damaged());
    }
    let text = lz4_flex::block::decompress_with_dict(packed, length, DICTIONARY).map_err(|_| damaged())?;
    String::from_utf8(text).map_err(|_| damaged())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_whatever_it_holds() {
        for text in ["", "{}", "\u{10348}\u{0}", &"{\"type\":\"ObjectEvent\"}".repeat(5_000)] {
            let row = EventRow {
                seq: 0,
                hash: [0; 32],
                reference: None,
                event_time: jiff::Timestamp::UNIX_EPOCH,
                record_time: jiff::Timestamp::UNIX_EPOCH,
                context: "null".into(),
                event: text.to_owned(),
                marks: Vec::new(),
                words: Vec::new(),
            };
            let packed = Packed::of(row);
            assert_eq!(unpack(&packed.body).unwrap(), text);
            assert!(unpack(&packed.body[..packed.body.len().saturating_sub(1)]).is_err() || text.is_empty());
        }
        assert!(unpack(&[]).is_err());
        assert!(unpack(&[1, 255, 255, 255, 255, 0]).is_err());
        assert!(unpack(&[9, 0, 0, 0, 0, 0]).is_err());
    }
}
