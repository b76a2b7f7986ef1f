//! Lists of codes of two characters, in which a code is found at once.

/// Codes of two capital letters or digits each.
pub(crate) struct Pairs([u64; WORDS]);

/// Capital letters and digits.
const CHARACTERS: usize = 36;
const WORDS: usize = (CHARACTERS * CHARACTERS).div_ceil(64);

impl Pairs {
    /// Of a list with one space between its codes.
    #[expect(clippy::expect_used, reason = "a wrong list is not compiled")]
    pub(crate) const fn of(list: &str) -> Self {
        let (list, mut words, mut at) = (list.as_bytes(), [0; WORDS], 0);
        while at + 1 < list.len() {
            let number = number(list[at], list[at + 1]).expect("a code of two capital letters or digits");
            words[number / 64] |= 1 << (number % 64);
            at += 3;
        }
        Self(words)
    }

    /// Whether a text is one of the codes.
    pub(crate) fn has(&self, text: &str) -> bool {
        let &[first, second] = text.as_bytes() else { return false };
        number(first, second).is_some_and(|number| self.0[number / 64] >> (number % 64) & 1 == 1)
    }
}

const fn number(first: u8, second: u8) -> Option<usize> {
    match (digit(first), digit(second)) {
        (Some(first), Some(second)) => Some(first * CHARACTERS + second),
        _ => None,
    }
}

const fn digit(character: u8) -> Option<usize> {
    match character {
        b'0'..=b'9' => Some((character - b'0') as usize),
        b'A'..=b'Z' => Some((character - b'A') as usize + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    #[test]
    fn a_list_has_its_codes_and_no_other_text() {
        const LIST: &str = "00 1A AB ZZ";
        let pairs = Pairs::of(LIST);
        let characters: Vec<char> = ('\0'..='\u{ff}').collect();
        for first in &characters {
            for second in &characters {
                let text = format!("{first}{second}");
                assert_eq!(pairs.has(&text), LIST.split(' ').any(|code| code == text), "{text:?}");
            }
        }
        for text in ["", "A", "AB ", "ABC", "\u{e9}", "AB AB"] {
            assert!(!pairs.has(text), "{text:?}");
        }
    }
}
