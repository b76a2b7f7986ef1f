//! A layer of a network with its names: what the algorithms see as numbers, and what people call it.
//!
//! A layer is the open links of a corridor, or any other graph that somebody wrote down: lines of a power system, pipelines,
//! cables. Places may have a capacity too: then a place is an arc from its way in to its way out.

use crate::{Arc, Graph, GraphError, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerPlace {
    /// Id, unique within the layer.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Units that it takes; absent if nobody knows a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
}

/// A link of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerLink {
    /// Id, unique within the layer.
    pub id: String,
    /// Name for people; empty: the names of its ends.
    #[serde(default)]
    pub name: String,
    /// Id of the place where it starts.
    pub from: String,
    /// Id of the place where it ends.
    pub to: String,
    /// Units that it takes in each direction; absent if nobody knows a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// Cost of a unit.
    #[serde(default)]
    pub cost: i64,
    /// Whether it leads both ways.
    #[serde(default)]
    pub both_ways: bool,
}

/// A layer as people write it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerFile {
    /// Its places.
    pub places: Vec<LayerPlace>,
    /// Its links.
    pub links: Vec<LayerLink>,
}

/// Why a file makes no layer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayerError {
    /// Two places or links have one id.
    #[error("/{what}/{number}/id: {id} stands twice")]
    Twice {
        /// `places` or `links`.
        what: &'static str,
        /// Number in the file.
        number: usize,
        /// The id.
        id: String,
    },
    /// A link has an end that is no place of the layer.
    #[error("/links/{number}/{end}: {id} is no place of the file")]
    NoPlace {
        /// Number of the link.
        number: usize,
        /// `from` or `to`.
        end: &'static str,
        /// The id.
        id: String,
    },
    /// Figures beyond the limits.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// What an arc of a layer's graphs stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A link, by number.
    Link(usize),
    /// A place, by number.
    Place(usize),
}

/// A layer ready for the algorithms.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its places, by number: the vertices of `plain`.
    pub places: Vec<LayerPlace>,
    /// Its links, by number.
    pub links: Vec<LayerLink>,
    /// Places as vertices: for routes.
    pub plain: Graph,
    /// For flows: place `p` is the arc from vertex `2p`, where links lead to, to `2p + 1`, where they leave.
    pub split: Graph,
    /// What each arc of `split` stands for; those of `plain` are its first ones.
    pub parts: Vec<Part>,
}

impl Layer {
    /// Makes the graphs. Errors: the first thing that does not fit together.
    pub fn new(file: LayerFile) -> Result<Self, LayerError> {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, place) in file.places.iter().enumerate() {
            if numbers.insert(&place.id, number).is_some() {
                return Err(LayerError::Twice { what: "places", number, id: place.id.clone() });
            }
        }
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut arcs, mut parts) = (Vec::new(), Vec::new());
        for (number, link) in file.links.iter().enumerate() {
            if ids.insert(&link.id, number).is_some() {
                return Err(LayerError::Twice { what: "links", number, id: link.id.clone() });
            }
            let end = |end: &'static str, id: &String| {
                let found = numbers.get(id.as_str()).copied();
                found.ok_or_else(|| LayerError::NoPlace { number, end, id: id.clone() })
            };
            let (from, to) = (end("from", &link.from)?, end("to", &link.to)?);
            let capacity = link.capacity.unwrap_or(limits::MOST_CAPACITY);
            arcs.push(Arc { from, to, capacity, cost: link.cost });
            parts.push(Part::Link(number));
            if link.both_ways {
                arcs.push(Arc { from: to, to: from, capacity, cost: link.cost });
                parts.push(Part::Link(number));
            }
        }
        let apart = arcs.iter().map(|arc| Arc { from: 2 * arc.from + 1, to: 2 * arc.to, ..*arc });
        let inner = file.places.iter().enumerate().map(|(place, one)| Arc {
            from: 2 * place,
            to: 2 * place + 1,
            capacity: one.capacity.unwrap_or(limits::MOST_CAPACITY),
            cost: 0,
        });
        let split = Graph::new(2 * file.places.len(), apart.chain(inner).collect())?;
        parts.extend((0..file.places.len()).map(Part::Place));
        let plain = Graph::new(file.places.len(), arcs)?;
        Ok(Self { places: file.places, links: file.links, plain, split, parts })
    }

    /// The number of a place.
    pub fn find_place(&self, id: &str) -> Option<usize> {
        self.places.iter().position(|place| place.id == id)
    }

    /// What a part is called: names first, then its id.
    pub fn name(&self, part: Part) -> String {
        let place = |id: &String| {
            self.places
                .iter()
                .find(|place| place.id == *id)
                .map_or_else(|| id.clone(), |place| place.name.clone())
        };
        match part {
            Part::Place(number) => self
                .places
                .get(number)
                .map_or_else(String::new, |place| format!("{} ({})", place.name, place.id)),
            Part::Link(number) => self.links.get(number).map_or_else(String::new, |link| {
                if link.name.is_empty() {
                    format!("{} - {} ({})", place(&link.from), place(&link.to), link.id)
                } else {
                    format!("{} ({})", link.name, link.id)
                }
            }),
        }
    }

    /// The arcs of `split` that break together, for each link and each place but the two ends.
    pub fn list_groups(&self, source: usize, sink: usize) -> Vec<(Part, Vec<usize>)> {
        let mut groups: BTreeMap<Part, Vec<usize>> = BTreeMap::new();
        for (arc, part) in self.parts.iter().enumerate() {
            if *part != Part::Place(source) && *part != Part::Place(sink) {
                groups.entry(*part).or_default().push(arc);
            }
        }
        groups.into_iter().collect()
    }
}
