//! Master data: what is known of the elements of vocabularies, such as which places lie in which.
//!
//! Source: EPCIS 2.0, sections 6.1.1 and 9.4: a document may carry vocabularies in its header, a query document in its results.

use crate::canonical_name;
use crate::limits::MOST_VOCABULARY_ELEMENTS;
use kervan_model::Finding;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// An element of a vocabulary, as a document states it.
#[derive(Clone, Debug, PartialEq)]
pub struct VocabularyElement {
    /// The vocabulary: `urn:epcglobal:epcis:vtype:BusinessLocation`, for example.
    pub vocabulary: String,
    /// Its id, in canonical form.
    pub id: String,
    /// Ids of what lies in it, in canonical form; nothing if the document does not say.
    pub children: Option<Vec<String>>,
    /// Attributes: id, and value as stated.
    pub attributes: Vec<(String, Value)>,
}

/// The elements that a document states, in its header or in its results.
///
/// Errors: there are more than [`MOST_VOCABULARY_ELEMENTS`].
pub fn list_vocabulary(document: &Value) -> Result<Vec<VocabularyElement>, Finding> {
    const PLACES: [&str; 2] =
        ["/epcisHeader/epcisMasterData/vocabularyList", "/epcisBody/queryResults/resultsBody/vocabularyList"];
    let mut elements = Vec::new();
    for (place, list) in PLACES.iter().filter_map(|place| Some((place, document.pointer(place)?))) {
        for vocabulary in list.as_array().into_iter().flatten() {
            let kind = text(vocabulary, "type").unwrap_or_default();
            let stated = vocabulary.get("vocabularyElementList").and_then(Value::as_array);
            elements.extend(stated.into_iter().flatten().filter_map(|stated| element(kind, stated)));
        }
        if elements.len() > MOST_VOCABULARY_ELEMENTS {
            let message = format!("a document may state {MOST_VOCABULARY_ELEMENTS} elements of vocabularies");
            return Err(Finding::error("events.too-many-elements", message)
                .at(*place)
                .remedy("send them in several captures"));
        }
    }
    Ok(elements)
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

fn element(vocabulary: &str, stated: &Value) -> Option<VocabularyElement> {
    let children = stated.get("children").and_then(Value::as_array);
    let attributes = stated.get("attributes").and_then(Value::as_array).into_iter().flatten();
    Some(VocabularyElement {
        vocabulary: vocabulary.to_owned(),
        id: canonical_name(text(stated, "id")?),
        children: children.map(|ids| ids.iter().filter_map(Value::as_str).map(canonical_name).collect()),
        attributes: attributes
            .filter_map(|one| {
                Some((text(one, "id")?.to_owned(), one.get("attribute").cloned().unwrap_or_default()))
            })
            .collect(),
    })
}

/// Names of the attribute that says on which site a place is, by its GLN. Source: CBV 2.0, section 10.3.
const SITE: [&str; 2] = ["urn:epcglobal:cbv:mda:site", "urn:epcglobal:cbv:mda#site"];

/// The site of a value, which is a GLN of thirteen digits or a URI.
fn site_uri(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let link = format!("https://id.gs1.org/414/{text}");
    crate::canonical_digital_link(&link).or_else(|| text.contains(':').then(|| canonical_name(text)))
}

/// Everything known of vocabularies. What several parties state of one element counts together.
#[derive(Clone, Debug, Default)]
pub struct MasterData {
    children: BTreeMap<String, BTreeSet<String>>,
    attributes: BTreeMap<String, Vec<(String, Value)>>,
}

impl MasterData {
    /// Adds an element. What it says of the site that it is on counts as what the site says of it.
    pub fn add(&mut self, element: VocabularyElement) {
        let sites = element.attributes.iter().filter(|(id, _)| SITE.contains(&id.as_str()));
        for site in sites.filter_map(|(_, value)| site_uri(value)) {
            self.children.entry(site).or_default().insert(element.id.clone());
        }
        if let Some(children) = element.children {
            self.children.entry(element.id.clone()).or_default().extend(children);
        }
        if !element.attributes.is_empty() {
            self.attributes.entry(element.id).or_default().extend(element.attributes);
        }
    }

    /// Everything that lies in these elements and is named here, directly or through others; they themselves are among it.
    /// What lies in an element by its name alone, as a longer path or an extension of a GLN, is followed as well, for it may
    /// have children of its own.
    pub(crate) fn descendants(&self, ids: &[String]) -> Vec<String> {
        let mut found: BTreeSet<String> = ids.iter().cloned().collect();
        let mut edge: Vec<String> = ids.to_vec();
        // Each element is gone through once, so a place that lies in itself ends the walk by itself.
        while let Some(id) = edge.pop() {
            let stated = self.children.get(&id).into_iter().flatten();
            let by_name = self.parents_below(&id);
            for below in stated.chain(by_name) {
                if !found.contains(below) {
                    found.insert(below.clone());
                    edge.push(below.clone());
                }
            }
        }
        found.into_iter().collect()
    }

    /// Elements with children that lie in another by their names.
    fn parents_below(&self, id: &str) -> impl Iterator<Item = &String> {
        let stem = format!("{id}/");
        let from = self.children.range::<str, _>((Bound::Included(stem.as_str()), Bound::Unbounded));
        from.map(|(known, _)| known)
            .take_while(move |known| known.starts_with(&stem))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Elements one of whose attributes is meant, in the order of their ids.
    pub(crate) fn having(&self, is_meant: impl Fn(&str, &Value) -> bool) -> Vec<String> {
        let meant =
            self.attributes.iter().filter(|(_, held)| held.iter().any(|(id, value)| is_meant(id, value)));
        meant.map(|(id, _)| id.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_lies_in_what_is_followed_to_its_end() {
        let document = json!({"epcisHeader": {"epcisMasterData": {"vocabularyList": [{
            "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
            "vocabularyElementList": [
                {"id": "urn:epc:id:sgln:0037000.00729.0", "children": ["urn:epc:id:sgln:0037000.00729.8201", "urn:x:dock"],
                 "attributes": [{"id": "urn:epcglobal:cbv:mda#postalCode", "attribute": "050000"}]},
                {"id": "urn:x:dock", "children": ["urn:x:gate", "urn:epc:id:sgln:0037000.00729.0"]},
            ],
        }]}}});
        let mut data = MasterData::default();
        list_vocabulary(&document).unwrap().into_iter().for_each(|element| data.add(element));
        let site = canonical_name("https://shop.example/414/0037000007296");
        let mut below = data.descendants(std::slice::from_ref(&site));
        below.retain(|id| *id != site);
        assert_eq!(below, ["https://id.gs1.org/414/0037000007296/254/8201", "urn:x:dock", "urn:x:gate"]);
        assert_eq!(data.having(|id, _| id.ends_with("#postalCode")), std::slice::from_ref(&site));
        assert_eq!(data.descendants(&["urn:x:gate".to_owned()]), ["urn:x:gate"]);
    }

    #[test]
    fn a_place_lies_on_the_site_that_it_names() {
        let of = |id: &str, name: &str, site: &str| VocabularyElement {
            vocabulary: String::new(),
            id: canonical_name(id),
            children: None,
            attributes: vec![(name.to_owned(), json!(site))],
        };
        let mut data = MasterData::default();
        data.add(of("urn:x:dock", "urn:epcglobal:cbv:mda:site", "0037000007296"));
        data.add(of("urn:x:gate", "urn:epcglobal:cbv:mda#site", "urn:epc:id:sgln:0037000.00729.0"));
        data.add(of("urn:x:other", "urn:epcglobal:cbv:mda:site", "0037000007297"));
        data.add(of("urn:x:named", "urn:epcglobal:cbv:mda:site", "Plant 1"));
        let site = canonical_name("urn:epc:id:sgln:0037000.00729.0");
        assert_eq!(
            data.descendants(std::slice::from_ref(&site)),
            [site.as_str(), "urn:x:dock", "urn:x:gate"]
        );
    }

    #[test]
    fn a_long_chain_is_followed_to_its_end() {
        let mut data = MasterData::default();
        let id = |at: usize| format!("urn:x:{at:05}");
        for at in 0..1_000 {
            data.add(VocabularyElement {
                vocabulary: String::new(),
                id: id(at),
                children: Some(vec![id((at + 1) % 1_000)]),
                attributes: Vec::new(),
            });
        }
        assert_eq!(data.descendants(&[id(7)]).len(), 1_000);
    }
}
