//! The check of a whole message: XML, schema, rules, in one report.

use crate::message::Message;
use crate::raise::{Faults, Lines};
use crate::read::{Reading, decode, read};
use crate::report::{Fault, Report, verdict};
use crate::rules::check_rules;
use crate::schema::{Group, Schema};
use crate::structure::check_structure;

/// Reads a message. What is wrong with the XML, the root, the namespaces or the attributes is an error; elements that are wrong
/// are read as they are: `check` names them.
///
/// Errors: the report of everything that was found.
pub fn parse_message(bytes: &[u8]) -> Result<Message, Box<Report>> {
    let (message, report) = look(bytes, false, &[]);
    match message {
        Some(message) if report.faults.is_empty() => Ok(message),
        _ => Err(Box::new(report)),
    }
}

/// Checks the bytes of a message: whether they are XML, valid by the published schema, and within the rules as far as facts reach.
/// Every fault is in the report; only what is not well-formed ends the check where it stands.
pub fn check(bytes: &[u8]) -> Report {
    check_with(bytes, &[])
}

/// Checks the bytes of a message as [`check`] does, and holds them against earlier messages about the same movement, in the order
/// in which they were sent: the declaration, its amendment, the permission to unload.
pub fn check_with(bytes: &[u8], earlier: &[Message]) -> Report {
    look(bytes, true, earlier).1
}

/// Checks a message that was built or read.
pub fn check_message(message: &Message) -> Report {
    check_message_with(message, &[])
}

/// Checks a message that was built or read, and holds it against earlier ones as [`check_with`] does.
pub fn check_message_with(message: &Message, earlier: &[Message]) -> Report {
    report(Some((message, earlier)), Vec::new(), 0, None)
}

fn look(bytes: &[u8], whole: bool, earlier: &[Message]) -> (Option<Message>, Report) {
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(fault) => return (None, report(None, vec![*fault], 0, None)),
    };
    let lines = Lines::new(&text);
    let Reading { message, faults, more } = read(&text, &lines);
    let looked_at = message.as_ref().filter(|_| whole).map(|message| (message, earlier));
    let report = report(looked_at, faults, more, Some(&lines));
    (message, report)
}

fn report(
    looked_at: Option<(&Message, &[Message])>,
    mut faults: Vec<Fault>,
    mut more: usize,
    lines: Option<&Lines<'_>>,
) -> Report {
    let schema = Schema::published();
    let message = looked_at.map(|(message, _)| message);
    if let Some((message, earlier)) = looked_at {
        let mut found = Faults::default();
        check_structure(schema, message, &mut found);
        check_rules(message, earlier, &mut found);
        let none = Group { name: String::new(), elements: Vec::new() };
        let group = schema.find_message(message.kind).map_or(&none, |found| schema.group(found.root));
        let (placed, beyond) = found.place(&message.root, group, lines);
        faults.extend(placed);
        more += beyond;
    }
    Report {
        verdict: verdict(&faults),
        message: message.map(|message| message.kind),
        phase: message.and_then(|message| message.phase),
        elements: message.map_or(0, |message| message.root.count()),
        faults,
        more,
    }
}
