//! Vocabularies: what parties state of places and other elements is kept, and questions about events are put in its terms.

use crate::limits::{MOST_ELEMENTS, MOST_PREFIXES};
use crate::scribe::to_text;
use crate::{Desk, Refusal};
use kervan_events::CompanyPrefixes;
use kervan_events::mapping::{country_uri, place_uri};
use kervan_events::master_data::{MasterData, VocabularyElement, list_vocabulary};
use kervan_events::query::Query;
use kervan_model::{Finding, PartyId};
use kervan_network::Network;
use kervan_store::{MOST_LISTED, VocabularyRow, WordKind, Write};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a document states of vocabularies, as writes. A party's later statement takes the place of its earlier one; what
/// others state of the same element stands beside it.
///
/// Errors: too many elements, in the document or in all.
pub(crate) fn state_vocabulary(
    desk: &Desk,
    party: &PartyId,
    document: &Value,
) -> Result<Vec<Write>, Refusal> {
    let elements = list_vocabulary(document).map_err(Refusal::invalid)?;
    if elements.is_empty() {
        return Ok(Vec::new());
    }
    if desk.store.count_vocabulary()? + elements.len() as u64 > u64::from(MOST_ELEMENTS) {
        let message = format!("this node keeps at most {MOST_ELEMENTS} elements of vocabularies");
        let finding = Finding::error("node.too-many-elements", message);
        return Err(Refusal::invalid(finding.at("/epcisHeader/epcisMasterData")));
    }
    let row = |element: VocabularyElement| {
        let stated = json!({ "children": element.children, "attributes": element.attributes });
        let (vocabulary, id) = (element.vocabulary, element.id);
        Ok(Write::Vocabulary(VocabularyRow {
            party: party.clone(),
            vocabulary,
            id,
            element: to_text(&stated)?,
        }))
    };
    elements.into_iter().map(row).collect()
}

fn load_master_data(desk: &Desk) -> Result<MasterData, Refusal> {
    let mut data = MasterData::default();
    for row in desk.store.list_vocabulary(MOST_ELEMENTS)? {
        let broken = |error: serde_json::Error| Refusal::broken("master data", &error);
        let mut stated: Value = serde_json::from_str(&row.element).map_err(broken)?;
        let mut part = |name: &str| stated.get_mut(name).map(Value::take).unwrap_or_default();
        data.add(VocabularyElement {
            vocabulary: row.vocabulary,
            id: row.id,
            children: serde_json::from_value(part("children")).map_err(broken)?,
            attributes: serde_json::from_value(part("attributes")).map_err(broken)?,
        });
    }
    Ok(data)
}

/// What the network says of its places: what they are called, and that they lie in their countries.
fn network_elements(network: &Network) -> impl Iterator<Item = VocabularyElement> {
    const LOCATION: &str = "urn:epcglobal:epcis:vtype:BusinessLocation";
    let element = |id, children, attributes| VocabularyElement {
        vocabulary: LOCATION.to_owned(),
        id,
        children,
        attributes,
    };
    let attribute = |name: &str, value: &str| (format!("urn:epcglobal:cbv:mda#{name}"), Value::from(value));
    network.list_places().flat_map(move |place| {
        let (own, country) = (place_uri(&place.code), country_uri(place.country));
        let said = vec![attribute("name", &place.name), attribute("countryCode", place.country.as_str())];
        [element(country, Some(vec![own.clone()]), Vec::new()), element(own, None, said)]
    })
}

/// A question with what the node knows of vocabularies put in: what lies in which place, and what attributes say.
pub(crate) fn resolve(desk: &Desk, mut query: Query) -> Result<Query, Refusal> {
    if !query.asks_master_data() {
        return Ok(query);
    }
    let mut data = load_master_data(desk)?;
    network_elements(&desk.network).for_each(|element| data.add(element));
    query = query.with_master_data(&data);
    for (of_locations, asked) in [false, true].into_iter().zip(query.asks_within()) {
        let kind = if of_locations { WordKind::BizLocation } else { WordKind::ReadPoint };
        if !asked {
            continue;
        }
        let in_use = desk.store.list_event_words(kind, "", MOST_LISTED)?;
        // Where more are in use than can be listed, events are looked at one by one.
        if in_use.len() < MOST_LISTED as usize {
            query = query.with_places(of_locations, &in_use);
        }
    }
    Ok(query)
}

/// The company prefixes that captured EPC URNs have shown, and those whose length the desk's list says.
pub fn company_prefixes(desk: &Desk) -> Result<CompanyPrefixes, Refusal> {
    let (mut prefixes, mut last) = (CompanyPrefixes::listed(Arc::clone(&desk.prefix_lengths)), String::new());
    for _ in 0..MOST_PREFIXES / MOST_LISTED {
        let words = desk.store.list_event_words(WordKind::CompanyPrefix, &last, MOST_LISTED)?;
        words.iter().for_each(|word| prefixes.add(word));
        match words.last().filter(|_| words.len() == MOST_LISTED as usize) {
            Some(word) => last.clone_from(word),
            None => break,
        }
    }
    Ok(prefixes)
}
