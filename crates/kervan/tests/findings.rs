//! The table of finding codes is held against the program.

#![expect(clippy::unwrap_used, reason = "test helpers outside of test functions")]

use kervan::facts::Facts;
use kervan::findings::{FindingRow, find_table, list_rows};
use std::path::Path;

/// The text of every source file of the rooms, without tests.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, files: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for room in std::fs::read_dir(rooms).unwrap() {
        let source = room.unwrap().path().join("src");
        if source.is_dir() {
            walk(&source, &mut files);
        }
    }
    files
}

/// Codes that are put together from a prefix and a word.
const PUT_TOGETHER: [&str; 2] = ["rules.", "consignment."];

/// Whether a code stands in a text of the program, whole or as the word after its prefix.
fn occurs(code: &str, text: &str) -> bool {
    let word = PUT_TOGETHER.iter().find_map(|prefix| code.strip_prefix(prefix));
    text.contains(&format!("\"{code}\"")) || word.is_some_and(|word| text.contains(&format!("\"{word}\"")))
}

/// What follows the comma after the first argument of a call.
fn second_argument(call: &str) -> Option<&str> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, letter) in call.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => return Some(call[at + 1..].trim_start()),
            _ => {}
        }
    }
    None
}

/// The findings of a consignment, which are made by `error(path, word, message, remedy)`: code, what follows it, and what stands before.
fn findings_of_consignments(text: &str) -> Vec<(String, &str, &str)> {
    let calls = text.match_indices("error(");
    let own = calls.filter(|(at, _)| !text[..*at].ends_with("fn ") && !text[..*at].ends_with("Finding::"));
    own.filter_map(|(at, begin)| {
        let (word, rest) = literal(second_argument(&text[at + begin.len()..])?)?;
        let shaped = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        shaped.then(|| (format!("consignment.{word}"), rest, &text[..at]))
    })
    .collect()
}

#[test]
fn every_code_of_the_table_occurs_in_the_program() {
    let sources = sources();
    let rows = list_rows();
    assert!(rows.len() > 150, "{} rows", rows.len());
    let occurs = |code: &str| sources.iter().any(|(_, text)| occurs(code, text));
    let dead: Vec<_> = rows.iter().filter(|row| !occurs(&row.code)).map(|row| row.code.clone()).collect();
    assert!(dead.is_empty(), "these codes no longer occur: {dead:?}");
    let twice: Vec<_> = rows.windows(2).filter(|pair| pair[0].code >= pair[1].code).collect();
    assert!(twice.is_empty(), "the table is not in order: {twice:?}");
}

#[test]
fn every_code_of_rules_risk_and_consignments_has_its_row() {
    let rows = list_rows();
    let mut missing = Vec::new();
    let rooms = [
        "/risk/src",
        "/customs/src/rules",
        "/customs/src/selection",
        "/node/src/risk_book",
        "/node/src/rule_book",
        "/node/src/officer",
        "/node/src/screening",
        "/screening/src",
        "/node/src/replay",
        "/model/src",
    ];
    let mut of_consignments = 0;
    for (path, text) in sources().iter().filter(|(path, _)| rooms.iter().any(|room| path.contains(room))) {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, _) in text.match_indices("Finding::") {
            let rest = text.get(at..).unwrap_or_default();
            let Some((_, rest)) = rest.split_once("(\"") else { continue };
            let Some((code, _)) = rest.split_once('"') else { continue };
            let shaped = code.contains('.')
                && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.' || byte == b'-');
            if shaped && code != "c.d" && !rows.iter().any(|row| row.code == code) {
                missing.push(format!("{path}: {code}"));
            }
        }
        if path.contains("/model/src") {
            for (code, ..) in findings_of_consignments(text) {
                of_consignments += 1;
                if !rows.iter().any(|row| row.code == code) {
                    missing.push(format!("{path}: {code}"));
                }
            }
        }
    }
    assert!(of_consignments > 40, "{of_consignments} findings of consignments were read");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_finding_is_told_in_every_language_that_has_a_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/findings");
    let rows = list_rows();
    let mut faults = Vec::new();
    let mut languages = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if ["findings", "sentences"].contains(&name.as_str())
            || path.extension().is_none_or(|end| end != "csv")
        {
            continue;
        }
        languages += 1;
        let told = find_table(&Facts::default(), &name.parse().unwrap());
        let codes = |rows: &[FindingRow]| rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>();
        let (known, has) = (codes(&rows), codes(&told));
        faults.extend(
            known.iter().filter(|code| !has.contains(code)).map(|code| format!("{name}: {code} is missing")),
        );
        faults.extend(
            has.iter().filter(|code| !known.contains(code)).map(|code| format!("{name}: {code} is no code")),
        );
        for row in &told {
            let Some(english) = rows.iter().find(|english| english.code == row.code) else { continue };
            for (english, told) in [(&english.meaning, &row.meaning), (&english.remedy, &row.remedy)] {
                let holes = english.matches("...").count();
                let once = (1..=holes).all(|hole| told.matches(&format!("{{{hole}}}")).count() == 1);
                if !once
                    || told.matches('{').count() != holes + english.matches('{').count()
                    || english.is_empty() != told.is_empty()
                {
                    faults.push(format!("{name}: {}: `{english}` is told as `{told}`", row.code));
                }
            }
        }
    }
    assert!(languages >= 7, "{languages} languages");
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The string literal that a text begins with, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut escaped = false;
    let end = inner.find(|letter: char| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    })?;
    // A line that goes on is one line; what is escaped is itself.
    let mut parts = inner[..end].split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    let whole = parts.fold(first, |whole, part| whole + part.trim_start());
    Some((whole.replace("\\\"", "\"").replace("\\\\", "\\"), &inner[end + 1..]))
}

/// The text of an expression: a literal, one in `format!`, or a variable that was given one before.
fn text_of(expression: &str, before: &str) -> Option<String> {
    let expression = expression.trim_start();
    if let Some((text, _)) = literal(expression.strip_prefix("format!(").unwrap_or(expression).trim_start()) {
        return Some(text);
    }
    let end = expression.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
    let (name, rest) = expression.split_at(end);
    let (_, given) = before.rsplit_once(&format!("let {name} ="))?;
    let near = given.lines().count() < 25 && !name.is_empty() && !rest.starts_with('(');
    near.then(|| text_of(given, "")).flatten()
}

/// What a program's text says with something in each hole.
fn filled(text: &str) -> String {
    let text = text.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    let whole =
        parts.fold(first, |whole, part| whole + "X" + part.split_once('}').map_or("", |(_, plain)| plain));
    whole.replace('\u{1}', "{").replace('\u{2}', "}")
}

/// Whether a text can be made by a pattern with `...` for its holes.
fn fits(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split("...");
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    for part in parts {
        open = part.is_empty();
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    open || rest.is_empty()
}

#[test]
fn what_findings_say_is_made_by_patterns() {
    let facts = Facts::default();
    let more = facts.find("findings/sentences.csv").unwrap();
    let mut more = csv::Reader::from_reader(more.as_bytes());
    let more: Vec<(String, String)> =
        more.records().map(|row| row.unwrap()).map(|row| (row[0].to_owned(), row[1].to_owned())).collect();
    let patterns: Vec<(String, String)> =
        list_rows().into_iter().map(|row| (row.code, row.meaning)).chain(more).collect();
    let (mut read, mut untold) = (0, Vec::new());
    for (path, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, _) in text.match_indices("Finding::") {
            let Some((_, call)) = text[at..].split_once('(') else { continue };
            let Some((code, rest)) = literal(call.trim_start()) else { continue };
            let Some(message) = rest.strip_prefix(',').and_then(|rest| text_of(rest, &text[..at])) else {
                continue;
            };
            if !code.contains('.') || code.contains(' ') {
                continue;
            }
            read += 1;
            let said = filled(&message);
            if !patterns.iter().any(|(known, pattern)| *known == code && fits(&said, pattern)) {
                untold.push(format!("{path}: {code}: {message}"));
            }
        }
        if path.contains("/model/src") {
            for (code, rest, before) in findings_of_consignments(text) {
                let Some(message) = rest.strip_prefix(',').and_then(|rest| text_of(rest, before)) else {
                    continue;
                };
                read += 1;
                let said = filled(&message);
                if !patterns.iter().any(|(known, pattern)| *known == code && fits(&said, pattern)) {
                    untold.push(format!("{path}: {code}: {message}"));
                }
            }
        }
    }
    assert!(read > 300, "{read} texts were read");
    // In another language such a text comes in English, after what its code means if it has a row. Whoever adds a text adds its pattern.
    assert!(untold.is_empty(), "{} texts have no pattern:\n{}", untold.len(), untold.join("\n"));
}

#[test]
fn further_sentences_fill_in_what_the_english_gives() {
    let facts = Facts::default();
    let text = facts.find("findings/sentences.csv").unwrap();
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let head = table.headers().unwrap().clone();
    let sources = sources();
    let mut faults = Vec::new();
    for row in table.records().map(|row| row.unwrap()) {
        let (code, english) = (&row[0], &row[1]);
        if !sources.iter().any(|(_, text)| occurs(code, text)) {
            faults.push(format!("{code} no longer occurs"));
        }
        let holes = english.matches("...").count();
        for (language, told) in head.iter().zip(&row).skip(2) {
            let once = (1..=holes).all(|hole| told.matches(&format!("{{{hole}}}")).count() == 1);
            if !once || told.matches('{').count() != holes || told.is_empty() {
                faults.push(format!("{language}: {code}: `{english}` is told as `{told}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
