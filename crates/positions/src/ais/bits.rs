//! The bits of a message: six in each character of its armour.

use super::message::MessageFault;

/// Bits of a message, most significant first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits {
    /// Each 0 to 63.
    sextets: Vec<u8>,
    len: usize,
}

impl Bits {
    /// Takes the armour off. Errors: a character that none of the armour is. Source: IEC 61162-1, annex on 6-bit fields.
    pub(super) fn unarmoured(payload: &str, fill: u8) -> Result<Self, MessageFault> {
        let mut sextets = Vec::with_capacity(payload.len());
        for byte in payload.bytes() {
            let value = match byte {
                b'0'..=b'W' => byte - b'0',
                b'`'..=b'w' => byte - b'`' + 40,
                _ => return Err(MessageFault::Armour(char::from(byte))),
            };
            sextets.push(value);
        }
        let len = (sextets.len() * 6).saturating_sub(usize::from(fill));
        Ok(Self { sextets, len })
    }

    /// Number of bits.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// An unsigned number of up to 32 bits from `start` on; nothing if the message ends before.
    pub(super) fn unsigned(&self, start: usize, width: usize) -> Option<u32> {
        if start + width > self.len || width > 32 {
            return None;
        }
        let mut value = 0_u64;
        for at in start / 6..=(start + width - 1) / 6 {
            value = value << 6 | u64::from(*self.sextets.get(at)?);
        }
        let below = ((start + width - 1) / 6 + 1) * 6 - (start + width);
        let mask = (1_u64 << width) - 1;
        u32::try_from(value >> below & mask).ok()
    }

    /// A number in two's complement.
    pub(super) fn signed(&self, start: usize, width: usize) -> Option<i32> {
        let value = i64::from(self.unsigned(start, width)?);
        let negative = value >> (width - 1) & 1 == 1;
        i32::try_from(if negative { value - (1_i64 << width) } else { value }).ok()
    }

    /// Text of six-bit characters; the message may end within it. Nothing if it is empty. Source: ITU-R M.1371-5, table 47.
    pub(super) fn text(&self, start: usize, width: usize) -> Option<String> {
        let mut text = String::new();
        for at in (start..start + width).step_by(6) {
            let Some(value) = self.unsigned(at, 6) else { break };
            let value = u8::try_from(value).ok()?;
            // `@` ends the text.
            match value {
                0 => break,
                1..=31 => text.push(char::from(value + 64)),
                _ => text.push(char::from(value)),
            }
        }
        let text = text.trim_end();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;

    fn armour(bits: &[bool]) -> (String, u8) {
        let text = bits
            .chunks(6)
            .map(|chunk| {
                let value =
                    (0..6).fold(0_u8, |sum, at| sum << 1 | u8::from(chunk.get(at).copied().unwrap_or(false)));
                char::from(if value < 40 { value + b'0' } else { value - 40 + b'`' })
            })
            .collect();
        (text, u8::try_from(bits.len().next_multiple_of(6) - bits.len()).unwrap())
    }

    proptest! {
        #[test]
        fn every_field_is_what_its_bits_say(
            bits in prop::collection::vec(any::<bool>(), 1..200), start in 0_usize..200, width in 1_usize..=32
        ) {
            let (text, fill) = armour(&bits);
            let read = Bits::unarmoured(&text, fill).unwrap();
            prop_assert_eq!(read.len(), bits.len());
            let wanted = bits.get(start..start + width).map(|part| part.iter().fold(0_u32, |sum, bit| sum << 1 | u32::from(*bit)));
            prop_assert_eq!(read.unsigned(start, width), wanted);
        }
    }
}
