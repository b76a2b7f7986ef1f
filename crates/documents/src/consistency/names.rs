//! Whether two writings of a name mean the same party: letters of several scripts, legal forms, spelling.
//!
//! A name is brought to plain Latin letters by `letters.csv`, legal forms are taken off by `legal_forms.csv`, and what
//! different transliterations of one letter make (`zh`, `j`; `kh`, `h`; `ya`, `ia`) is made one. Chinese characters are
//! compared with Chinese characters only. A better comparison can be handed to the check: it asks for a function.

use super::tables::Tables;

/// How two writings of a name relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameMatch {
    /// The same name.
    Same,
    /// Nearly the same: a letter more or less, or another legal form.
    Close,
    /// Another name.
    Different,
    /// The two are in scripts that are not compared.
    NotComparable,
}

/// What a comparison of two writings of a name gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameComparison {
    /// How they relate.
    pub verdict: NameMatch,
    /// Why, in a sentence for people, with the score if there is one; none if nothing can be said.
    pub reason: Option<String>,
}

impl NameComparison {
    /// A verdict without more to say.
    pub const fn of(verdict: NameMatch) -> Self {
        Self { verdict, reason: None }
    }

    fn because(verdict: NameMatch, reason: String) -> Self {
        Self { verdict, reason: Some(reason) }
    }
}

/// Most letters of a name that are compared; what is longer is cut. The registered names of the field stay under 150.
const MOST_LETTERS: usize = 200;

/// Compares two writings of a name with the built-in tables.
pub fn compare_names(a: &str, b: &str) -> NameComparison {
    let Ok(tables) = Tables::built_in() else { return NameComparison::of(NameMatch::NotComparable) };
    let (a, b) = (plain_name(a, tables), plain_name(b, tables));
    if a.core.is_empty() || b.core.is_empty() {
        return NameComparison::of(NameMatch::NotComparable);
    }
    if a.ideographs != b.ideographs {
        let reason = "one is written in Chinese characters and the other is not".to_owned();
        return NameComparison::because(NameMatch::NotComparable, reason);
    }
    if a.core == b.core {
        return match (&a.form, &b.form) {
            (Some(ours), Some(theirs)) if ours != theirs => {
                let reason = format!("the same name with the legal forms {ours} and {theirs}");
                NameComparison::because(NameMatch::Close, reason)
            }
            _ => NameComparison::of(NameMatch::Same),
        };
    }
    // One letter in ten, and no more than three, may be a slip of the pen.
    let (ours, theirs) = (a.core.chars().count(), b.core.chars().count());
    let (allowed, apart) = ((ours.min(theirs) / 10).min(3), distance(&a.core, &b.core));
    let verdict = if apart <= allowed { NameMatch::Close } else { NameMatch::Different };
    let reason = format!(
        "{apart} of {} letters differ without legal form and spelling: `{}` and `{}`",
        ours.max(theirs),
        a.core,
        b.core
    );
    NameComparison::because(verdict, reason)
}

/// A name without what may be written in several ways.
#[derive(Debug, PartialEq, Eq)]
struct PlainName {
    core: String,
    /// Class of the legal form, if it has one.
    form: Option<String>,
    /// Whether it is written in Chinese characters.
    ideographs: bool,
}

fn plain_name(name: &str, tables: &Tables) -> PlainName {
    let ideographs = name.chars().any(is_ideograph);
    if ideographs {
        let text: String = name.chars().filter(|c| c.is_alphanumeric()).take(MOST_LETTERS).collect();
        let form = tables.legal_forms.iter().find(|form| text.ends_with(&form.form));
        let core = form.and_then(|form| text.strip_suffix(&form.form)).unwrap_or(&text).to_owned();
        return PlainName { core, form: form.map(|form| form.class.clone()), ideographs };
    }
    let words = latin_words(name, tables);
    let mut kept: Vec<&str> = Vec::new();
    let mut form = None;
    let mut rest = words.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let found = tables.legal_forms.iter().find(|form| starts_with_words(rest, &form.words));
        // A word of one letter is a form only as part of one, so that `AS` goes and `A Trading` stays.
        match found {
            Some(found) => {
                form.get_or_insert_with(|| found.class.clone());
                rest = rest.get(found.words.len()..).unwrap_or_default();
            }
            None => {
                kept.push(first);
                rest = others;
            }
        }
    }
    // A name that is nothing but a form keeps its words.
    let joined = if kept.is_empty() { words.concat() } else { kept.concat() };
    PlainName { core: skeleton(&joined), form, ideographs }
}

fn starts_with_words(words: &[String], form: &[String]) -> bool {
    !form.is_empty() && words.len() >= form.len() && words.iter().zip(form).all(|(a, b)| a == b)
}

/// The words of a name in plain lower-case Latin letters. Points do not part words: `A.Ş.` is `as`.
pub(super) fn latin_words(name: &str, tables: &Tables) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars().flat_map(char::to_lowercase).take(MOST_LETTERS) {
        let Some(word) = words.last_mut() else { break };
        if let Some(latin) = tables.letters.get(&letter) {
            word.push_str(latin);
        } else if letter.is_alphanumeric() {
            word.push(letter);
        } else if !matches!(letter, '.' | '\'' | '’' | '`' | '\u{307}') && !word.is_empty() {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What several transliterations of one name have in common.
fn skeleton(latin: &str) -> String {
    let mut text = latin.to_owned();
    // Longer ones first, so that `shch` is not read as `sh` and `ch`.
    for (from, to) in [
        ("shch", "s"),
        ("dzh", "j"),
        ("dj", "j"),
        ("sch", "s"),
        ("sh", "s"),
        ("tch", "c"),
        ("ch", "c"),
        ("zh", "z"),
        ("kh", "h"),
        ("gh", "g"),
        ("ts", "c"),
        ("tz", "c"),
        ("ph", "f"),
        ("ck", "k"),
        ("x", "ks"),
        ("q", "k"),
        ("w", "v"),
        ("y", "i"),
        ("j", "i"),
        ("ii", "i"),
        ("ie", "e"),
    ] {
        text = text.replace(from, to);
    }
    let mut plain = String::new();
    for letter in text.chars() {
        if !plain.ends_with(letter) {
            plain.push(letter);
        }
    }
    plain
}

fn is_ideograph(letter: char) -> bool {
    matches!(u32::from(letter), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Letters to change, add or take off to make one of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            left = (before + usize::from(x != *y)).min(left + 1).min(above + 1);
            before = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameMatch::{Close, Different, NotComparable, Same};

    #[test]
    fn writings_of_a_name() {
        for (a, b, expected) in [
            ("Anadolu Makina A.Ş.", "ANADOLU MAKİNA AŞ", Same),
            ("Anadolu Makina A.Ş.", "Anadolu Makina Anonim Şirketi", Same),
            ("ООО «Караван»", "Karavan LLC", Same),
            ("ТОО «Silkway Forwarding»", "Silkway Forwarding LLP", Same),
            ("АО «Қазақстан темір жолы»", "JSC Kazakhstan Temir Zholy", Close),
            ("АО «Казахстан темир жолы»", "Kazakhstan Temir Zholy JSC", Same),
            ("ЗАО «Азербайджан Хава Йоллары»", "Azerbaijan Hava Yollari CJSC", Same),
            ("შპს საქართველოს რკინიგზა", "LLC Sakartvelos Rkinigza", Same),
            ("Kervan Ltd", "Kervan Ltd.", Same),
            ("Kervan Ltd", "Karvan Ltd", Different),
            ("Kervan Lojistik Ltd", "Kervan Lojistik A.S.", Close),
            ("Hengtai Pump & Valve Co., Ltd.", "Hengtai Pump and Valve Co Ltd", Same),
            ("西安恒泰泵阀有限公司", "西安恒泰泵阀有限责任公司", Same),
            ("西安恒泰泵阀有限公司", "Xi'an Hengtai Pump & Valve Co., Ltd.", NotComparable),
            ("西安恒泰泵阀有限公司", "西安恒达泵阀有限公司", Different),
            ("Щербаков Юрий", "Shcherbakov Yuriy", Same),
            ("Щербаков Юрий", "Shcherbakov Iurii", Same),
            ("", "Nobody", NotComparable),
        ] {
            assert_eq!(compare_names(a, b).verdict, expected, "{a} / {b}");
            assert_eq!(compare_names(b, a).verdict, expected, "{b} / {a}");
        }
    }

    #[test]
    fn letters_between_two_words() {
        for (a, b, letters) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("kitten", "sitting", 3), ("", "ab", 2)]
        {
            assert_eq!(distance(a, b), letters, "{a} {b}");
        }
    }
}
