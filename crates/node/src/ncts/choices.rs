//! The codes that this node says where the facts of a movement leave a choice: `data/ncts/choices.csv`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

const CHOICES: &str = include_str!("../../../../data/ncts/choices.csv");

macro_rules! choices {
    ($($(#[$doc:meta])* $variant:ident => $word:literal),+ $(,)?) => {
        /// A choice. Its code, with the source of it, is a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Choice { $($(#[$doc])* $variant),+ }

        impl Choice {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

choices! {
    /// Type of a declaration.
    DeclarationType => "declaration_type",
    /// Summary declarations that are part of a declaration.
    Security => "security",
    /// Type of the location of goods.
    LocationType => "location_type",
    /// Guarantee of a movement that no account covers.
    UncoveredGuarantee => "uncovered_guarantee",
    /// Marks of packages that have none.
    NoMarks => "no_marks",
    /// A functional error that no other code fits.
    BrokenRule => "broken_rule",
    /// The rule of a functional error that none stands behind.
    NoRule => "no_rule",
    /// Why a message is rejected.
    Rejection => "rejection",
    /// Why goods are not released.
    NoRelease => "no_release",
    /// What a notification of control is.
    ControlNotification => "control_notification",
    /// Which control.
    ControlType => "control_type",
    /// A control at departure that found nothing.
    ControlClean => "control_clean",
    /// A control at departure that found something.
    ControlFound => "control_found",
    /// A control at destination that found nothing.
    DestinationClean => "destination_clean",
    /// A control at destination that found something.
    DestinationFound => "destination_found",
    /// A release at destination.
    GoodsReleased => "goods_released",
    /// An incident of which only words are known.
    Incident => "incident",
    /// What export is told.
    ExportPurpose => "export_purpose",
    /// Export agrees.
    ExportPositive => "export_positive",
    /// Export does not agree.
    ExportNegative => "export_negative",
    /// Name of the transit application of a country.
    TransitApplication => "transit_application",
    /// Name of the export application of a country.
    ExportApplication => "export_application",
}

fn table() -> &'static BTreeMap<String, String> {
    static TABLE: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    // A test reads the embedded table and finds every choice in it.
    TABLE.get_or_init(|| {
        let mut reader = csv::Reader::from_reader(CHOICES.as_bytes());
        let rows = reader.records().filter_map(Result::ok);
        rows.filter_map(|row| Some((row.get(0)?.to_owned(), row.get(1)?.to_owned()))).collect()
    })
}

/// The code of a choice.
pub(super) fn code(choice: Choice) -> &'static str {
    table().get(choice.word()).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_has_a_code_of_its_list_and_a_source() {
        let mut reader = csv::Reader::from_reader(CHOICES.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), Choice::ALL.len());
        for choice in Choice::ALL {
            let row = rows.iter().find(|row| &row[0] == choice.word()).unwrap();
            assert!(!row[1].is_empty() && !row[3].is_empty() && !row[4].is_empty(), "{row:?}");
            assert!(["low", "medium", "high"].contains(&&row[5]), "{row:?}");
            let known = kervan_ncts::find_in_list(&row[2], &row[1]);
            assert_ne!(known, Some(false), "{row:?} is not of its list");
            assert_eq!(code(*choice), &row[1]);
        }
    }
}
