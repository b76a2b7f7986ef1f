//! Seals through the journey: every seal once stated is stated again, or was recorded as taken off.
//!
//! Documents state seals as of their day; the consignment states what stands now. Events come after both, in their order:
//! a seal that was affixed joins those that are expected, one that was removed leaves them, and where a container is seen,
//! every expected seal has to be on it.

use super::compare::{At, Comparison};
use super::finding::Inconsistency;
use super::statement::{StatedFact, Statement};
use crate::shared::text::utc_date;
use jiff::Timestamp;
use jiff::civil::Date;
use kervan_codes::ContainerNumber;
use std::collections::{BTreeMap, BTreeSet};

/// What an event says of the seals of a container. It is plain data: whoever holds the events fills it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealSighting {
    /// What the event is called in a sentence: its id, shortened.
    pub event: String,
    /// Where it says so. Shape: JSON pointer, beginning with that of the event.
    pub path: String,
    /// When it happened.
    pub at: Timestamp,
    /// The name of the place, if it is known.
    pub place: Option<String>,
    /// The container.
    pub container: ContainerNumber,
    /// Its seals: those that were affixed or removed, or all that were seen.
    pub seals: Vec<String>,
    /// What happened to them.
    pub act: SealAct,
}

/// What happened to seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealAct {
    /// They were put on.
    Affixed,
    /// They were seen, and no others.
    Seen,
    /// They were taken off.
    Removed,
}

/// What events say of seals, as statements in order of time.
pub fn state_seals(sightings: &[SealSighting]) -> Vec<Statement> {
    let mut ordered: Vec<&SealSighting> = sightings.iter().collect();
    ordered.sort_by_key(|sighting| (sighting.at, sighting.act, &sighting.event));
    ordered.into_iter().map(state_sighting).collect()
}

fn state_sighting(sighting: &SealSighting) -> Statement {
    let place = sighting.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
    let mut statement = Statement::new(format!("event {} of {}{place}", sighting.event, sighting.at));
    statement.is_event = true;
    statement.is_partial = sighting.act != SealAct::Seen;
    statement.day = Some(utc_date(sighting.at));
    let container = || sighting.container.clone();
    for (index, seal) in sighting.seals.iter().enumerate() {
        let fact = match sighting.act {
            SealAct::Affixed | SealAct::Seen => StatedFact::Seal(Some(container()), seal.clone()),
            SealAct::Removed => StatedFact::SealRemoved(Some(container()), seal.clone()),
        };
        statement.say(format!("{}/{index}", sighting.path), fact);
    }
    if sighting.seals.is_empty() && sighting.act == SealAct::Seen {
        statement.say(sighting.path.clone(), StatedFact::Unsealed(container()));
    }
    statement
}

/// What one statement says of the seals of one container.
struct Sealing<'a> {
    statement: &'a Statement,
    seals: BTreeMap<String, At<'a>>,
    removed: BTreeSet<String>,
    /// The first of its facts about them.
    first: At<'a>,
}

impl Sealing<'_> {
    /// Documents by their day, then the consignment as it stands, then events in their order.
    fn order(&self) -> (bool, bool, Option<Date>) {
        let statement = self.statement;
        let day = statement.day.filter(|_| !statement.is_event);
        (statement.is_event, day.is_none(), day)
    }
}

/// A number of a seal without blanks, hyphens and points, which are not stamped alike everywhere.
fn bare_seal(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl<'a> Comparison<'a> {
    /// Every seal once stated is stated again by what comes next for its container, or was recorded as taken off.
    pub(super) fn seal_chains(&self) -> Vec<Inconsistency> {
        // A document that knows of a seal taken off knows it of any container.
        let removed: BTreeSet<(Option<&ContainerNumber>, String)> = self
            .pick(|fact| match fact {
                StatedFact::SealRemoved(container, number) => Some((container.as_ref(), bare_seal(number))),
                _ => None,
            })
            .into_iter()
            .filter(|((statement, _), _)| !statement.is_event)
            .map(|(_, key)| key)
            .collect();
        let mut found = Vec::new();
        for (container, mut chain) in self.sealings() {
            chain.sort_by_key(Sealing::order);
            let is_known = |seal: &String| {
                [Some(container), None].into_iter().any(|at| removed.contains(&(at, seal.clone())))
            };
            for (ours, theirs) in broken_links(&chain, is_known) {
                found.extend(self.broken_chain(container, ours, theirs));
            }
        }
        found
    }

    fn broken_chain(
        &self,
        container: &ContainerNumber,
        ours: At<'_>,
        theirs: At<'_>,
    ) -> Option<Inconsistency> {
        let tolerance = self.weigh("seal")?;
        let message = format!(
            "the seals of container {container}: {} is followed by {}, and nothing records that it was taken off",
            ours.0.place(ours.1),
            theirs.0.place(theirs.1)
        );
        Some(self.beyond(tolerance, "seal", "seal-chain-broken", message, ours, theirs))
    }

    /// What each statement says of the seals of each container.
    fn sealings(&self) -> BTreeMap<&'a ContainerNumber, Vec<Sealing<'a>>> {
        let mut chains: BTreeMap<&ContainerNumber, Vec<Sealing<'_>>> = BTreeMap::new();
        for statement in self.statements {
            let mut here: BTreeMap<&ContainerNumber, Sealing<'_>> = BTreeMap::new();
            for said in &statement.facts {
                let (container, seal, removed) = match &said.fact {
                    StatedFact::Seal(Some(container), number) => (container, Some(number), None),
                    StatedFact::SealRemoved(Some(container), number) if statement.is_event => {
                        (container, None, Some(number))
                    }
                    StatedFact::Unsealed(container) => (container, None, None),
                    _ => continue,
                };
                let first = (statement, said);
                let (seals, gone) = (BTreeMap::new(), BTreeSet::new());
                let sealing =
                    here.entry(container).or_insert(Sealing { statement, seals, removed: gone, first });
                if let Some(number) = seal {
                    sealing.seals.entry(bare_seal(number)).or_insert((statement, said));
                }
                sealing.removed.extend(removed.map(|number| bare_seal(number)));
            }
            for (container, sealing) in here {
                chains.entry(container).or_default().push(sealing);
            }
        }
        chains
    }

    /// Seals that a document states without a container, and nobody else knows.
    pub(super) fn loose_seals(&self) -> Vec<Inconsistency> {
        let all = self.pick(|fact| match fact {
            StatedFact::Seal(container, number) => Some((container.is_some(), bare_seal(number))),
            _ => None,
        });
        let mut found = Vec::new();
        for (theirs, (_, seal)) in all.iter().filter(|(_, (placed, _))| !placed) {
            let mut others = all.iter().filter(|(at, _)| !std::ptr::eq(at.0, theirs.0)).peekable();
            let Some((first, _)) = others.peek().copied() else { continue };
            if !others.any(|(_, (_, other))| other == seal) {
                found.extend(self.differ("seal", "seal-unknown", "a seal", *first, *theirs));
            }
        }
        found
    }
}

/// Where a seal that is expected is not stated: the place that stated it last, and the one that ought to.
fn broken_links<'a>(chain: &[Sealing<'a>], is_removed: impl Fn(&String) -> bool) -> Vec<(At<'a>, At<'a>)> {
    // The consignment as it stands knows of seals that an event puts on: before that event nobody can have seen them.
    let affixed: BTreeSet<&String> = chain
        .iter()
        .filter(|sealing| sealing.statement.is_event && sealing.statement.is_partial)
        .flat_map(|sealing| sealing.seals.keys())
        .collect();
    let mut expected: BTreeMap<&String, At<'a>> = BTreeMap::new();
    let mut broken = Vec::new();
    let mut on_the_way = false;
    for sealing in chain {
        if sealing.statement.is_event && !on_the_way {
            on_the_way = true;
            expected.retain(|seal, _| !affixed.contains(*seal));
        }
        if sealing.statement.is_event && sealing.statement.is_partial {
            expected.retain(|seal, _| !sealing.removed.contains(*seal));
            expected.extend(sealing.seals.iter().map(|(seal, at)| (seal, *at)));
            continue;
        }
        let gone =
            expected.iter().filter(|(seal, _)| !sealing.seals.contains_key(**seal) && !is_removed(seal));
        let theirs = sealing.seals.values().next().copied().unwrap_or(sealing.first);
        broken.extend(gone.map(|(_, ours)| (*ours, theirs)));
        expected = sealing.seals.iter().map(|(seal, at)| (seal, *at)).collect();
    }
    broken
}
