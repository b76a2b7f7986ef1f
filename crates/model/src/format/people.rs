//! What people write differently from what is kept: kilograms, degrees, amounts as text.
//!
//! The lists of the file that may be long or absent (wagons, charges, instructions...) have the shape of the consignment itself
//! but for these: `*_kg` stands for grams, `temperature_c` and `flash_point_c` for tenths of a degree, and `amount` is text such
//! as `1200.00 USD`.

use crate::TemperatureRange;
use crate::format::read_consignment::{Reader, shortened};
use crate::format::shape;
use kervan_units::{Currency, Money};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

impl Reader {
    /// Reads every item of a list; those that cannot be read become findings, each with its path.
    pub(super) fn list<T: DeserializeOwned>(&mut self, path: &str, items: &[Value]) -> Vec<T> {
        let read = |(at, item): (usize, &Value)| self.item(&format!("{path}/{at}"), item);
        items.iter().enumerate().filter_map(read).collect()
    }

    /// Reads one item.
    pub(super) fn item<T: DeserializeOwned>(&mut self, path: &str, item: &Value) -> Option<T> {
        let plain = self.plain(path, item)?;
        serde_path_to_error::deserialize(plain)
            .map_err(|error| {
                let mut inner: Vec<String> = error.path().iter().filter_map(shape::name).collect();
                let message = as_written(&shape::said(error.inner()));
                if let Some(named) = shape::named(&message)
                    && inner.last() != Some(&named)
                {
                    inner.push(named);
                }
                let inner = inner.iter().map(|part| written_name(part).to_owned()).collect::<Vec<_>>();
                self.findings.push(shape::fault(&message).at(format!("{path}{}", shape::pointer(&inner))));
            })
            .ok()
    }

    /// The item with kilograms, degrees and amounts as they are kept.
    fn plain(&mut self, path: &str, item: &Value) -> Option<Value> {
        let Value::Object(fields) = item else { return Some(item.clone()) };
        let mut kept = Map::new();
        for (name, value) in fields {
            if written_name(name) != name.as_str() {
                let message = format!("there is no field `{name}` here; it is `{}`", written_name(name));
                self.error(
                    &format!("{path}/{name}"),
                    "form",
                    message,
                    "correct its name, and write its value in that unit",
                );
                return None;
            }
            let place = format!("{path}/{name}");
            let (name, value) = match name.as_str() {
                "temperature_c" => {
                    ("temperature", serde_json::to_value(self.temperature(&place, value)?).ok()?)
                }
                "flash_point_c" => ("flash_point", self.tenths(&place, value)?.into()),
                "amount" => ("amount", serde_json::to_value(self.amount(&place, value)?).ok()?),
                name => match name.strip_suffix("_kg") {
                    Some(bare) => (bare, self.mass(&place, value)?.grams().into()),
                    None => (name, value.clone()),
                },
            };
            kept.insert(name.to_owned(), value);
        }
        Some(Value::Object(kept))
    }

    /// A range of temperatures, written as `[min, max]` in degrees Celsius.
    pub(super) fn temperature(&mut self, path: &str, value: &Value) -> Option<TemperatureRange> {
        let Some([min, max]) = value.as_array().map(Vec::as_slice) else {
            let message = "a range of temperatures needs two numbers";
            self.error(path, "not-a-temperature", message, "write [2, 8] for 2 to 8 degrees Celsius");
            return None;
        };
        let (min, max) = (self.tenths(path, min), self.tenths(path, max));
        Some(TemperatureRange { min: min?, max: max? })
    }

    fn tenths(&mut self, path: &str, value: &Value) -> Option<i16> {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let tenths = parse_tenths(&text);
        if tenths.is_none() {
            let message = format!("`{}` is not a temperature", shortened(&text));
            self.error(path, "not-a-temperature", message, "write degrees Celsius with at most one decimal");
        }
        tenths
    }

    fn amount(&mut self, path: &str, value: &Value) -> Option<Money> {
        let read = || {
            let (amount, currency) = value.as_str()?.trim().split_once(' ')?;
            Money::from_decimal(amount, currency.parse::<Currency>().ok()?).ok()
        };
        let money = read();
        if money.is_none() {
            let message = format!("{} is not an amount", shortened(&value.to_string()));
            self.error(path, "not-an-amount", message, "write amount and currency, such as \"1200.00 USD\"");
        }
        money
    }
}

/// What is kept under another name than it is written, and in another unit.
const WRITTEN: &[(&str, &str)] = &[
    ("gross_mass", "gross_mass_kg"),
    ("net_mass", "net_mass_kg"),
    ("tare", "tare_kg"),
    ("load_limit", "load_limit_kg"),
    ("mass", "mass_kg"),
    ("temperature", "temperature_c"),
    ("flash_point", "flash_point_c"),
];

/// The name of a field in the file.
fn written_name(kept: &str) -> &str {
    WRITTEN.iter().find(|(name, _)| *name == kept).map_or(kept, |(_, written)| written)
}

/// A message with the names of fields as they are written.
fn as_written(message: &str) -> String {
    let named = |text: String, (kept, written): &(&str, &str)| {
        text.replace(&format!("`{kept}`"), &format!("`{written}`"))
    };
    WRITTEN.iter().fold(message.to_owned(), named)
}

/// The place of a finding about the consignment in the file that it was read from.
pub(super) fn written_path(path: &str) -> String {
    path.split('/').map(written_name).collect::<Vec<_>>().join("/")
}

/// Tenths of a degree from text with at most one decimal; the range is that of [`TemperatureRange`].
fn parse_tenths(text: &str) -> Option<i16> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, tenth) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = whole.bytes().chain(tenth.bytes()).all(|b| b.is_ascii_digit());
    if !plain || whole.is_empty() || whole.len() > 3 || tenth.len() != 1 {
        return None;
    }
    let tenths: i16 = format!("{whole}{tenth}").parse().ok().filter(|tenths| (0..=1000).contains(tenths))?;
    Some(if negative { -tenths } else { tenths })
}

#[cfg(test)]
mod tests {
    use super::parse_tenths;

    #[test]
    fn degrees_have_at_most_one_decimal() {
        let cases = [("2", Some(20)), ("-18.5", Some(-185)), ("100", Some(1000)), ("-0.5", Some(-5))];
        for (text, tenths) in cases {
            assert_eq!(parse_tenths(text), tenths, "{text}");
        }
        for text in ["", "-", "1.25", "101", "1e3", "NaN", "--5", "5.", "+3"] {
            let read = parse_tenths(text);
            assert_eq!(read, None, "{text}");
        }
    }
}
