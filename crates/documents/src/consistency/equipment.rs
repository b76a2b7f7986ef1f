//! Containers: seals through the journey, tare, size and type, verified gross mass.

use super::compare::{At, Comparison, share};
use super::finding::{Inconsistency, Weight, inconsistency};
use super::statement::{StatedFact, Statement};
use super::tables::Tables;
use jiff::civil::Date;
use kervan_codes::{ContainerNumber, SizeType};
use kervan_model::Severity;
use kervan_units::Mass;
use std::collections::{BTreeMap, BTreeSet};

/// The seals that one document states of one container.
struct Sealing<'a> {
    day: Option<Date>,
    seals: BTreeMap<String, At<'a>>,
}

/// A number of a seal without blanks, hyphens and points, which are not stamped alike everywhere.
fn bare_seal(number: &str) -> String {
    number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

impl<'a> Comparison<'a> {
    /// Everything that is stated container by container.
    pub(super) fn by_container(&self) -> Vec<Inconsistency> {
        let mut found = self.seal_chains();
        found.extend(self.loose_seals());
        found.extend(self.tares());
        found.extend(self.size_types());
        found
    }

    /// Every seal once stated is stated again by the next document of its container, or was recorded as taken off.
    fn seal_chains(&self) -> Vec<Inconsistency> {
        let removed: BTreeSet<(Option<&ContainerNumber>, String)> = self
            .pick(|fact| match fact {
                StatedFact::SealRemoved(container, number) => Some((container.as_ref(), bare_seal(number))),
                _ => None,
            })
            .into_iter()
            .map(|(_, key)| key)
            .collect();
        let mut found = Vec::new();
        for (container, mut chain) in self.sealings() {
            // What the consignment says is what stands now: after everything that has a day.
            chain.sort_by_key(|sealing| (sealing.day.is_none(), sealing.day));
            for pair in chain.windows(2) {
                let [before, after] = pair else { continue };
                let gone = before.seals.iter().filter(|(seal, _)| {
                    let taken_off = [Some(container), None].map(|at| (at, (*seal).clone()));
                    !after.seals.contains_key(*seal) && !taken_off.iter().any(|key| removed.contains(key))
                });
                for (_, ours) in gone {
                    let Some(theirs) = after.seals.values().next() else { continue };
                    found.extend(self.broken_chain(container, *ours, *theirs));
                }
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

    /// The seals of each container, document by document.
    fn sealings(&self) -> BTreeMap<&'a ContainerNumber, Vec<Sealing<'a>>> {
        let mut chains: BTreeMap<&ContainerNumber, Vec<Sealing<'_>>> = BTreeMap::new();
        for statement in self.statements {
            let mut here: BTreeMap<&ContainerNumber, Sealing<'_>> = BTreeMap::new();
            for said in &statement.facts {
                if let StatedFact::Seal(Some(container), number) = &said.fact {
                    let sealing = here
                        .entry(container)
                        .or_insert_with(|| Sealing { day: statement.day, seals: BTreeMap::new() });
                    sealing.seals.entry(bare_seal(number)).or_insert((statement, said));
                }
            }
            for (container, sealing) in here {
                chains.entry(container).or_default().push(sealing);
            }
        }
        chains
    }

    /// Seals that a document states without a container, and nobody else knows.
    fn loose_seals(&self) -> Vec<Inconsistency> {
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

    fn tares(&self) -> Vec<Inconsistency> {
        let tares = self.pick(|fact| match fact {
            StatedFact::Tare(container, mass) => Some((container, *mass)),
            _ => None,
        });
        let Some(tolerance) = self.weigh("tare") else { return Vec::new() };
        let mut found = Vec::new();
        for (ours, theirs) in first_and_others(&tares) {
            let ((a, (container, x)), (b, (_, y))) = (ours, theirs);
            let difference = x.abs_diff(*y).grams();
            if difference > tolerance.allowed(x.grams()) {
                let share = share(difference, x.grams());
                let (first, second) = (a.0.place(a.1), b.0.place(b.1));
                let message = format!("the tare of container {container} is {first} and {second}{share}");
                found.push(self.beyond(tolerance, "tare", "tare-differs", message, *a, *b));
            }
        }
        found
    }

    fn size_types(&self) -> Vec<Inconsistency> {
        let types = self.pick(|fact| match fact {
            StatedFact::SizeType(container, size_type) => Some((container, size_type)),
            _ => None,
        });
        let pairs = first_and_others(&types).into_iter().filter(|((_, (_, x)), (_, (_, y)))| x != y);
        let found = pairs.filter_map(|((a, (container, _)), (b, _))| {
            let what = format!("the size and type of container {container}");
            self.differ("size_type", "size-type-differs", &what, *a, *b)
        });
        found.collect()
    }

    /// Tare against size and type, and the packed mass against what was verified and what the box may weigh.
    pub(super) fn container_masses(&self, tables: &Tables) -> Vec<Inconsistency> {
        let mut boxes: BTreeMap<&ContainerNumber, PackedContainer<'_>> = BTreeMap::new();
        for statement in self.statements {
            for said in &statement.facts {
                let at = (statement, said);
                match &said.fact {
                    StatedFact::SizeType(number, size) => {
                        boxes.entry(number).or_default().size.get_or_insert((at, size));
                    }
                    StatedFact::Tare(number, mass) => {
                        boxes.entry(number).or_default().tare.get_or_insert((at, *mass));
                    }
                    StatedFact::Load(number, mass) => {
                        boxes.entry(number).or_default().load.get_or_insert((at, *mass));
                    }
                    StatedFact::VerifiedMass(number, mass) => {
                        boxes.entry(number).or_default().verified.push((at, *mass));
                    }
                    _ => {}
                }
            }
        }
        boxes.iter().flat_map(|(number, packed)| self.packed(number, packed, tables)).collect()
    }

    fn packed(
        &self,
        number: &ContainerNumber,
        packed: &PackedContainer<'_>,
        tables: &Tables,
    ) -> Vec<Inconsistency> {
        let mut found = Vec::new();
        if let (Some((load_at, load)), Some((_, tare))) = (packed.load, packed.tare) {
            for (at, verified) in &packed.verified {
                found.extend(self.verified_mass(number, (load_at, load, tare), (*at, *verified)));
            }
        }
        let Some((size_at, size)) = packed.size else { return found };
        let Some(row) = tables.find_container(size) else { return found };
        let warn = |remedy| Weight { severity: Severity::Warning, source: &row.source, remedy };
        if let Some((tare_at, tare)) = packed.tare
            && (tare < row.tare.0 || tare > row.tare.1)
        {
            let (ours, theirs) = (size_at.0.place(size_at.1), tare_at.0.place(tare_at.1));
            let message = format!(
                "the tare of container {number} is {theirs}; one of size and type {ours} weighs {} to {}",
                row.tare.0, row.tare.1
            );
            let weight = warn("read tare, size and type off the container's door");
            found.push(inconsistency(&weight, "tare-unlikely", message, ours, theirs));
        }
        let goods = packed
            .load
            .map(|(at, load)| (at, packed.tare.map_or(load, |(_, tare)| [load, tare].into_iter().sum())));
        let verified = packed.verified.first().copied();
        for (at, gross) in goods.into_iter().chain(verified).filter(|(_, gross)| *gross > row.gross_most) {
            let (ours, theirs) = (size_at.0.place(size_at.1), at.0.place(at.1));
            let message = format!(
                "container {number} would weigh {gross} packed, by {theirs}; one of size and type {ours} is rated for {}",
                row.gross_most
            );
            let weight = warn("read the rating off the container's door, or divide the goods");
            found.push(inconsistency(&weight, "container-overloaded", message, ours, theirs));
        }
        found
    }

    fn verified_mass(
        &self,
        number: &ContainerNumber,
        (load_at, load, tare): (At<'_>, Mass, Mass),
        (at, verified): (At<'_>, Mass),
    ) -> Option<Inconsistency> {
        let tolerance = self.weigh("verified_mass")?;
        let sum: Mass = [load, tare].into_iter().sum();
        let difference = sum.abs_diff(verified).grams();
        if difference <= tolerance.allowed(sum.grams()) {
            return None;
        }
        let message = format!(
            "container {number} weighs {sum} by its goods ({load}, {}) and its tare ({tare}), and {} was verified{}",
            load_at.1.path,
            at.0.place(at.1),
            share(difference, sum.grams())
        );
        Some(self.beyond(tolerance, "verified_mass", "verified-mass-differs", message, load_at, at))
    }
}

#[derive(Default)]
struct PackedContainer<'a> {
    size: Option<(At<'a>, &'a SizeType)>,
    tare: Option<(At<'a>, Mass)>,
    load: Option<(At<'a>, Mass)>,
    verified: Vec<(At<'a>, Mass)>,
}

/// A fact of a container and where it stands.
type OfContainer<'a, T> = (At<'a>, (&'a ContainerNumber, T));

/// Pairs of the first fact of each container with every later one of another document.
fn first_and_others<'v, 'a, T>(
    facts: &'v [OfContainer<'a, T>],
) -> Vec<(&'v OfContainer<'a, T>, &'v OfContainer<'a, T>)> {
    let mut first: BTreeMap<&ContainerNumber, &OfContainer<'a, T>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for fact in facts {
        let ours = *first.entry(fact.1.0).or_insert(fact);
        let same: *const Statement = ours.0.0;
        if !std::ptr::eq(same, fact.0.0) {
            pairs.push((ours, fact));
        }
    }
    pairs
}
