//! What the check of papers is given beside the papers: seals as events saw them, and a comparison of names that reads every
//! script.

use kervan_codes::PlaceCode;
use kervan_documents::{NameComparison, NameMatch, SealAct, SealSighting, compare_names};
use kervan_events::mapping::find_container;
use kervan_events::{Action, Event, EventType, assess_standing};
use kervan_screening::{PartyKind, Tables};

/// Digits of an event's hash that a sentence shows.
const SHOWN_DIGITS: usize = 12;
/// Reasons of a score that a sentence shows, those that count most first.
const MOST_REASONS: usize = 4;

/// What events say of the seals of containers: those that an association event fixes to a container, finds on it or takes
/// off it. Events that were declared in error say nothing. Shape of their paths: `/events/HASH/childEPCs`.
pub fn list_sightings(events: &[Event], place_name: impl Fn(&PlaceCode) -> String) -> Vec<SealSighting> {
    let sighting = |event: &Event| {
        if event.event_type != EventType::Association {
            return None;
        }
        let container = find_container(event.parent.as_deref()?)?;
        let act = match event.action? {
            Action::Add => SealAct::Affixed,
            Action::Observe => SealAct::Seen,
            Action::Delete => SealAct::Removed,
        };
        let seals: Vec<String> = event.epcs.iter().filter_map(|uri| find_seal(uri)).collect();
        // A sensor alone says nothing of seals; nothing at all on a container says that it has none.
        if seals.is_empty() && (act != SealAct::Seen || !event.epcs.is_empty()) {
            return None;
        }
        let digits = event.hash.digits();
        Some(SealSighting {
            event: digits.get(..SHOWN_DIGITS).unwrap_or(digits).to_owned(),
            path: format!("/events/{digits}/childEPCs"),
            at: event.event_time,
            place: event.place().as_ref().map(&place_name),
            container,
            seals,
            act,
        })
    };
    assess_standing(events).events.into_iter().filter_map(sighting).collect()
}

/// The number of a seal, if a URI is that of one: `seal` stands before its number, as in `urn:example:seal:CN48211` or
/// `https://id.example.com/seal/CN48211`.
fn find_seal(uri: &str) -> Option<String> {
    let mut parts = uri.rsplit([':', '/']);
    let (number, kind) = (parts.next()?, parts.next()?);
    (kind.eq_ignore_ascii_case("seal") && !number.is_empty()).then(|| number.to_owned())
}

/// Compares two writings of a party's name by spelling, and where that does not settle it by the words, sounds and scripts that
/// the screening of parties goes by. The reason names the score and what it rests on.
///
/// A high score makes two names close and never the same: who is meant is for people to say.
pub fn compare_party_names(tables: &Tables, ours: &str, theirs: &str) -> NameComparison {
    let spelt = compare_names(ours, theirs);
    if spelt.verdict == NameMatch::Same {
        return spelt;
    }
    let scored = tables.compare_texts(ours, theirs, Some(PartyKind::Organisation));
    let reasons: Vec<String> = scored.reasons.iter().take(MOST_REASONS).map(ToString::to_string).collect();
    let verdict = if scored.score >= tables.threshold() { NameMatch::Close } else { spelt.verdict };
    let because = if reasons.is_empty() { "no word in common".to_owned() } else { reasons.join(", ") };
    NameComparison { verdict, reason: Some(format!("score {} ({because})", scored.score)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> Tables {
        let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/");
        Tables::load(|file| std::fs::read_to_string(format!("{data}{file}")).ok()).unwrap()
    }

    #[test]
    fn names_are_compared_beyond_their_letters() {
        use NameMatch::{Close, Different, NotComparable, Same};
        let tables = tables();
        for (ours, theirs, verdict) in [
            ("Anadolu Makina A.Ş.", "ANADOLU MAKİNA AŞ", Same),
            ("Anadolu Makina Sanayi A.Ş.", "Anadolu Makina San. A.S.", Close),
            ("Kervan Lojistik Ltd", "Marmara Gümrükleme Ltd", Different),
            ("西安恒泰泵阀有限公司", "Marmara Gümrükleme Ltd. Şti.", NotComparable),
        ] {
            let found = compare_party_names(&tables, ours, theirs);
            assert_eq!(found.verdict, verdict, "{ours} / {theirs}: {:?}", found.reason);
            let is_scored = found.reason.is_some_and(|reason| reason.starts_with("score "));
            assert_eq!(is_scored, verdict != Same, "{ours} / {theirs}");
        }
    }

    #[test]
    fn a_seal_is_known_by_its_uri() {
        for (uri, number) in [
            ("urn:example:seal:CN4821177", Some("CN4821177")),
            ("https://id.example.com/seal/KZ-0081", Some("KZ-0081")),
            ("https://id.example.com/sensor/17", None),
            ("https://id.example.com/seal/", None),
            ("CN4821177", None),
        ] {
            assert_eq!(find_seal(uri).as_deref(), number, "{uri}");
        }
    }
}
