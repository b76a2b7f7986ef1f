//! Containers: tare, size and type, verified gross mass.

use super::compare::{At, Comparison, share};
use super::finding::{Inconsistency, Weight, inconsistency};
use super::statement::{StatedFact, Statement};
use super::tables::Tables;
use kervan_codes::{ContainerNumber, SizeType};
use kervan_model::Severity;
use kervan_units::Mass;
use std::collections::BTreeMap;

impl<'a> Comparison<'a> {
    /// Everything that is stated container by container.
    pub(super) fn by_container(&self) -> Vec<Inconsistency> {
        let mut found = self.seal_chains();
        found.extend(self.loose_seals());
        found.extend(self.tares());
        found.extend(self.size_types());
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
