//! What can be wrong about a message.

use super::{Draw, value};
use kervan_ncts::{Element, Message, Schema, ValueKind, write};

/// Values at the edges of types; each is right somewhere and wrong elsewhere.
const VALUES: &[&str] = &[
    "",
    " ",
    "0",
    "1",
    "9",
    "00",
    "01",
    "1999",
    "2000",
    "99999",
    "100000",
    "-1",
    "+1",
    "1.0",
    "0.0",
    "0.000001",
    "0.0000001",
    "1.0000000",
    "1e3",
    ".5",
    "5.",
    "A",
    "a",
    "AA",
    "Aa",
    "AAA",
    "ÄÄ",
    "A1",
    "TR",
    "tr",
    "TRY",
    "1234",
    "12345678",
    "TR000001",
    "tr000001",
    "2026-02-29",
    "2024-02-29",
    "2026-11-30",
    "2026-11-30T24:00:00",
    "2026-11-30T12:00:00",
    "2026-11-30T12:00:00Z",
    "2026-11-30T12:00:00.5",
    "24:00:00",
    "CC015C",
    "CC999C",
    " CC015C ",
    "two  spaces",
    " led",
    "trailed ",
    "a\tb",
    "a\nb",
    "\u{a0}x",
    "x\u{2003}",
    "25GB000246J8NY33J7",
    "25GB000246J8NY33A7",
    "24GB000246J8NY33A7",
    "23GB0000010000163",
    "23GB0000010000163A123456",
    "90.00000",
    "90.00001",
    "180.00000",
    "-179.99999",
    "45.1234",
    "a@b.c",
    "@a@b.c",
    "a@b",
    " a@b.c",
    "XA25000000",
    "25000001",
    "GB123",
    "GB",
    "12",
    "99",
    "true",
    "x\u{fffd}y",
    "1234567890.1234567",
    "12345678901234567",
];

/// One thing done to a message.
pub(crate) fn spoil(message: &mut Message, draw: &mut Draw) {
    let total = message.root.count();
    let target = draw.below(total);
    let kinds = 11;
    let what = draw.below(kinds);
    let element = nth(&mut message.root, target);
    let inside = element.children().len();
    match what {
        0 if inside > 0 => {
            let at = draw.below(inside);
            element.children_mut().remove(at);
        }
        1 if inside > 0 => {
            let at = draw.below(inside);
            let copies = draw.one_of(&[1, 8, 9, 98, 99]);
            let copy = element.children()[at].clone();
            for _ in 0..copies {
                element.children_mut().insert(at, copy.clone());
            }
        }
        2 if inside > 1 => {
            let (one, other) = (draw.below(inside), draw.below(inside));
            element.children_mut().swap(one, other);
        }
        3 => element.push(Element::value("grossMass", "1")),
        4 if inside > 0 => element.children_mut().insert(0, Element::group("Unheard")),
        5 => element.set_text("stray"),
        6 if inside > 0 => element.children_mut().clear(),
        7 if inside > 0 => {
            let at = draw.below(inside);
            let child = element.children_mut().remove(at);
            message.root.push(child);
        }
        _ => respell(element, draw),
    }
}

/// Another value: from the edges, of another type, longer, or with more white space.
fn respell(element: &mut Element, draw: &mut Draw) {
    let mut leaf = element;
    while !leaf.children().is_empty() {
        let at = draw.below(leaf.children().len());
        leaf = &mut leaf.children_mut()[at];
    }
    let now = leaf.text().to_owned();
    let text = match draw.below(6) {
        0 => format!(" {now}\t"),
        1 => format!("{now}{now}"),
        2 => now.chars().skip(1).collect(),
        3 => value(&other_kind(draw), draw),
        _ => draw.one_of(VALUES).to_owned(),
    };
    leaf.set_text(text);
}

fn other_kind(draw: &mut Draw) -> ValueKind {
    let schema = Schema::published();
    loop {
        let groups = schema.list_groups();
        let group = &groups[draw.below(groups.len())];
        let rule = &group.elements[draw.below(group.elements.len())];
        if let kervan_ncts::Holds::Value(id) = rule.holds {
            return schema.find_type(id).unwrap().kind.clone();
        }
    }
}

fn nth(root: &mut Element, mut index: usize) -> &mut Element {
    let mut element = root;
    loop {
        if index == 0 {
            return element;
        }
        index -= 1;
        let sizes: Vec<usize> = element.children().iter().map(Element::count).collect();
        let mut at = 0;
        while index >= sizes[at] {
            index -= sizes[at];
            at += 1;
        }
        element = &mut element.children_mut()[at];
    }
}

/// The message as bytes with something wrong about root, namespace, phase or attributes.
pub(crate) fn spoil_bytes(message: &Message, draw: &mut Draw) -> String {
    let text = String::from_utf8(write(message)).unwrap();
    let code = message.kind.code();
    match draw.below(9) {
        0 => text.replace("http://ncts.dgtaxud.ec", "http://ncts.dgtaxud.eu"),
        1 => text.replace("ncts:", "").replace("xmlns:ncts=", "xmlns="),
        2 => text.replace("ncts:", "").replace(" xmlns:ncts=\"http://ncts.dgtaxud.ec\"", ""),
        3 => text.replacen("xmlns:ncts", "PhaseId=\"NCTS6\" xmlns:ncts", 1),
        4 => text.replacen("PhaseID=\"NCTS", "PhaseID=\"NCTS7", 1),
        5 => text.replace(code, "CC999C"),
        6 => text.replacen("<messageSender>", "<messageSender lang=\"en\">", 1),
        7 => text.replacen("<messageSender>", "<ncts:messageSender>", 1).replacen("</messageSender>", "</ncts:messageSender>", 1),
        _ => text.replacen(
            "xmlns:ncts",
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://ncts.dgtaxud.ec x.xsd\" xmlns:ncts",
            1,
        ),
    }
}
