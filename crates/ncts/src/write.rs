//! Writing: a tree to XML, always the same bytes for the same message.

use crate::element::Element;
use crate::message::Message;
use crate::read::NAMESPACE;

/// The message as XML in UTF-8: indented by two spaces, with a line feed at its end.
///
/// The same message gives the same bytes, and reading them gives the same message. A carriage return, a tab or a line feed in a
/// value is written as a reference, so that no reader takes it for layout. What XML cannot hold at all (control characters) is
/// written as U+FFFD.
pub fn write(message: &Message) -> Vec<u8> {
    let mut text = String::with_capacity(4096);
    text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ncts:");
    text.push_str(message.kind.code());
    text.push_str(" xmlns:ncts=\"");
    text.push_str(NAMESPACE);
    text.push('"');
    if let Some(phase) = message.phase {
        text.push_str(" PhaseID=\"");
        text.push_str(phase.word());
        text.push('"');
    }
    text.push('>');
    push_escaped(&mut text, message.root.text());
    text.push('\n');
    for child in message.root.children() {
        push_element(&mut text, child, 1);
    }
    text.push_str("</ncts:");
    text.push_str(message.kind.code());
    text.push_str(">\n");
    text.into_bytes()
}

fn push_element(text: &mut String, element: &Element, depth: usize) {
    let indent = |text: &mut String| (0..depth).for_each(|_| text.push_str("  "));
    indent(text);
    text.push('<');
    text.push_str(element.name());
    if element.children().is_empty() && element.text().is_empty() {
        text.push_str("/>\n");
        return;
    }
    text.push('>');
    push_escaped(text, element.text());
    if !element.children().is_empty() {
        text.push('\n');
        for child in element.children() {
            push_element(text, child, depth + 1);
        }
        indent(text);
    }
    text.push_str("</");
    text.push_str(element.name());
    text.push_str(">\n");
}

fn push_escaped(text: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\r' => text.push_str("&#13;"),
            '\n' => text.push_str("&#10;"),
            '\t' => text.push_str("&#9;"),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => text.push('\u{FFFD}'),
            _ => text.push(character),
        }
    }
}
