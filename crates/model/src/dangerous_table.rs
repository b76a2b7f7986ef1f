//! Dangerous goods as the regulations list them, from data, and the check of a consignment against them.

use crate::{Confidence, Consignment, DangerousGoods, Finding};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One line of the dangerous goods list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DangerousEntry {
    /// UN number.
    pub un_number: u16,
    /// Proper shipping name.
    pub shipping_name: String,
    /// Class or division; explosives with their compatibility group.
    pub class: String,
    /// Subsidiary hazards, separated by spaces.
    pub subsidiary: String,
    /// Packing groups that the entry has, separated by spaces; empty if it has none.
    pub packing_groups: String,
    /// Whether railways, roads and ships may carry it at all in the ordinary way.
    pub forbidden: bool,
    /// Where the line comes from.
    pub source: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// The file of the table below the folder of facts.
pub const DANGEROUS_TABLE: &str = "dangerous/goods.csv";

/// A table that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("dangerous goods table, line {line}: {reason}")]
pub struct DangerousTableError {
    line: u64,
    reason: String,
}

/// The dangerous goods list, as far as we hold it: what is not in it is not known to be right or wrong.
#[derive(Clone, Debug, Default)]
pub struct DangerousTable {
    entries: BTreeMap<u16, DangerousEntry>,
}

impl DangerousTable {
    /// Reads `data/dangerous/goods.csv`.
    ///
    /// Errors: [`DangerousTableError`] for a row that cannot be read or a UN number that stands twice.
    pub fn read(text: &str) -> Result<Self, DangerousTableError> {
        let mut entries = BTreeMap::new();
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        for row in reader.deserialize::<DangerousEntry>() {
            let row = row.map_err(|error| DangerousTableError {
                line: error.position().map_or(0, csv::Position::line),
                reason: crate::in_plain_words(&error),
            })?;
            let number = row.un_number;
            if entries.insert(number, row).is_some() {
                let reason = format!("UN {number:04} stands here twice");
                return Err(DangerousTableError { line: 0, reason });
            }
        }
        Ok(Self { entries })
    }

    /// The line of a UN number.
    pub fn find(&self, un_number: u16) -> Option<&DangerousEntry> {
        self.entries.get(&un_number)
    }

    /// Every line, by UN number.
    pub fn entries(&self) -> impl Iterator<Item = &DangerousEntry> {
        self.entries.values()
    }

    /// Holds the dangerous goods of a consignment against the list. All findings; paths are JSON pointers.
    pub fn check(&self, consignment: &Consignment) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (index, item) in consignment.goods.iter().enumerate() {
            if let Some(goods) = &item.dangerous {
                self.check_item(&format!("/goods/{index}/dangerous"), goods, &mut findings);
            }
        }
        findings
    }

    fn check_item(&self, path: &str, goods: &DangerousGoods, findings: &mut Vec<Finding>) {
        let number = goods.un_number;
        let Some(entry) = self.find(number) else {
            let message = format!("UN {number:04} is not in the list held here; its class is not checked");
            findings.push(Finding::info("dangerous.unlisted", message).at(format!("{path}/un_number")));
            return;
        };
        let mut say = |field: &str, code: &str, message: String, remedy: String| {
            let code = format!("dangerous.{code}");
            // A line that nobody looked up is no ground to refuse goods on.
            let finding = match entry.confidence {
                Confidence::Low => Finding::warning(code, message),
                Confidence::Medium | Confidence::High => Finding::error(code, message),
            };
            let finding = finding.at(format!("{path}/{field}"));
            findings.push(finding.source(entry.source.clone()).remedy(remedy));
        };
        let named = format!("UN {number:04} {}", entry.shipping_name);
        if entry.forbidden {
            let message = format!("{named} may not be carried in the ordinary way");
            say("un_number", "forbidden", message, "ask the competent authority".to_owned());
        }
        if goods.class != entry.class {
            let message = format!("{named} is of class {}, not {}", entry.class, goods.class);
            say("class", "class", message, format!("write {}", entry.class));
        }
        let groups: Vec<_> = entry.packing_groups.split_whitespace().collect();
        match goods.packing_group.as_deref() {
            Some(group) if !groups.contains(&group) => {
                let allowed = if groups.is_empty() { "none".to_owned() } else { groups.join(" or ") };
                let message = format!("{named} has packing group {allowed}, not {group}");
                say("packing_group", "packing-group", message, format!("write {allowed}"));
            }
            None if !groups.is_empty() => {
                let message = format!("{named} needs its packing group");
                say(
                    "packing_group",
                    "packing-group-missing",
                    message,
                    format!("write {}", groups.join(" or ")),
                );
            }
            _ => {}
        }
        for hazard in entry.subsidiary.split_whitespace() {
            if !goods.subsidiary.iter().any(|given| given == hazard) {
                let message = format!("{named} has the subsidiary hazard {hazard} as well");
                say("subsidiary", "subsidiary", message, format!("add {hazard}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "un_number,shipping_name,class,subsidiary,packing_groups,forbidden,source,confidence\n\
        1230,METHANOL,3,6.1,II,false,UN Model Regulations 3.2,high\n\
        1263,PAINT,3,,I II III,false,UN Model Regulations 3.2,high\n\
        3480,LITHIUM ION BATTERIES,9,,,false,UN Model Regulations 3.2,high\n";

    #[test]
    fn what_differs_from_the_list_is_named() {
        let table = DangerousTable::read(TABLE).unwrap();
        let goods = |un_number, class: &str, group: Option<&str>, subsidiary: &[&str]| DangerousGoods {
            un_number,
            class: class.to_owned(),
            packing_group: group.map(str::to_owned),
            subsidiary: subsidiary.iter().map(|class| (*class).to_owned()).collect(),
            ..DangerousGoods::default()
        };
        let cases: [(DangerousGoods, &[&str]); 6] = [
            (goods(1230, "3", Some("II"), &["6.1"]), &[]),
            (
                goods(1230, "6.1", Some("III"), &[]),
                &["dangerous.class", "dangerous.packing-group", "dangerous.subsidiary"],
            ),
            (goods(1263, "3", None, &[]), &["dangerous.packing-group-missing"]),
            (goods(3480, "9", None, &[]), &[]),
            (goods(3480, "9", Some("II"), &[]), &["dangerous.packing-group"]),
            (goods(4321, "9", None, &[]), &["dangerous.unlisted"]),
        ];
        for (item, codes) in cases {
            let mut findings = Vec::new();
            table.check_item("/goods/0/dangerous", &item, &mut findings);
            let found: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
            assert_eq!(found, codes, "{item:?}");
        }
    }

    #[test]
    fn the_shipped_list_is_sound() {
        let table = DangerousTable::read(include_str!("../../../data/dangerous/goods.csv")).unwrap();
        assert!(table.entries().count() > 100);
        for entry in table.entries() {
            let goods = DangerousGoods {
                un_number: entry.un_number,
                class: entry.class.clone(),
                subsidiary: entry.subsidiary.split_whitespace().map(str::to_owned).collect(),
                packing_group: entry.packing_groups.split_whitespace().next().map(str::to_owned),
                ..DangerousGoods::default()
            };
            let mut findings = Vec::new();
            crate::details_check::check_dangerous("", &goods, &mut findings);
            table.check_item("", &goods, &mut findings);
            assert_eq!(findings, [], "UN {:04}", entry.un_number);
        }
    }

    #[test]
    fn a_bad_row_names_its_line() {
        let error = DangerousTable::read(&TABLE.replace("1263,", "x,")).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
        let twice = format!("{TABLE}1230,METHANOL,3,6.1,II,false,s,high\n");
        assert!(DangerousTable::read(&twice).is_err());
    }
}
