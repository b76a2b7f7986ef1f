//! Setting a value at a JSON pointer (RFC 6901).

use serde_json::Value;

/// The tokens of a pointer, unescaped; `None` if it is not one.
pub(crate) fn parse_tokens(pointer: &str) -> Option<Vec<String>> {
    let mut tokens = pointer.split('/');
    if tokens.next() != Some("") {
        return None;
    }
    tokens.map(unescape).collect()
}

fn unescape(token: &str) -> Option<String> {
    let rest = token.replace("~0", "").replace("~1", "");
    if rest.contains('~') { None } else { Some(token.replace("~1", "/").replace("~0", "~")) }
}

/// Sets the value at a pointer: replaces what is there, adds a member or the next item of a list, or, if `value` is
/// `null`, removes a member or the last item.
///
/// Errors: a sentence, if there is no such place.
pub(crate) fn set(target: &mut Value, pointer: &str, value: &Value) -> Result<(), String> {
    let tokens = parse_tokens(pointer).ok_or_else(|| format!("`{pointer}` is not a JSON pointer"))?;
    let Some((last, parents)) = tokens.split_last() else {
        return Err("the whole consignment cannot be replaced".to_owned());
    };
    let mut at = target;
    for token in parents {
        let next = match at {
            Value::Object(members) => members.get_mut(token),
            Value::Array(items) => parse_index(token).and_then(|index| items.get_mut(index)),
            _ => None,
        };
        at = next.ok_or_else(|| format!("there is no `{pointer}`"))?;
    }
    match at {
        Value::Object(members) => {
            if value.is_null() {
                members.remove(last);
            } else {
                members.insert(last.clone(), value.clone());
            }
            Ok(())
        }
        Value::Array(items) => set_item(items, parse_index(last), value)
            .ok_or_else(|| format!("`{pointer}` is neither an item of the list nor the next one")),
        _ => Err(format!("there is no `{pointer}`")),
    }
}

fn set_item(items: &mut Vec<Value>, index: Option<usize>, value: &Value) -> Option<()> {
    let index = index?;
    if value.is_null() {
        if index + 1 != items.len() {
            return None;
        }
        items.pop();
    } else if index == items.len() {
        items.push(value.clone());
    } else {
        *items.get_mut(index)? = value.clone();
    }
    Some(())
}

fn parse_index(token: &str) -> Option<usize> {
    let plain = token == "0" || (!token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit()));
    if plain { token.parse().ok() } else { None }
}

/// Whether one of two pointers leads to, into or around what the other leads to.
pub(crate) fn overlap(left: &str, right: &str) -> bool {
    find_rest(left, right).is_some() || find_rest(right, left).is_some()
}

/// What remains of `pointer` behind `prefix`: empty if they are the same, `None` if it leads elsewhere.
pub(crate) fn find_rest<'a>(pointer: &'a str, prefix: &str) -> Option<&'a str> {
    pointer.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a pointer leads to, into or around a place of a pattern, in which `*` stands for any one token.
pub(crate) fn overlaps_pattern(pattern: &str, pointer: &str) -> bool {
    pattern.split('/').zip(pointer.split('/')).all(|(wanted, token)| wanted == "*" || wanted == token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_replaced_added_and_removed() {
        let before = json!({"a": [1, 2], "b/c": {"d~": 1}});
        for (pointer, value, after) in [
            ("/a/0", json!(9), Ok(json!({"a": [9, 2], "b/c": {"d~": 1}}))),
            ("/a/2", json!(3), Ok(json!({"a": [1, 2, 3], "b/c": {"d~": 1}}))),
            ("/a/1", json!(null), Ok(json!({"a": [1], "b/c": {"d~": 1}}))),
            ("/a/0", json!(null), Err(())),
            ("/a/3", json!(3), Err(())),
            ("/a/00", json!(3), Err(())),
            ("/a/-", json!(3), Err(())),
            ("/b~1c/d~0", json!(2), Ok(json!({"a": [1, 2], "b/c": {"d~": 2}}))),
            ("/b~1c", json!(null), Ok(json!({"a": [1, 2]}))),
            ("/e", json!("x"), Ok(json!({"a": [1, 2], "b/c": {"d~": 1}, "e": "x"}))),
            ("/e/f", json!("x"), Err(())),
            ("/a/0/x", json!("x"), Err(())),
            ("", json!({}), Err(())),
            ("a", json!({}), Err(())),
            ("/b~2c", json!({}), Err(())),
        ] {
            let mut target = before.clone();
            let result = set(&mut target, pointer, &value).map(|()| target).map_err(|_| ());
            assert_eq!(result, after, "{pointer}");
        }
    }

    #[test]
    fn pointers_overlap_along_one_way() {
        for (left, right, overlaps) in [
            ("/a", "/a", true),
            ("/a", "/a/b", true),
            ("/a/b", "/a", true),
            ("/a", "/ab", false),
            ("/a/b", "/a/c", false),
        ] {
            assert_eq!(overlap(left, right), overlaps, "{left} {right}");
        }
        for (pattern, pointer, overlaps) in [
            ("/goods/*/gross_mass", "/goods/0/gross_mass", true),
            ("/goods/*/gross_mass", "/goods/12", true),
            ("/goods/*/gross_mass", "/goods", true),
            ("/goods/*/gross_mass", "/goods/0/net_mass", false),
            ("/goods/*/gross_mass", "/goods/0/gross_mass/x", true),
            ("/to", "/to", true),
            ("/to", "/terms", false),
        ] {
            assert_eq!(overlaps_pattern(pattern, pointer), overlaps, "{pattern} {pointer}");
        }
    }
}
