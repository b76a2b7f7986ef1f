//! Money in minor units of one currency.

use crate::Currency;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of one currency. Unit: the currency's minor unit (cent for USD, whole yen for JPY). May be negative.
///
/// There is no `+` across currencies: [`Money::checked_add`] refuses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// From minor units.
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing of a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Major units, for search and display only.
    pub fn as_major_f64(self) -> f64 {
        self.minor as f64 / 10f64.powi(i32::from(self.currency.minor_digits()))
    }

    /// The sum. Errors: [`CurrencyMismatch`] if the currencies differ. Saturates.
    pub fn checked_add(self, other: Self) -> Result<Self, CurrencyMismatch> {
        if self.currency != other.currency {
            return Err(CurrencyMismatch { left: self.currency, right: other.currency });
        }
        Ok(Self { minor: self.minor.saturating_add(other.minor), currency: self.currency })
    }

    /// The amount `count` times; saturates.
    pub const fn times(self, count: i64) -> Self {
        Self { minor: self.minor.saturating_mul(count), currency: self.currency }
    }

    /// The amount as an exact decimal of major units without the currency, for example `1200.50`.
    pub fn to_decimal(self) -> String {
        let digits = usize::from(self.currency.minor_digits());
        let sign = if self.minor < 0 { "-" } else { "" };
        let padded = format!("{:0>width$}", self.minor.unsigned_abs(), width = digits + 1);
        let (whole, fraction) = padded.split_at(padded.len() - digits);
        if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
    }

    /// Reads a decimal of major units such as `1200.5`.
    ///
    /// Errors: [`MoneyParseError`] if it is not a plain decimal or has more decimals than the currency.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, MoneyParseError> {
        let error = || MoneyParseError { text: text.to_owned(), currency };
        let digits = usize::from(currency.minor_digits());
        let (negative, unsigned) =
            text.trim().strip_prefix('-').map_or((false, text.trim()), |rest| (true, rest));
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || fraction.len() > digits || !plain(whole) || !plain(fraction) {
            return Err(error());
        }
        let minor: i64 = format!("{whole}{fraction:0<digits$}").parse().map_err(|_| error())?;
        Ok(Self { minor: if negative { -minor } else { minor }, currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

/// Two amounts of different currencies were to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{left} and {right} cannot be added without an exchange rate")]
pub struct CurrencyMismatch {
    left: Currency,
    right: Currency,
}

/// The text is not an amount of the currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an amount of {currency} with at most {} decimals", currency.minor_digits())]
pub struct MoneyParseError {
    text: String,
    currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_currency() {
        for (text, code, minor) in [
            ("1200.5", "USD", 120_050),
            ("-3", "EUR", -300),
            ("500", "JPY", 500),
            ("0.05", "USD", 5),
            ("1.234", "KWD", 1_234),
        ] {
            let money = Money::from_decimal(text, code.parse().unwrap()).unwrap();
            assert_eq!(money.minor(), minor, "{text}");
            assert_eq!(Money::from_decimal(&money.to_decimal(), money.currency()).unwrap(), money);
        }
        assert!(Money::from_decimal("1.5", "JPY".parse().unwrap()).is_err());
        assert!(Money::from_decimal("1,000", "USD".parse().unwrap()).is_err());
    }

    #[test]
    fn currencies_do_not_mix() {
        let usd = Money::from_minor(1, "USD".parse().unwrap());
        let eur = Money::from_minor(1, "EUR".parse().unwrap());
        assert!(usd.checked_add(eur).is_err());
    }
}
