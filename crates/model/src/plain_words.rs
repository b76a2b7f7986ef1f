//! What a reader of JSON, YAML, TOML or a table says of a text that it cannot read, in words of people.
//!
//! Such readers speak of types of the program (`invalid type: integer, expected struct`). Whoever wrote the file knows lists, texts and
//! numbers, and wants to hear what stands there and what is needed instead.
//!
//! A library is translated where it is asked, by [`in_plain_words`] (or [`words_of`], where the type of an error decides who
//! speaks); what a finding says is left as it is, so that a sentence of our own is never taken for a library's. `cargo xtask tidy`
//! looks for places that tell a library's error without it.

mod xml;

use std::any::Any;
use std::borrow::Cow;
use std::fmt::Display;

/// Most of a value that a message repeats. Unit: character.
const MOST_REPEATED: usize = 80;

/// How each form of a value is called, by the reader's name of what it looked for.
const FORMS: &[(&str, &str)] = &[
    ("a string", "text"),
    ("string", "text"),
    ("a borrowed string", "text"),
    ("a character", "one letter"),
    ("a boolean", "true or false"),
    ("a bool", "true or false"),
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number that is not negative"),
    ("usize", "a whole number that is not negative"),
    ("i8", "a whole number from -128 to 127"),
    ("i16", "a whole number from -32768 to 32767"),
    ("i32", "a whole number from -2147483648 to 2147483647"),
    ("i64", "a whole number"),
    ("isize", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a nonzero u8", "a whole number from 1 to 255"),
    ("a nonzero u16", "a whole number from 1 to 65535"),
    ("a nonzero u32", "a whole number from 1 to 4294967295"),
    ("a map", "a group of fields"),
    ("a sequence", "a list"),
    ("unit", "nothing"),
    ("JSON", "a group of fields or a list"),
    ("any valid TOML value", "text, a number, true, false or a list"),
    ("string or map", "a word, or a group of fields"),
    ("a timestamp string", "an instant such as 2026-12-01T14:00:00Z"),
    ("a date string", "a date such as 2026-12-01"),
    ("a datetime string", "a date and time such as 2026-12-01T14:00"),
    ("a time string", "a time such as 14:00"),
    ("a zoned datetime string", "an instant such as 2026-12-01T14:00:00Z"),
    ("a span duration string", "a duration such as PT36H"),
    ("a signed duration string", "a duration such as PT36H"),
];

/// What cannot be read, by the beginning or the whole of what the reader says.
const SAYINGS: &[(&str, &str)] = &[
    ("EOF while parsing a list", "the text ends within a list"),
    ("EOF while parsing an object", "the text ends within a group of fields"),
    ("EOF while parsing a string", "the text ends within quotes"),
    ("EOF while parsing a value", "the text ends where a value is needed"),
    ("expected `:`", "no colon stands after the name of a field"),
    ("expected `,` or `]`", "no comma stands between two items of a list, or its `]` is missing"),
    ("expected `,` or `}`", "no comma stands between two fields, or the `}` of their group is missing"),
    ("expected value", "no value stands where one is needed"),
    ("expected ident", "an unknown word stands here; write true, false, null, or put text in quotes"),
    ("trailing comma", "a comma stands before the end of a list or group of fields"),
    ("invalid escape", "no such letter can stand after `\\` within quotes"),
    ("invalid unicode code point", "after `\\u` stands no letter"),
    ("lone leading surrogate", "after `\\u` stands no letter"),
    ("unexpected end of hex escape", "after `\\u` stands no letter"),
    ("control character (", "a control character stands within quotes; write a new line as `\\n`"),
    ("invalid number", "this is no number"),
    ("number out of range", "the number is too large"),
    ("trailing characters", "something stands after the end"),
    ("key must be a string", "the name of a field is not in double quotes"),
    ("invalid digit found in string", "this is no whole number"),
    ("cannot parse integer from empty string", "a number is missing"),
    ("number too large to fit in target type", "the number is too large"),
    ("number too small to fit in target type", "the number is too small"),
    ("invalid float literal", "this is no number"),
    ("cannot parse float from empty string", "a number is missing"),
    ("provided string was not `true` or `false`", "this is neither true nor false"),
    ("stream did not contain valid UTF-8", "it is not UTF-8"),
    ("invalid utf-8 sequence", "it is not UTF-8"),
    ("did not find expected", NOT_YAML),
    ("could not find expected", NOT_YAML),
    ("mapping values are not allowed", NOT_YAML),
    ("found character that cannot start", NOT_YAML),
    ("found unexpected", NOT_YAML),
    ("block sequence entries are not allowed", NOT_YAML),
    ("recursion limit exceeded", "lists and groups of fields lie too deep in each other"),
];

/// What is said of YAML whose form is broken.
const NOT_YAML: &str = "the form of the YAML is broken; look at indentation, colons, quotes and brackets";

/// How the reader of dates begins what it says.
const OF_TIMES: &[&str] = &[
    "failed to parse ",
    "failed to find ",
    "failed to convert civil",
    "expected two digit",
    "expected four digit",
    "expected six digit",
    "expected `-` separator",
    "expected no separator",
    "expected to find ",
    "expected UTC",
    "parsed date is not valid",
    "parsed value ",
    "parsed apparent",
    "successfully parsed",
    "invalid digit, expected 0-9",
    "invalid number, no digits",
    "year zero must",
    "parameter '",
    "converting datetime",
    "cannot parse civil",
    "parsing ISO 8601 duration",
    "no parsed duration",
];

/// What is said of a time that cannot be read.
const NO_TIME: &str = "this is no date or time; write a date as 2026-12-01, an instant as 2026-12-01T14:00:00Z, a duration as PT36H";

/// What a library said of a text that it cannot read, in words of people; what it passes on of ours is left as it is.
///
/// ```
/// use kervan_model::in_plain_words;
/// assert_eq!(in_plain_words(&"invalid type: integer `5`, expected a string"), "the number `5` stands where text is needed");
/// assert_eq!(in_plain_words(&"goods[0]: missing field `hs`"), "goods[0]: the field `hs` is missing");
/// assert_eq!(in_plain_words(&"the reference is taken"), "the reference is taken");
/// ```
pub fn in_plain_words(said: &dyn Display) -> String {
    plain_words(&said.to_string()).into_owned()
}

/// What an error says, where its type decides who speaks: in words of people if it is of a library, as it stands if it is ours.
///
/// ```
/// use kervan_model::words_of;
/// assert_eq!(words_of(&"five".parse::<u8>().unwrap_err()), "this is no whole number");
/// assert_eq!(words_of(&"missing field: a sentence of ours"), "missing field: a sentence of ours");
/// ```
pub fn words_of<E: Display + 'static>(error: &E) -> String {
    let any: &dyn Any = error;
    let foreign = any.is::<std::num::ParseIntError>()
        || any.is::<std::num::ParseFloatError>()
        || any.is::<std::str::ParseBoolError>()
        || any.is::<std::string::FromUtf8Error>()
        || any.is::<jiff::Error>()
        || any.is::<serde_json::Error>();
    if foreign { in_plain_words(error) } else { error.to_string() }
}

fn plain_words(text: &str) -> Cow<'_, str> {
    // What a reader says comes alone, or after a colon: of the program's own words, or of where the reader stood.
    let colons = text.match_indices(": ").map(|(at, _)| at + 2);
    for at in std::iter::once(0).chain(colons).take(20) {
        let Some((before, said)) = text.split_at_checked(at) else { continue };
        if let Some(plain) = told(said) {
            return Cow::Owned(format!("{}{plain}", of_table(before)));
        }
    }
    if text.starts_with("CSV ") { Cow::Owned(of_table(text)) } else { Cow::Borrowed(text) }
}

/// The line of a table, without the words of its reader.
fn of_table(text: &str) -> String {
    let Some((before, rest)) = text.split_once("CSV ") else { return text.to_owned() };
    let Some((_, rest)) = rest.split_once("(line: ") else { return text.to_owned() };
    let Some((line, rest)) = rest.split_once([',', ')']) else { return text.to_owned() };
    let rest = rest.split_once("): ").map_or(rest, |(_, rest)| rest);
    let rest = rest
        .replace("found record with", "the line has")
        .replace("but the previous record has", "the lines before have");
    format!("{before}line {line}: {rest}")
}

/// What a reader said, if it is one of its sayings.
fn told(said: &str) -> Option<String> {
    if let Some(plain) = xml::told(said) {
        return Some(plain);
    }
    if OF_TIMES.iter().any(|begin| said.starts_with(begin)) {
        return Some(NO_TIME.to_owned());
    }
    let (said, place) = said.rsplit_once(" at line ").filter(|(_, at)| at.contains(" column ")).map_or(
        (said, String::new()),
        |(said, at)| {
            (
                said,
                format!(
                    " (line {})",
                    at.split(',').next().unwrap_or_default().replace(" column ", ", column ")
                ),
            )
        },
    );
    let plain = told_of_type(said).or_else(|| told_of_name(said)).or_else(|| {
        SAYINGS.iter().find(|(begin, _)| said.starts_with(begin)).map(|(_, plain)| (*plain).to_owned())
    })?;
    Some(plain + &place)
}

fn told_of_type(said: &str) -> Option<String> {
    if let Some(rest) = said.strip_prefix("invalid length ") {
        let (length, form) = rest.split_once(", expected ")?;
        return Some(format!("{length} items stand where {} is needed", needed(form)));
    }
    let rest = said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "))?;
    let (stands, form) = rest.rsplit_once(", expected ")?;
    Some(format!("{} stands where {} is needed", standing(stands), needed(form)))
}

fn told_of_name(said: &str) -> Option<String> {
    if let Some(rest) = said.strip_prefix("unknown field ") {
        let (name, others) = rest.split_once(", ").unwrap_or((rest, ""));
        let listed = listed(others);
        let known = if listed.is_empty() { String::new() } else { format!("; its fields are {listed}") };
        return Some(format!("there is no field {name} here{known}"));
    }
    if let Some(rest) = said.strip_prefix("unknown variant ") {
        let (word, others) = rest.rsplit_once(", expected ").unwrap_or((rest, ""));
        let word = quoted(word.trim_matches('`'));
        return Some(format!("{word} is none of the words that can stand here: {}", names(others)));
    }
    if let Some(name) = said.strip_prefix("missing field ") {
        return Some(format!("the field {name} is missing"));
    }
    if let Some(name) = said.strip_prefix("duplicate field ") {
        return Some(format!("the field {name} stands twice"));
    }
    said.starts_with("data did not match any variant of untagged enum")
        .then(|| "this has none of the forms that can stand here".to_owned())
}

/// The names after `expected`: `a` or `b`, one of `a`, `b`.
fn listed(others: &str) -> String {
    names(others.strip_prefix("expected ").unwrap_or_default())
}

fn names(others: &str) -> String {
    let names = others.strip_prefix("one of ").unwrap_or(others);
    names.replace("` or `", "`, `")
}

/// The beginning of a text, in its quotes.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(MOST_REPEATED).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("`{short}{more}`")
}

/// What stands in the file.
fn standing(value: &str) -> String {
    if let Some(text) = value.strip_prefix("string \"").and_then(|text| text.strip_suffix('"')) {
        return quoted(text);
    }
    for number in ["integer ", "floating point ", "number "] {
        if let Some(number) = value.strip_prefix(number) {
            return format!("the number {}", number.replace("` as i128", "`").replace("` as u128", "`"));
        }
    }
    match value {
        "sequence" => "a list".to_owned(),
        "map" => "a group of fields".to_owned(),
        "null" | "unit value" | "Option value" | "unit variant" => "nothing".to_owned(),
        "newtype variant" | "tuple variant" | "struct variant" | "enum" => "a word with a value".to_owned(),
        other => other.trim_start_matches("boolean ").trim_start_matches("character ").to_owned(),
    }
}

/// What is needed instead.
fn needed(form: &str) -> String {
    if let Some((_, plain)) = FORMS.iter().find(|(name, _)| *name == form) {
        return (*plain).to_owned();
    }
    let counted = ["a tuple of size ", "an array of length ", "fewer elements in sequence", "a list of "];
    if let Some(count) = counted.iter().find_map(|begin| form.strip_prefix(begin)) {
        return if count.is_empty() { "a shorter list".to_owned() } else { format!("a list of {count}") };
    }
    let begins = |begin: &str| form.starts_with(begin);
    if begins("struct ") || begins("internally tagged") || begins("adjacently tagged") || form.contains("map")
    {
        return "a group of fields".to_owned();
    }
    if begins("enum ") || begins("variant ") || begins("tuple struct ") || form.contains("identifier") {
        return "one of the words that can stand here".to_owned();
    }
    if form.contains("sequence") || begins("tuple") {
        return "a list".to_owned();
    }
    if form.contains("::") { "something else".to_owned() } else { form.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::plain_words;

    #[test]
    fn what_readers_say_is_told_in_words_of_people() {
        let cases = [
            (
                "invalid type: null, expected struct TermsFile",
                "nothing stands where a group of fields is needed",
            ),
            (
                "invalid type: map, expected a sequence at line 3 column 4",
                "a group of fields stands where a list is needed (line 3, column 4)",
            ),
            (
                "invalid value: integer `-1`, expected u32",
                "the number `-1` stands where a whole number from 0 to 4294967295 is needed",
            ),
            (
                "invalid type: string \"a, expected b\", expected u8",
                "`a, expected b` stands where a whole number from 0 to 255 is needed",
            ),
            ("invalid length 3, expected a tuple of size 2", "3 items stand where a list of 2 is needed"),
            (
                "unknown field `colour`, expected one of `a`, `b`",
                "there is no field `colour` here; its fields are `a`, `b`",
            ),
            ("unknown field `x`, there are no fields", "there is no field `x` here"),
            (
                "unknown variant `space`, expected `sea` or `rail`",
                "`space` is none of the words that can stand here: `sea`, `rail`",
            ),
            ("missing field `hs`", "the field `hs` is missing"),
            ("duplicate field `hs`", "the field `hs` stands twice"),
            (
                "f.json is no scenario: missing field `links` at line 1 column 2",
                "f.json is no scenario: the field `links` is missing (line 1, column 2)",
            ),
            ("EOF while parsing a list at line 1 column 9", "the text ends within a list (line 1, column 9)"),
            (
                "CSV deserialize error: record 1 (line: 2, byte: 10): field 3: invalid digit found in string",
                "line 2: field 3: this is no whole number",
            ),
            (
                "CSV error: record 1 (line: 2, byte: 9): found record with 2 fields, but the previous record has 3 fields",
                "line 2: the line has 2 fields, the lines before have 3 fields",
            ),
            (
                "did not find expected ',' or ']' at line 2 column 1, while parsing a flow sequence",
                "the form of the YAML is broken; look at indentation, colons, quotes and brackets (line 2, column 1)",
            ),
            (
                "invalid type: integer `99` as i128, expected any valid TOML value",
                "the number `99` stands where text, a number, true, false or a list is needed",
            ),
            (
                "k.toml cannot be read: stream did not contain valid UTF-8",
                "k.toml cannot be read: it is not UTF-8",
            ),
            (
                "data did not match any variant of untagged enum Value",
                "this has none of the forms that can stand here",
            ),
        ];
        for (said, plain) in cases {
            assert_eq!(plain_words(said), plain);
        }
    }

    #[test]
    fn words_of_the_program_are_left_alone() {
        for text in [
            "",
            "net mass 5 is above gross mass 4",
            "a: b: c",
            "`x` is not a UN/LOCODE: it needs five letters",
            "Café: ü",
        ] {
            assert_eq!(plain_words(text), text);
        }
    }

    #[test]
    fn times_that_cannot_be_read_say_how_they_are_written() {
        for text in [
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "2026-12-01T25:00:00Z",
            "2026-12-01T08:00",
            "1.12.2026",
            "",
            "2026-12-01T08:00:00Z!",
        ] {
            let instant = text.parse::<jiff::Timestamp>().unwrap_err().to_string();
            assert!(plain_words(&instant).starts_with("this is no date"), "{text}: {instant}");
        }
        for text in ["tomorrow", "2026-13-01", "2026-02-30", "20 Nov 2026", "", "01/02/2026", "2026-11-20x"] {
            let date = text.parse::<jiff::civil::Date>().unwrap_err().to_string();
            assert!(plain_words(&date).starts_with("this is no date"), "{text}: {date}");
        }
        for text in ["2 moons", "P", "5"] {
            let span = text.parse::<jiff::Span>().unwrap_err().to_string();
            assert!(plain_words(&span).starts_with("this is no date"), "{text}: {span}");
        }
    }
}
