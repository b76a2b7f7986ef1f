//! The files of a folder of policies.

use kervan_model::Finding;
use std::collections::BTreeMap;

/// The files that come with the program, as they stand in `data/rights`. `demo.cedar` counts in a play only.
pub const FILES: [&str; 4] = ["visitors.cedar", "members.cedar", "customs.cedar", "operators.cedar"];

/// The file that is added in a play.
const DEMO: &str = "demo.cedar";

/// The texts of a folder of policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RightsFiles {
    /// Files of policies by name.
    pub policies: BTreeMap<String, String>,
    /// `parts.csv`: which groups of a body are withheld from whoever may not see a part.
    pub parts: String,
    /// `parameters.csv`: the smallest count that is told.
    pub parameters: String,
}

impl RightsFiles {
    /// Reads the files that come with the program; `find` gives the text of a file such as `rights/visitors.cedar`.
    pub fn read(find: impl Fn(&str) -> Option<String>, in_play: bool) -> Self {
        let names = FILES.into_iter().chain(in_play.then_some(DEMO));
        let read = |name: &str| Some((name.to_owned(), find(&format!("rights/{name}"))?));
        Self {
            policies: names.filter_map(read).collect(),
            parts: find("rights/parts.csv").unwrap_or_default(),
            parameters: find("rights/parameters.csv").unwrap_or_default(),
        }
    }
}

/// The files as they were when the program was built, without the one of plays: for tests and examples.
pub fn embedded_for_tests() -> RightsFiles {
    RightsFiles::read(embedded, false)
}

pub(crate) fn embedded(path: &str) -> Option<String> {
    let text = match path.strip_prefix("rights/")? {
        "visitors.cedar" => include_str!("../../../data/rights/visitors.cedar"),
        "members.cedar" => include_str!("../../../data/rights/members.cedar"),
        "customs.cedar" => include_str!("../../../data/rights/customs.cedar"),
        "operators.cedar" => include_str!("../../../data/rights/operators.cedar"),
        "demo.cedar" => include_str!("../../../data/rights/demo.cedar"),
        "parts.csv" => include_str!("../../../data/rights/parts.csv"),
        "parameters.csv" => include_str!("../../../data/rights/parameters.csv"),
        _ => return None,
    };
    Some(text.to_owned())
}

/// From how many on a count over many consignments is told to whoever may not see small ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SmallCounts {
    /// The smallest count that is told.
    pub least: u64,
}

fn rows(text: &str, file: &str, columns: usize) -> Result<Vec<Vec<String>>, Finding> {
    let fault = |line: usize| {
        let message = format!("{file} line {line}: {columns} columns are needed");
        Finding::error("rights.table", message).at(format!("/{file}/{line}"))
    };
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        // The last column is prose and may hold commas.
        let cells: Vec<String> = line.splitn(columns, ',').map(|cell| cell.trim().to_owned()).collect();
        if cells.len() != columns {
            return Err(fault(at + 1));
        }
        rows.push(cells);
    }
    Ok(rows)
}

/// Reads `parameters.csv`: name, value, confidence, source. Errors: a finding.
pub(crate) fn read_parameters(text: &str) -> Result<SmallCounts, Finding> {
    let rows = rows(text, "parameters.csv", 4)?;
    let least = rows.iter().find_map(|row| match row.as_slice() {
        [name, value, ..] if name == "least_count" => value.parse().ok(),
        _ => None,
    });
    let least = least.filter(|least| *least > 0).ok_or_else(|| {
        Finding::error("rights.table", "parameters.csv: `least_count` is a whole number above zero")
            .remedy("least_count,5,low,source")
    })?;
    Ok(SmallCounts { least })
}

/// Reads `parts.csv`: group, action of the part, confidence, source. Errors: a finding.
pub(crate) fn read_parts(text: &str) -> Result<BTreeMap<String, crate::Action>, Finding> {
    let mut parts = BTreeMap::new();
    for row in rows(text, "parts.csv", 4)? {
        let [group, word, ..] = row.as_slice() else { continue };
        let action = crate::Action::find(word).filter(|action| action.group() == crate::Group::Part);
        let action = action.ok_or_else(|| {
            let message = format!("parts.csv: `{word}` is no part of an answer");
            Finding::error("rights.table", message).at(format!("/parts.csv/{group}"))
        })?;
        parts.insert(group.clone(), action);
    }
    Ok(parts)
}
