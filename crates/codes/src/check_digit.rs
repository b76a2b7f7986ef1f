//! Check digits of ISO 6346 containers, MRNs and wagons.

/// The value of a letter or digit in ISO 6346: 0-9, then A = 10 upward, leaving out the multiples of 11.
pub(crate) fn iso6346_value(character: u8) -> Option<u32> {
    match character {
        b'0'..=b'9' => Some(u32::from(character - b'0')),
        b'A'..=b'Z' => {
            let position = u32::from(character - b'A') + 10;
            // 11, 22 and 33 are left out: one step for B onward, two for L onward, three for V onward.
            Some(position + (position - 1) / 10)
        }
        _ => None,
    }
}

/// Weighted sum of ISO 6346: the value of each character times 2 to the power of its position, modulo 11, modulo 10.
pub(crate) fn iso6346_check(characters: &str) -> Option<u32> {
    let mut sum = 0;
    for (position, character) in characters.bytes().enumerate() {
        sum = (sum + iso6346_value(character)? * (1 << (position % 20))) % 11;
    }
    Some(sum % 10)
}

/// Luhn's digit over decimal digits, the rightmost doubled: UIC 12-digit wagons (over 11) and 8-digit wagons (over 7).
///
/// The weights 2,1,2,1,2,1,2 of the 1520 mm numbers with summed digits are the same rule.
pub(crate) fn luhn_check(digits: &str) -> Option<u32> {
    let mut sum = 0;
    for (position, character) in digits.bytes().rev().enumerate() {
        let digit = (character as char).to_digit(10)?;
        let weighted = digit * if position % 2 == 0 { 2 } else { 1 };
        sum += weighted / 10 + weighted % 10;
    }
    Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_values_skip_the_multiples_of_eleven() {
        let cases = [(b'A', 10), (b'B', 12), (b'K', 21), (b'L', 23), (b'U', 32), (b'V', 34), (b'Z', 38)];
        for (letter, value) in cases {
            assert_eq!(iso6346_value(letter), Some(value), "{}", letter as char);
        }
    }
}
