//! Holds what each document says against the first that says it.

use super::finding::{Inconsistency, Weight, inconsistency};
use super::names::{NameComparison, NameMatch};
use super::statement::{Said, StatedFact, Statement};
use crate::{Tolerance, Tolerances};
use kervan_codes::DocumentType;
use kervan_model::{PartyRole, Severity};
use kervan_units::Mass;

/// How two writings of a name are compared; [`super::compare_names`] unless a better one is at hand. Pure: the same two
/// writings give the same verdict and the same reason.
pub type CompareNames<'a> = &'a dyn Fn(&str, &str) -> NameComparison;

/// What the comparison goes by.
#[derive(Clone, Copy)]
pub(super) struct Comparison<'a> {
    pub(super) statements: &'a [Statement],
    pub(super) tolerances: &'a Tolerances,
    pub(super) names: CompareNames<'a>,
}

/// A fact of a statement.
pub(super) type At<'a> = (&'a Statement, &'a Said);

impl<'a> Comparison<'a> {
    pub(super) fn all(&self) -> Vec<Inconsistency> {
        let mut found = Vec::new();
        found.extend(self.masses());
        found.extend(self.packages());
        found.extend(self.totals());
        found.extend(self.sets());
        found.extend(self.by_container());
        found.extend(self.parties());
        found.extend(self.single());
        found.extend(self.dangerous());
        found.extend(self.pages());
        found.extend(self.references());
        found
    }

    /// Every fact that a picker takes, statement by statement.
    pub(super) fn pick<T: 'a>(
        &self,
        picker: impl Fn(&'a StatedFact) -> Option<T> + Copy + 'a,
    ) -> Vec<(At<'a>, T)> {
        let statements = self.statements.iter();
        let found = statements.flat_map(|statement| {
            statement.pick(picker).map(move |(said, value)| ((statement, said), value))
        });
        found.collect()
    }

    /// Pairs of the first that says a fact with every other statement that says it.
    fn against_first<T: Clone + 'a>(
        &self,
        picker: impl Fn(&'a StatedFact) -> Option<T> + Copy + 'a,
    ) -> Vec<((At<'a>, T), (At<'a>, T))> {
        let all = self.pick(picker);
        let Some((first, others)) = all.split_first() else { return Vec::new() };
        let elsewhere = others.iter().filter(|((statement, _), _)| !std::ptr::eq(*statement, first.0.0));
        elsewhere.map(|other| (first.clone(), other.clone())).collect()
    }

    pub(super) fn weigh(&self, fact: &str) -> Option<&'a Tolerance> {
        self.tolerances.find(fact)
    }

    fn masses(&self) -> Vec<Inconsistency> {
        let gross = |fact: &StatedFact| match fact {
            StatedFact::GrossMass(mass) => Some(*mass),
            _ => None,
        };
        let net = |fact: &StatedFact| match fact {
            StatedFact::NetMass(mass) => Some(*mass),
            _ => None,
        };
        let gross = self.against_first(gross).into_iter().map(|pair| ("gross_mass", pair));
        let net = self.against_first(net).into_iter().map(|pair| ("net_mass", pair));
        gross.chain(net).filter_map(|(fact, (ours, theirs))| self.mass(fact, ours, theirs)).collect()
    }

    /// Two masses beyond the tolerance of a fact.
    fn mass(&self, fact: &str, ours: (At<'_>, Mass), theirs: (At<'_>, Mass)) -> Option<Inconsistency> {
        let tolerance = self.weigh(fact)?;
        let difference = ours.1.abs_diff(theirs.1);
        let allowed = tolerance.allowed(ours.1.grams());
        if difference.grams() <= allowed {
            return None;
        }
        let (name, code) = (fact.replace('_', " "), format!("{}-differs", fact.replace('_', "-")));
        let share = share(difference.grams(), ours.1.grams());
        let allowed = Mass::from_grams(allowed);
        let (first, second) = (ours.0.0.place(ours.0.1), theirs.0.0.place(theirs.0.1));
        let message = format!(
            "the {name} is {first} and {second}: they differ by {difference}{share}, and {allowed} is allowed"
        );
        Some(self.beyond(tolerance, fact, &code, message, ours.0, theirs.0))
    }

    /// An inconsistency whose rule is a tolerance.
    pub(super) fn beyond(
        &self,
        tolerance: &Tolerance,
        fact: &str,
        code: &str,
        message: String,
        ours: At<'_>,
        theirs: At<'_>,
    ) -> Inconsistency {
        let mut found =
            inconsistency(&tolerance.into(), code, message, ours.0.place(ours.1), theirs.0.place(theirs.1));
        let (per_mille, floor) = (tolerance.per_mille, tolerance.floor);
        found.finding.rule = Some(format!("tolerance of {fact}: {per_mille} ‰, at least {floor}"));
        found
    }

    /// Two places that ought to say the same.
    pub(super) fn differ(
        &self,
        fact: &str,
        code: &str,
        what: &str,
        ours: At<'_>,
        theirs: At<'_>,
    ) -> Option<Inconsistency> {
        let tolerance = self.weigh(fact)?;
        let (first, second) = (ours.0.place(ours.1), theirs.0.place(theirs.1));
        let message = format!("{what} is {first} and {second}");
        Some(self.beyond(tolerance, fact, code, message, ours, theirs))
    }

    fn packages(&self) -> Vec<Inconsistency> {
        let pairs = self.against_first(|fact| match fact {
            StatedFact::Packages(count) => Some(*count),
            _ => None,
        });
        let allowed = |ours: u64| self.weigh("packages").map_or(0, |tolerance| tolerance.allowed(ours));
        let beyond = pairs.into_iter().filter(|((_, a), (_, b))| a.abs_diff(*b) > allowed(*a));
        let what = "the number of packages";
        beyond.filter_map(|((a, _), (b, _))| self.differ("packages", "packages-differ", what, a, b)).collect()
    }

    fn totals(&self) -> Vec<Inconsistency> {
        let total = |fact: &StatedFact| match fact {
            StatedFact::Total(money) => Some(*money),
            _ => None,
        };
        let mut found = Vec::new();
        for ((ours, a), (theirs, b)) in self.against_first(total) {
            if a.currency() != b.currency() {
                found.extend(self.differ(
                    "currency",
                    "currency-differs",
                    "the currency of the total",
                    ours,
                    theirs,
                ));
                continue;
            }
            let Some(tolerance) = self.weigh("total") else { continue };
            let (difference, figure) = (a.minor().abs_diff(b.minor()), a.minor().unsigned_abs());
            if difference > tolerance.allowed(figure) {
                let (first, second) = (ours.0.place(ours.1), theirs.0.place(theirs.1));
                let message = format!("the total is {first} and {second}{}", share(difference, figure));
                found.push(self.beyond(tolerance, "total", "total-differs", message, ours, theirs));
            }
        }
        found.extend(self.statements.iter().flat_map(|statement| self.sum(statement)));
        found
    }

    /// The lines of one document against its own total.
    fn sum(&self, statement: &'a Statement) -> Vec<Inconsistency> {
        let amounts: Vec<_> = statement
            .pick(|fact| match fact {
                StatedFact::Amount(money) => Some(*money),
                _ => None,
            })
            .collect();
        let totals = statement.pick(|fact| match fact {
            StatedFact::Total(money) => Some(*money),
            _ => None,
        });
        let Some(((first, start), rest)) = amounts.split_first() else { return Vec::new() };
        let mut sum = *start;
        for (said, amount) in rest {
            match sum.checked_add(*amount) {
                Ok(more) => sum = more,
                Err(_) => {
                    let (a, b) = ((statement, *first), (statement, *said));
                    let what = "the currency of a line";
                    return self.differ("currency", "currencies-mixed", what, a, b).into_iter().collect();
                }
            }
        }
        let Some(tolerance) = self.weigh("amounts") else { return Vec::new() };
        let beyond = totals.filter(|(_, total)| {
            total.currency() == sum.currency() && total.minor().abs_diff(sum.minor()) > tolerance.floor
        });
        let found = beyond.map(|(said, _)| {
            let message = format!(
                "the lines of the {} add up to {sum} (from {} on) and its total is {} ({})",
                statement.document, first.path, said.fact, said.path
            );
            self.beyond(tolerance, "amounts", "sum-differs", message, (statement, *first), (statement, said))
        });
        found.collect()
    }

    fn parties(&self) -> Vec<Inconsistency> {
        let mut found = Vec::new();
        for role in [PartyRole::Consignor, PartyRole::Consignee, PartyRole::Notify] {
            let pairs = self.against_first(move |fact| match fact {
                StatedFact::Name(said, names) if *said == role => Some(names),
                _ => None,
            });
            for ((ours, a), (theirs, b)) in pairs {
                found.extend(self.name(role, (ours, a), (theirs, b)));
            }
        }
        found
    }

    /// Two names are alike if any writing of the one is like any writing of the other.
    fn name(
        &self,
        role: PartyRole,
        ours: (At<'_>, &Vec<String>),
        theirs: (At<'_>, &Vec<String>),
    ) -> Option<Inconsistency> {
        let pairs = ours.1.iter().flat_map(|a| theirs.1.iter().map(move |b| (self.names)(a, b)));
        let tolerance = self.weigh(role.word())?;
        let (first, second) = (ours.0.0.place(ours.0.1), theirs.0.0.place(theirs.0.1));
        let word = role.word();
        let NameComparison { verdict, reason } = pairs.min()?;
        let because = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        let (severity, code, message) = match verdict {
            NameMatch::Same => return None,
            NameMatch::Close => (
                Severity::Info,
                "spelt-differently",
                format!("the {word} is spelt {first} and {second}{because}"),
            ),
            NameMatch::Different => {
                (tolerance.severity, "differs", format!("the {word} is {first} and {second}{because}"))
            }
            NameMatch::NotComparable => (
                Severity::Info,
                "not-comparable",
                format!("the {word} is {first} and {second}, which are not compared{because}"),
            ),
        };
        let remedy = match code {
            "not-comparable" => "give the party's name in the other script as well",
            _ => tolerance.remedy.as_str(),
        };
        let weight = Weight { severity, source: &tolerance.source, remedy };
        Some(inconsistency(&weight, &format!("{word}-{code}"), message, first, second))
    }

    fn single(&self) -> Vec<Inconsistency> {
        let term = self.against_first(|fact| match fact {
            StatedFact::Term(term) => Some(*term),
            _ => None,
        });
        let vessel = self.against_first(|fact| match fact {
            StatedFact::Vessel(name) => Some(name),
            _ => None,
        });
        let terms = term.into_iter().filter(|((_, a), (_, b))| a != b);
        let terms = terms.filter_map(|((a, _), (b, _))| {
            self.differ("term", "incoterm-differs", "the term of delivery", a, b)
        });
        let vessels = vessel.into_iter().filter(|((_, a), (_, b))| {
            matches!((self.names)(a.as_str(), b.as_str()).verdict, NameMatch::Different | NameMatch::Close)
        });
        let vessels = vessels
            .filter_map(|((a, _), (b, _))| self.differ("vessel", "vessel-differs", "the vessel", a, b));
        terms.chain(vessels).collect()
    }

    fn pages(&self) -> Vec<Inconsistency> {
        let pages = self.statements.iter().flat_map(|statement| {
            let said = statement.pick(|fact| match fact {
                StatedFact::Pages(count) => Some(*count),
                _ => None,
            });
            said.map(move |said| (statement, said))
        });
        let found = pages.flat_map(|(statement, (said, count))| {
            let at_hand = statement.pick(move |fact| match fact {
                StatedFact::PagesAtHand(at_hand) if *at_hand != count => Some(*at_hand),
                _ => None,
            });
            at_hand.filter_map(move |(other, _)| {
                let what = format!("the {} is not whole: its length", statement.document);
                self.differ("pages", "pages-missing", &what, (statement, said), (statement, other))
            })
        });
        found.collect()
    }

    /// A reference to a document of a type of which some are known, by a number that none of them has.
    fn references(&self) -> Vec<Inconsistency> {
        let all = self.pick(|fact| match fact {
            StatedFact::Number(type_code, number) => Some((type_code, number, true)),
            StatedFact::Reference(type_code, number) => Some((type_code, number, false)),
            _ => None,
        });
        let bare = |number: &str| -> String {
            number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
        };
        let mut found = Vec::new();
        for (index, (theirs, (type_code, number, _))) in
            all.iter().enumerate().filter(|(_, (_, fact))| !fact.2)
        {
            // Every document's own number counts, wherever it stands; of references, those before this one.
            let others = all
                .iter()
                .enumerate()
                .filter(|(other, (_, fact))| fact.0 == *type_code && (fact.2 || *other < index));
            let others: Vec<_> = others.map(|(_, other)| other).collect();
            let Some((first, _)) = others.first().copied() else { continue };
            // Some schemas fix one type for every reference, so a number that some document bears is known whatever its type.
            let bears = |fact: &(&DocumentType, &String, bool)| bare(fact.1) == bare(number);
            let known = others.iter().any(|(_, fact)| bears(fact))
                || all.iter().any(|(_, fact)| fact.2 && bears(fact));
            // A document that names several of one type adds to what is known; it contradicts nobody.
            if !known && !std::ptr::eq(first.0, theirs.0) {
                let name = type_code.find_name().unwrap_or("document").to_lowercase();
                let what = format!("the number of the {name}");
                found.extend(self.differ("reference", "reference-differs", &what, *first, *theirs));
            }
        }
        found
    }
}

/// A difference as a share for people, one decimal: ` (4.2 %)`. Nothing if there is nothing to take a share of.
pub(super) fn share(difference: u64, ours: u64) -> String {
    if ours == 0 {
        return String::new();
    }
    let per_mille = u128::from(difference).saturating_mul(1_000) / u128::from(ours);
    format!(" ({}.{} %)", per_mille / 10, per_mille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_one_decimal() {
        assert_eq!(share(780_000, 18_420_000), " (4.2 %)");
        assert_eq!(share(1, 0), "");
    }
}
