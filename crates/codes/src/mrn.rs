//! Movement reference numbers of transit.

use crate::check_digit::iso6346_check;
use crate::text_code::text_code;
use crate::{CodeError, CountryCode};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A movement reference number. Shape: year (2), country (2), 12 characters, procedure letter, check digit.
///
/// Source: NCTS phase 5 and later for J to M; annex B of Regulation (EU) 2015/2446 for the letters of export. Numbers issued
/// before 2025 may carry any character in place of the procedure letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mrn(String);
text_code!(Mrn);

const WHAT: &str = "a movement reference number";

macro_rules! procedures {
    ($($(#[$doc:meta])* $variant:ident => $letter:literal),+ $(,)?) => {
        /// The procedure that the 17th character names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MrnProcedure { $($(#[$doc])* $variant),+ }

        impl MrnProcedure {
            /// Every procedure, in order of letter.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The letter.
            pub const fn letter(self) -> char {
                match self { $(Self::$variant => $letter),+ }
            }
        }
    };
}

procedures! {
    /// Export.
    Export => 'A',
    /// Export with an exit summary declaration.
    ExportWithExit => 'B',
    /// An exit summary declaration alone.
    ExitSummary => 'C',
    /// Re-export notification.
    ReExport => 'D',
    /// Dispatch to territories of another fiscal regime.
    Dispatch => 'E',
    /// Transit.
    Transit => 'J',
    /// Transit with an exit summary declaration.
    TransitWithExit => 'K',
    /// Transit with an entry summary declaration.
    TransitWithEntry => 'L',
    /// Transit with both.
    TransitWithBoth => 'M',
}

impl MrnProcedure {
    /// The procedure of a letter, if it is one.
    pub fn find(letter: char) -> Option<Self> {
        Self::ALL.iter().copied().find(|procedure| procedure.letter() == letter)
    }
}

impl FromStr for MrnProcedure {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut letters = text.chars();
        let found = letters.next().filter(|_| letters.next().is_none()).and_then(Self::find);
        found.ok_or_else(|| CodeError::new(text, "a procedure letter", "it is one of A to E or J to M"))
    }
}

/// What a new movement reference number is made of.
#[derive(Clone, Copy, Debug)]
pub struct MrnParts {
    /// The calendar year; its last two digits enter the number.
    pub year: i16,
    /// The country of the office that issues it.
    pub country: CountryCode,
    /// A number that is unique for the year and the issuer; only its lowest 12 digits in base 36 enter.
    pub serial: u64,
}

impl Mrn {
    /// Issues the number for a transit declaration.
    pub fn issue(parts: MrnParts) -> Self {
        Self::issue_for(parts, MrnProcedure::Transit)
    }

    /// Issues the number for a declaration that may be a summary declaration as well.
    pub fn issue_for(parts: MrnParts, procedure: MrnProcedure) -> Self {
        const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let mut rest = parts.serial;
        let mut serial = [b'0'; 12];
        for slot in serial.iter_mut().rev() {
            *slot = DIGITS.get((rest % 36) as usize).copied().unwrap_or(b'0');
            rest /= 36;
        }
        let body = format!(
            "{:02}{}{}{}",
            parts.year.rem_euclid(100),
            parts.country,
            String::from_utf8_lossy(&serial),
            procedure.letter()
        );
        let check = iso6346_check(&body).unwrap_or(0);
        Self(format!("{body}{check}"))
    }

    /// The procedure that it was issued for; nothing for a number in the form before 2025.
    pub fn find_procedure(&self) -> Option<MrnProcedure> {
        let recent = self.0.get(..2).is_some_and(|year| year >= "25");
        self.0.chars().nth(16).filter(|_| recent).and_then(MrnProcedure::find)
    }

    /// The check digit that belongs to the first 17 characters, whatever procedure they name. Nothing if there are fewer, or others
    /// than capitals and digits.
    pub fn check_digit_of(text: &str) -> Option<u32> {
        text.get(..17).and_then(iso6346_check)
    }

    /// The two letters of the issuing country.
    pub fn country_letters(&self) -> &str {
        self.0.get(2..4).unwrap_or_default()
    }
}

impl FromStr for Mrn {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim();
        let error = |reason: String| CodeError::new(text, WHAT, reason);
        let bytes = plain.as_bytes();
        let shaped = bytes.len() == 18
            && bytes.iter().take(2).all(u8::is_ascii_digit)
            && bytes.iter().skip(2).take(2).all(u8::is_ascii_uppercase)
            && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && bytes.last().is_some_and(u8::is_ascii_digit);
        if !shaped {
            return Err(error(
                "it needs 18 characters: year, country, 13 capitals or digits, check digit".into(),
            ));
        }
        let since_2025 =
            plain.get(..2).and_then(|year| year.parse::<u8>().ok()).is_some_and(|year| year >= 25);
        let known = bytes.get(16).is_some_and(|byte| MrnProcedure::find(char::from(*byte)).is_some());
        if since_2025 && !known {
            return Err(error("its 17th character must be a procedure letter: A to E or J to M".into()));
        }
        let (body, digit) = plain.split_at(17);
        match iso6346_check(body) {
            Some(check) if digit == check.to_string() => Ok(Self(plain.to_owned())),
            Some(check) => Err(error(format!("the check digit should be {check}"))),
            None => Err(error("it needs capitals and digits only".into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_pass() {
        for text in ["20GB5M2723461FGVR3", "18GB9JLC3CU1LFGVR2", "24GB000246J8NY33L7", "23GB000246IF9W5YJ0"] {
            assert!(text.parse::<Mrn>().is_ok(), "{text}");
        }
        assert!("20GB5M2723461FGVR4".parse::<Mrn>().is_err());
    }

    #[test]
    fn the_procedure_is_issued_and_read() {
        let parts = MrnParts { year: 2026, country: "TR".parse().unwrap(), serial: 77 };
        for procedure in MrnProcedure::ALL.iter().copied() {
            let mrn: Mrn = Mrn::issue_for(parts, procedure).as_str().parse().unwrap();
            assert_eq!(mrn.find_procedure(), Some(procedure));
        }
        assert_eq!("20GB5M2723461FGVR3".parse::<Mrn>().unwrap().find_procedure(), None);
        assert_eq!(Mrn::check_digit_of("20GB5M2723461FGVR"), Some(3));
        assert!("26TR00000000000012".parse::<Mrn>().is_err(), "no procedure letter");
    }

    #[test]
    fn issued_numbers_are_valid() {
        for serial in [0, 1, 35, 36, 123_456_789, u64::MAX] {
            let mrn = Mrn::issue(MrnParts { year: 2026, country: "GE".parse().unwrap(), serial });
            assert_eq!(mrn.as_str().parse::<Mrn>().unwrap(), mrn);
        }
    }
}
