//! Codes of the lists that the data uses, by the words of the model. Source: `data/documents/codes.csv`.

use crate::table;
use kervan_model::{Mode, PartyRole, Settlement, WagonProvider};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const CODES: &str = include_str!("../../../data/documents/codes.csv");

static BY_WORD: LazyLock<BTreeMap<(String, String), String>> = LazyLock::new(|| {
    table::read(CODES).into_iter().map(|row: Row| ((row.list, row.word), row.code)).collect()
});

/// A code of a list.
#[derive(Debug, Deserialize)]
struct Row {
    list: String,
    word: String,
    code: String,
}

/// The code of a word; the word itself where the list lacks it, which no published list accepts.
fn code<'a>(list: &str, word: &'a str) -> &'a str {
    BY_WORD.get(&(list.to_owned(), word.to_owned())).map_or(word, |code| code.as_str())
}

/// The part of a party. Source: UNTDID 3035.
pub(crate) fn role(role: PartyRole) -> &'static str {
    code("party_role", role.word())
}

/// The part of a party that pays, where the schemas' list has it; they leave the forwarder out. Source: UNTDID 3035.
pub(crate) fn find_payer(role: PartyRole) -> Option<&'static str> {
    BY_WORD.get(&("paying_party_role".to_owned(), role.word().to_owned())).map(String::as_str)
}

/// Who provided a wagon. Source: UNTDID 8077.
pub(crate) fn provider(provider: WagonProvider) -> &'static str {
    code("equipment_supplier", provider.word())
}

/// Who pays when. Source: UNTDID 4237.
pub(crate) fn settlement(settlement: Settlement) -> &'static str {
    code("payment_arrangement", settlement.word())
}

/// A mode of transport. Source: UN/ECE Recommendation 19.
pub(crate) fn mode(mode: Mode) -> &'static str {
    code("mode", mode.word())
}

/// A freight container. Source: UNTDID 8053.
pub(crate) fn container() -> &'static str {
    code("equipment_category", "container")
}

/// A rail wagon. Source: UNTDID 8053.
pub(crate) fn wagon() -> &'static str {
    code("equipment_category", "wagon")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_its_code() {
        assert!(table::read_strictly::<Row>(CODES).is_ok());
        for it in PartyRole::ALL {
            assert_ne!(role(it), it.word());
        }
        for it in WagonProvider::ALL {
            assert_ne!(provider(*it), it.word());
        }
        for it in Settlement::ALL {
            assert_ne!(settlement(*it), it.word());
        }
        for it in Mode::ALL {
            assert_ne!(mode(*it), it.word());
        }
        assert!(container().len() == 2 && wagon().len() == 2);
    }
}
