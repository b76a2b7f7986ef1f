//! What a library says of a text that it cannot read reaches people in words of people: the place that asks it translates.
//!
//! A place is a statement that asks a library to read, or takes its error by type. It is looked at as it is laid out: until the line
//! that ends it. An error that is told there without `in_plain_words` or `words_of` is a finding; what is handed on under another
//! name is not seen.

use super::{Finding, TextFile};

/// How a library is asked to read, and how its errors are called.
const ASKED: &[&str] = &[
    "serde_json::from_",
    "serde_norway::from_",
    "toml::from_",
    "toml::Table",
    "serde_path_to_error::deserialize",
    "Document::parse",
    ".read_event()",
    ".deserialize(",
    ".deserialize::<",
    "::deserialize(",
    ".records()",
    ".into_records()",
    "reader.headers()",
    "str::from_utf8(",
    "String::from_utf8(",
    ".parse::<Timestamp>()",
    ".parse::<Date>()",
    "serde_json::Error",
    "serde_norway::Error",
    "csv::Error",
    "jiff::Error",
    "quick_xml::Error",
    "roxmltree::Error",
    "toml::de::Error",
    "T::Err",
];

/// How an error is told as it stands.
const TOLD: &[&str] =
    &["error.to_string()", "{error}", "error.inner().to_string()", "error.message()", "T::Err::to_string"];

/// What translates.
const PLAIN: &[&str] = &["in_plain_words", "words_of"];

/// Every place of a file of a crate that tells what a library said.
pub(super) fn check(file: &TextFile) -> Vec<Finding> {
    let is_source =
        file.path.starts_with("crates/") && file.path.contains("/src/") && !file.path.ends_with("tests.rs");
    if !is_source {
        return Vec::new();
    }
    let source = file.text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines: Vec<&str> = source.lines().collect();
    let mut told: Vec<usize> = (0..lines.len()).filter_map(|at| find_told(&lines, at)).collect();
    told.sort_unstable();
    told.dedup();
    let what = "a library's error is told as it stands; tell it by kervan_model::in_plain_words, or words_of where it may be ours";
    told.into_iter().map(|line| file.finding(line + 1, what)).collect()
}

/// The line that tells the error, if the statement of a line asks a library.
fn find_told(lines: &[&str], at: usize) -> Option<usize> {
    let asking = lines.get(at)?;
    let is_code = !asking.trim_start().starts_with("//");
    if !(is_code && ASKED.iter().any(|asked| asking.contains(asked))) {
        return None;
    }
    let depth = indentation(asking);
    for (line, text) in lines.iter().enumerate().skip(at) {
        if TOLD.iter().any(|told| text.contains(told)) && !PLAIN.iter().any(|plain| text.contains(plain)) {
            return Some(line);
        }
        let outside = indentation(text) <= depth && !text.trim().is_empty();
        let ends =
            text.ends_with(';') || text.ends_with("},") || (line > at && text.trim_start().starts_with('}'));
        if (outside && ends) || (indentation(text) < depth && !text.trim().is_empty()) {
            return None;
        }
    }
    None
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        let file = TextFile { path: "crates/a/src/b.rs".to_owned(), text: text.to_owned() };
        check(&file).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn what_a_library_said_is_found_where_it_is_told_as_it_stands() {
        let cases: &[(&str, &[usize])] = &[
            ("let a = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;\n", &[1]),
            ("let a = serde_json::from_str(text).map_err(|error| wrong(in_plain_words(&error)))?;\n", &[]),
            (
                concat!(
                    "    match serde_norway::from_str(text) {\n        Err(error) => {\n",
                    "            say(format!(\"it is {error}\"))\n        }\n    }\n"
                ),
                &[3],
            ),
            (
                "    match serde_norway::from_str(text) {\n        Ok(a) => a,\n    };\n    say(format!(\"{error}\"));\n",
                &[],
            ),
            (
                "    let a = text\n        .parse::<Date>()\n        .map_err(|error| error.to_string())?;\n",
                &[3],
            ),
            ("fn told(error: &csv::Error) -> String {\n    format!(\"{error}\")\n}\n", &[2]),
            ("fn told(error: &OurError) -> String {\n    format!(\"{error}\")\n}\n", &[]),
            ("// serde_json::from_str and error.to_string()\n", &[]),
            (
                "#[cfg(test)]\nmod tests {\n    serde_json::from_str(a).map_err(|error| error.to_string());\n}\n",
                &[],
            ),
        ];
        for (text, lines) in cases {
            assert_eq!(found(text), *lines, "{text}");
        }
    }
}
