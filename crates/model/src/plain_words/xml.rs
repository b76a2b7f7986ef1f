//! What a reader of XML says of a document that is not well-formed, in words of people.

/// What a reader of XML puts before what it says.
const BEGINNINGS: &[&str] = &["syntax error: ", "ill-formed document: ", "error while parsing attribute: "];

/// What is said of a sign that has to be written as an entity.
const LESS_IN_VALUE: &str = "`<` stands within the value of an attribute; write `&lt;` for the sign itself";

/// What a reader of XML says, with `{}` where it speaks of the document, and what people are told, with `{1}` and `{2}` for these places.
/// A saying that is the beginning of another one stands after it.
const SAYINGS: &[(&str, &str)] = &[
    ("expected `</{}>`, but `</{}>` was found", "`</{2}>` stands where `</{1}>` is needed"),
    ("expected '{}' tag, not '{}' at {}", "`</{2}>` stands where `</{1}>` is needed"),
    ("close tag `</{}>` does not match any open tag", "`</{1}>` ends an element that was not begun"),
    ("unexpected close tag at {}", "an element ends that was not begun"),
    ("start tag not closed: `</{}>` not found{}", "the text ends within `<{1}>`; `</{1}>` is missing"),
    ("the root node was opened but never closed", "the text ends within the outermost element"),
    ("unexpected end of stream", "the text ends within the XML"),
    ("the document does not have a root node", "there is no whole element"),
    ("unknown or missed symbol in markup", "after `<!` stands neither a comment nor CDATA"),
    ("processing instruction not closed{}", "the text ends within `<?`; `?>` is missing"),
    ("XML declaration not closed{}", "the text ends within `<?xml`; `?>` is missing"),
    ("comment not closed{}", "the text ends within a comment; `-->` is missing"),
    ("DOCTYPE not closed{}", "the text ends within the document type; `>` is missing"),
    ("CDATA not closed{}", "the text ends within CDATA; `]]>` is missing"),
    ("tag not closed{}", "the text ends within a tag; `>` is missing"),
    (
        "attribute value not closed: `{}` not found{}",
        "the value of an attribute does not end; {1} is missing",
    ),
    ("an XML declaration does not contain `version` attribute", "the XML declaration says no version"),
    (
        "an XML declaration must start with `version` attribute{}",
        "the XML declaration does not begin with its version",
    ),
    ("unknown XML version{}", "the version of XML is neither 1.0 nor 1.1"),
    ("`<!DOCTYPE>` declaration does not contain a name{}", "the document type has no name"),
    (
        "entity or character reference not closed{}",
        "after `&` no `;` comes; write `&amp;` for the sign itself",
    ),
    (
        "malformed entity reference at {}",
        "after `&` stands no name with `;`; write `&amp;` for the sign itself",
    ),
    (
        "Error while escaping character at range {}",
        "after `&` no `;` comes; write `&amp;` for the sign itself",
    ),
    ("at {}: unrecognized entity `{}`", "`&{2};` is none of XML's own entities"),
    ("unknown entity reference '{}' at {}", "`&{1};` is none of XML's own entities"),
    ("invalid character reference: {}", "`&#…;` names no letter of XML"),
    ("too many nested entities in an attribute value", "entities lie too deep in each other"),
    ("a possible entity reference loop is detected at {}", "entities lie too deep in each other"),
    ("position {}: attribute key must be{}", "after the name of an attribute no `=` comes"),
    ("position {}: `=` must be followed by{}", "after the `=` of an attribute no value comes"),
    ("position {}: attribute value must be enclosed{}", "the value of an attribute is not in quotes"),
    ("position {}: missing closing quote `{}`{}", "the value of an attribute does not end; {2} is missing"),
    ("position {}: duplicated attribute{}", "an attribute stands twice"),
    ("attribute '{}' at {} is already defined", "the attribute `{1}` stands twice"),
    ("namespace '{}' at {} is already defined", "the prefix `{1}` is declared twice"),
    ("an unknown namespace prefix '{}' at {}", "the prefix `{1}` is not declared"),
    ("unknown namespace prefix '{}'", "the prefix `{1}` is not declared"),
    ("the 'xml' namespace {}", "the prefix `xml` is used for something else"),
    ("'xml' namespace prefix mapped to wrong URI{}", "the prefix `xml` is used for something else"),
    ("the 'xmlns' {}", "`xmlns` is used as a prefix"),
    ("unescaped '<' found at {}", LESS_IN_VALUE),
    ("unexpected XML declaration at {}", "the XML declaration does not stand at the beginning"),
    ("XML with DTD detected", "there is a document type declaration"),
    ("invalid name token at {}", "no name of XML stands where one is needed"),
    ("a non-XML character {} found at {}", "the character {1} cannot stand in XML"),
    ("expected ''' not '<' at {}", LESS_IN_VALUE),
    ("expected '\"' not '<' at {}", LESS_IN_VALUE),
    ("expected '{}' not '{}' at {}", "`{2}` stands where `{1}` is needed"),
    ("expected a quote not '{}' at {}", "the value of an attribute is not in quotes"),
    ("expected {} not '{}' at {}", "`{2}` stands where {1} is needed"),
    ("expected '{}' at {}:{}", "`{1}` is missing"),
    ("comment at {} contains '--'", "`--` stands within a comment"),
    ("forbidden string `--` was found in a comment", "`--` stands within a comment"),
    ("']]>' at {} is not allowed{}", "`]]>` stands within text"),
    ("unknown token at {}", "text stands outside of the outermost element"),
    ("cannot decode input using {}", "it is not UTF-8"),
];

/// What a reader of XML said, if it is one of its sayings.
pub(super) fn told(said: &str) -> Option<String> {
    let said = BEGINNINGS.iter().find_map(|begin| said.strip_prefix(begin)).unwrap_or(said);
    SAYINGS.iter().find_map(|(saying, plain)| {
        let mut told = (*plain).to_owned();
        for (number, part) in (1..).zip(parts(said, saying)?) {
            told = told.replace(&format!("{{{number}}}"), part);
        }
        Some(told)
    })
}

/// What stands in a text at the holes of a saying, if it is that saying.
fn parts<'a>(said: &'a str, saying: &str) -> Option<Vec<&'a str>> {
    let mut fixed = saying.split("{}");
    let mut rest = said.strip_prefix(fixed.next()?)?;
    let mut parts = Vec::new();
    let mut fixed = fixed.peekable();
    while let Some(next) = fixed.next() {
        // The last one ends the text; an empty one there takes all of it.
        let (part, after) = match fixed.peek() {
            None => (rest.strip_suffix(next)?, ""),
            Some(_) => rest.split_once(next)?,
        };
        parts.push(part);
        rest = after;
    }
    rest.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn what_readers_of_xml_say_is_told_in_words_of_people() {
        let cases = [
            (
                "ill-formed document: expected `</a>`, but `</b>` was found",
                "`</b>` stands where `</a>` is needed",
            ),
            ("expected 'a' tag, not 'b' at 3:7", "`</b>` stands where `</a>` is needed"),
            (
                "syntax error: tag not closed: `>` not found before end of input",
                "the text ends within a tag; `>` is missing",
            ),
            (
                "syntax error: attribute value not closed: `\"` not found before end of input",
                "the value of an attribute does not end; \" is missing",
            ),
            (
                "ill-formed document: start tag not closed: `</a>` not found before end of input",
                "the text ends within `<a>`; `</a>` is missing",
            ),
            (
                "error while parsing attribute: position 4: duplicated attribute, previous declaration at position 2",
                "an attribute stands twice",
            ),
            (
                "position 5: missing closing quote `'` in attribute value",
                "the value of an attribute does not end; ' is missing",
            ),
            ("at 1..4: unrecognized entity `x`", "`&x;` is none of XML's own entities"),
            ("unknown entity reference 'x' at 1:9", "`&x;` is none of XML's own entities"),
            ("expected '=' not '>' at 2:4", "`>` stands where `=` is needed"),
            ("expected a whitespace not 'a' at 1:3", "`a` stands where a whitespace is needed"),
            ("expected '-->' at 1:3", "`-->` is missing"),
            ("a non-XML character '\\u{1}' found at 1:2", "the character '\\u{1}' cannot stand in XML"),
        ];
        for (said, plain) in cases {
            assert_eq!(told(said).as_deref(), Some(plain), "{said}");
        }
    }

    #[test]
    fn what_others_say_is_no_saying_of_xml() {
        for text in [
            "",
            "expected value at line 1 column 2",
            "expected ident at line 1 column 2",
            "expected a, b",
            "tag",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
