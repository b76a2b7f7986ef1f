//! Units of measurement, so that a sensor's value is compared with the one asked for in whatever unit.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Units by their code. Source: `data/events/units.csv`, from UN/ECE Recommendation 20.
pub struct UnitTable(BTreeMap<String, Unit>);

#[derive(Clone, Debug, PartialEq)]
struct Unit {
    quantity: String,
    factor: f64,
    offset: f64,
}

const TABLE: &str = include_str!("../../../../data/events/units.csv");

impl UnitTable {
    /// The table that is built in.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<UnitTable> = OnceLock::new();
        BUILT_IN.get_or_init(|| Self::read(TABLE))
    }

    /// Reads a table; lines that are none are left out, which a test of the data would tell.
    fn read(table: &str) -> Self {
        let line = |line: &str| {
            let mut cells = line.split(',');
            let (code, quantity) = (cells.next()?, cells.next()?);
            let (factor, offset) = (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?);
            Some((code.to_owned(), Unit { quantity: quantity.to_owned(), factor, offset }))
        };
        Self(table.lines().skip(1).filter_map(line).collect())
    }

    /// Whether a code is known.
    pub fn knows(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// A value in the base unit of its quantity. A difference, such as a standard deviation, has no offset.
    fn base(&self, value: f64, code: &str, difference: bool) -> Option<(&str, f64)> {
        let unit = self.0.get(code)?;
        let offset = if difference { 0.0 } else { unit.offset };
        Some((&unit.quantity, value * unit.factor + offset))
    }
}

/// How a value compares with another, each in its unit; nothing if they cannot be compared. Values that differ by less than
/// a part in a thousand million are equal, because conversion rounds.
///
/// ```
/// use kervan_events::query::comparable;
///
/// // 50 degrees Fahrenheit are 10 degrees Celsius; a spread of 9 of those is one of 5 of these.
/// assert_eq!(comparable((50.0, "FAH"), (10.0, "CEL"), false), Some(std::cmp::Ordering::Equal));
/// assert_eq!(comparable((9.0, "FAH"), (5.0, "CEL"), true), Some(std::cmp::Ordering::Equal));
/// assert_eq!(comparable((1.0, "KGM"), (1.0, "MTR"), false), None);
/// ```
pub fn comparable(held: (f64, &str), asked: (f64, &str), difference: bool) -> Option<Ordering> {
    if held.1 == asked.1 {
        return order(held.0, asked.0);
    }
    let table = UnitTable::built_in();
    let (quantity, held) = table.base(held.0, held.1, difference)?;
    let (wanted, asked) = table.base(asked.0, asked.1, difference)?;
    if quantity != wanted {
        return None;
    }
    order(held, asked)
}

/// The order of two numbers, equal if they differ by rounding only.
pub(super) fn order(a: f64, b: f64) -> Option<Ordering> {
    let near = (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    if near { Some(Ordering::Equal) } else { a.partial_cmp(&b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read_and_converts_there_and_back() {
        let table = UnitTable::built_in();
        assert_eq!(table.0.len(), TABLE.lines().count() - 1);
        for (code, unit) in &table.0 {
            assert!(unit.factor > 0.0 && unit.offset.is_finite(), "{code}");
            let header = "code,quantity,factor,offset,name,source,confidence";
            assert_eq!(TABLE.lines().next(), Some(header));
        }
        for (a, b) in [
            ((0.0, "CEL"), (273.15, "KEL")),
            ((-40.0, "CEL"), (-40.0, "FAH")),
            ((1.0, "BAR"), (100_000.0, "PAL")),
            ((1.0, "TNE"), (1_000.0, "KGM")),
            ((36.0, "KMH"), (10.0, "MTS")),
            ((1.0, "HUR"), (60.0, "MIN")),
            ((1.0, "P1"), (0.01, "C62")),
        ] {
            assert_eq!(comparable(a, b, false), Some(Ordering::Equal), "{a:?} {b:?}");
        }
        assert_eq!(comparable((1.0, "ZZ9"), (1.0, "ZZ9"), false), Some(Ordering::Equal));
        assert_eq!(comparable((1.0, "ZZ9"), (1.0, "CEL"), false), None);
    }
}
