//! The check against the published schema: which elements, in which order, how often, with which values.

use crate::element::Element;
use crate::message::Message;
use crate::raise::{Faults, Raised};
use crate::report::Layer;
use crate::schema::{ElementRule, Group, Holds, Schema};

/// Raises every fault of structure and value.
pub(crate) fn check_structure(schema: &Schema, message: &Message, faults: &mut Faults) {
    if let Some(found) = schema.find_message(message.kind) {
        check_group(schema, schema.group(found.root), &message.root, faults);
    }
}

fn raised(code: &str, message: String) -> Raised {
    Raised::new(Layer::Schema, code, message)
}

fn check_group(schema: &Schema, group: &Group, element: &Element, faults: &mut Faults) {
    if !element.text().trim_matches([' ', '\t', '\n', '\r']).is_empty() {
        let fault =
            raised("ncts.schema.text", format!("{} holds elements only, and has a text", element.name()));
        faults.raise(
            element,
            fault.found(element.text().trim()).remedy("take the text out, or put it into its element"),
        );
    }
    let mut counts = vec![0_u32; group.elements.len()];
    let mut reached = 0;
    for child in element.children() {
        let Some((place, rule)) = group.find(child.name()) else {
            faults.raise(child, unknown(schema, group, element, child));
            continue;
        };
        if place < reached {
            faults.raise(child, out_of_order(group, place, child));
        }
        reached = reached.max(place);
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
            if *count == rule.most + 1 {
                let fault = raised("ncts.schema.too-many", format!("too many repetitions of {}", rule.name));
                let found = element.list(rule.name).count();
                faults.raise(
                    child,
                    fault
                        .expected(format!("at most {}", rule.most))
                        .found(&found.to_string())
                        .remedy(format!("leave out what is beyond {}", rule.most)),
                );
            }
        }
        match rule.holds {
            Holds::Group(id) => check_group(schema, schema.group(id), child, faults),
            Holds::Value(id) => {
                if let Some(value) = schema.find_type(id) {
                    check_value(rule, value, child, faults);
                }
            }
        }
    }
    for (rule, count) in group.elements.iter().zip(&counts) {
        if *count < rule.least {
            let fault = raised("ncts.schema.missing", format!("{} ({}) is missing", rule.name, rule.label))
                .below(rule.name);
            faults.raise(element, fault.expected(expected_of(schema, rule)).remedy(place_of(group, rule)));
        }
    }
}

fn expected_of(schema: &Schema, rule: &ElementRule) -> String {
    match rule.holds {
        Holds::Group(_) => format!("a group {}", rule.name),
        Holds::Value(id) => schema.find_type(id).map_or_else(String::new, |value| value.kind.expected()),
    }
}

/// Where an element belongs, in words.
fn place_of(group: &Group, rule: &ElementRule) -> String {
    let before = group.elements.iter().take_while(|other| other.name != rule.name).last();
    match before {
        Some(before) => format!("write {} after {}", rule.name, before.name),
        None => format!("write {} first", rule.name),
    }
}

fn unknown(schema: &Schema, group: &Group, parent: &Element, child: &Element) -> Raised {
    let fault = raised(
        "ncts.schema.unknown-element",
        format!("{} has no element {}", parent.name(), crate::raise::shown(child.name())),
    );
    let alike = group.elements.iter().find(|rule| rule.name.eq_ignore_ascii_case(child.name()));
    let below = || {
        group.elements.iter().find(|rule| match rule.holds {
            Holds::Group(id) => schema.group(id).find(child.name()).is_some(),
            Holds::Value(_) => false,
        })
    };
    let remedy = match (alike, below()) {
        (Some(rule), _) => format!("the name is {}", rule.name),
        (None, Some(rule)) => format!("it belongs into {}", rule.name),
        (None, None) if schema.find_name(child.name()).is_some() => {
            "no message has it at this place; take it out".to_owned()
        }
        (None, None) => "no message of the set has such an element; take it out".to_owned(),
    };
    fault.remedy(remedy)
}

fn out_of_order(group: &Group, place: usize, child: &Element) -> Raised {
    let fault = raised("ncts.schema.order", format!("{} stands too late", child.name()));
    let next = group.elements.get(place + 1).map_or("", |rule| rule.name);
    let remedy = match group.elements.get(place) {
        Some(rule) => format!("{}, and before {next}", place_of(group, rule)),
        None => String::new(),
    };
    fault.remedy(remedy)
}

fn check_value(rule: &ElementRule, value: &crate::value::ValueType, element: &Element, faults: &mut Faults) {
    if let Some(child) = element.children().first() {
        let fault = raised(
            "ncts.schema.unknown-element",
            format!("{} holds a value, and has elements in it", element.name()),
        );
        faults.raise(child, fault.expected(value.kind.expected()).remedy("take the elements out"));
    }
    if value.accepts(element.text()) {
        return;
    }
    let list = rule.list.as_deref().map_or_else(String::new, |list| format!(", a code of list {list}"));
    let (code, message) = if value.normalize(element.text()).is_empty() {
        ("ncts.schema.empty", format!("{} ({}) is empty", rule.name, rule.label))
    } else {
        ("ncts.schema.value", format!("{} ({}) has no value of its kind", rule.name, rule.label))
    };
    let remedy =
        if rule.least == 0 { "write such a value, or leave the element out" } else { "write such a value" };
    let fault = raised(code, message).expected(format!("{}{list}", value.kind.expected()));
    faults.raise(element, fault.found(element.text()).remedy(remedy));
}
