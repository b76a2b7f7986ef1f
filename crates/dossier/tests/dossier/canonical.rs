//! The check of canonical text agrees with the writer of canonical text.

use kervan_dossier::canonical::{jcs, jcs_of_integers};
use kervan_dossier::canonical_text::check_canonical;
use proptest::prelude::*;
use serde_json::Value;

/// Texts with escapes, controls, and characters whose order differs between UTF-8 and UTF-16.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::char::range('a', 'd'),
        1 => prop::char::range('\0', '\u{20}'),
        1 => prop::sample::select(vec!['"', '\\', '/', '\u{7f}', 'ж', '茶', '\u{e000}', '\u{fb33}', '\u{ffff}', '😀', '\u{10ffff}']),
    ];
    prop::collection::vec(character, 0..4).prop_map(|characters| characters.into_iter().collect())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_passes(value in value()) {
        let bytes = jcs_of_integers(&value).unwrap();
        prop_assert_eq!(check_canonical(&bytes), Ok(()));
        prop_assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
    }

    /// After any change of a byte: accepted if and only if it is again what the writer would write.
    #[test]
    fn only_what_is_written_passes(value in value(), at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0_u8..3) {
        let mut bytes = jcs_of_integers(&value).unwrap();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            _ => { bytes.remove(at); }
        }
        let written = serde_json::from_slice::<Value>(&bytes)
            .ok()
            .filter(|value| jcs_of_integers(value).is_ok())
            .and_then(|value| jcs(&value).ok());
        prop_assert_eq!(check_canonical(&bytes).is_ok(), written.as_ref() == Some(&bytes), "{}", String::from_utf8_lossy(&bytes));
    }
}
