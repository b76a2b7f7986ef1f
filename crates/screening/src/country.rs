//! Countries as lists write them.

use crate::table::Table;
use crate::tables::Tables;
use kervan_codes::CountryCode;
use kervan_model::Finding;

impl Tables {
    pub(crate) fn load_countries(
        &mut self,
        read: &impl Fn(&str) -> Option<String>,
        findings: &mut Vec<Finding>,
    ) {
        Table::open("screening/countries.csv", read, findings).each(|row| {
            let (code, names) = (row.text("country"), row.text("names"));
            let Ok(code) = code.parse::<CountryCode>() else {
                row.fault("country", format!("`{code}` is not a code of ISO 3166"));
                return;
            };
            for name in names.split(';') {
                self.countries.insert(name.trim().to_lowercase(), code);
            }
        });
    }

    /// The country of a code of two letters or of a name that the table knows.
    pub(crate) fn find_country(&self, text: &str) -> Option<CountryCode> {
        let text = text.trim();
        let code = (text.len() == 2).then(|| text.to_ascii_uppercase().parse().ok()).flatten();
        code.or_else(|| self.countries.get(&text.to_lowercase()).copied())
    }
}
