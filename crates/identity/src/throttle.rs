//! How often somebody may try to sign in.
//!
//! Failed tries are counted three ways: for a name from a network, for a network, and for a name from anywhere. The first two stop
//! whoever guesses; the third stops many machines that guess together, and begins late, because whoever knows a name could otherwise
//! keep its owner out. Names that nobody has are counted as any other.

use crate::limits::MOST_THROTTLED;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// After how many failures each count begins to wait.
const FREE: [(Counted, u32); 3] = [(Counted::Both, 5), (Counted::Network, 30), (Counted::Name, 100)];

/// The longest wait.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// After so long without a failure a count begins anew.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Counted {
    Both,
    Network,
    Name,
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    failed: u32,
    last: Timestamp,
}

/// The counts of failed sign-ins.
#[derive(Debug, Default)]
pub struct Throttle {
    tries: BTreeMap<(Counted, String), Tries>,
}

impl Throttle {
    fn key(counted: Counted, name: &str, network: &str) -> (Counted, String) {
        let text = match counted {
            Counted::Both => format!("{name}\n{network}"),
            Counted::Network => network.to_owned(),
            Counted::Name => name.to_owned(),
        };
        (counted, text)
    }

    /// How long whoever tries has to wait; none if they may try now.
    pub fn find_wait(&self, name: &str, network: &str, now: Timestamp) -> Option<SignedDuration> {
        let waits = FREE.iter().filter_map(|(counted, free)| {
            let tries = self.tries.get(&Self::key(*counted, name, network))?;
            let left = wait_after(tries.failed, *free) - now.duration_since(tries.last);
            left.is_positive().then_some(left)
        });
        waits.max()
    }

    /// Counts a failure.
    pub fn note_failure(&mut self, name: &str, network: &str, now: Timestamp) {
        for (counted, _) in FREE {
            let tries =
                self.tries.entry(Self::key(counted, name, network)).or_insert(Tries { failed: 0, last: now });
            let rested = now.duration_since(tries.last) >= FORGOTTEN_AFTER;
            *tries = Tries { failed: if rested { 1 } else { tries.failed.saturating_add(1) }, last: now };
        }
        if self.tries.len() > MOST_THROTTLED {
            self.forget(now);
        }
    }

    /// Somebody has shown who they are: their own count from this network begins anew. The others go on, or whoever has an account
    /// could clear the way for guesses at those of others.
    pub fn note_success(&mut self, name: &str, network: &str) {
        self.tries.remove(&Self::key(Counted::Both, name, network));
    }

    /// Forgets what is too old, and then the older half.
    fn forget(&mut self, now: Timestamp) {
        self.tries.retain(|_, tries| now.duration_since(tries.last) < FORGOTTEN_AFTER);
        if self.tries.len() > MOST_THROTTLED {
            let mut ages: Vec<Timestamp> = self.tries.values().map(|tries| tries.last).collect();
            ages.sort_unstable();
            if let Some(middle) = ages.get(ages.len() / 2).copied() {
                self.tries.retain(|_, tries| tries.last > middle);
            }
        }
    }
}

/// The wait after so many failures: two seconds, twice as long each time, at most the longest.
fn wait_after(failed: u32, free: u32) -> SignedDuration {
    match failed.checked_sub(free) {
        None => SignedDuration::ZERO,
        Some(over) => SignedDuration::from_secs(2_i64 << over.min(20)).min(LONGEST_WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_796_000_000 + second).unwrap()
    }

    fn seconds(throttle: &Throttle, name: &str, network: &str, now: i64) -> i64 {
        throttle.find_wait(name, network, at(now)).map_or(0, |wait| wait.as_secs())
    }

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let cases =
            [(0, 0), (4, 0), (5, 2), (6, 4), (7, 8), (13, 512), (14, 900), (1_000, 900), (u32::MAX, 900)];
        for (failed, expected) in cases {
            assert_eq!(wait_after(failed, 5).as_secs(), expected, "{failed}");
        }
    }

    #[test]
    fn who_guesses_waits_and_who_does_not_waits_for_nobody() {
        let mut throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(seconds(&throttle, "a", "net", 0), 0);
            throttle.note_failure("a", "net", at(0));
        }
        assert_eq!(seconds(&throttle, "a", "net", 0), 2);
        assert_eq!(seconds(&throttle, "a", "net", 2), 0, "the wait is over");
        assert_eq!(seconds(&throttle, "a", "home", 0), 0, "the owner elsewhere is not kept out");
        assert_eq!(seconds(&throttle, "b", "net", 0), 0);
        throttle.note_success("a", "net");
        assert_eq!(seconds(&throttle, "a", "net", 0), 0);
    }

    #[test]
    fn a_network_that_tries_many_names_waits_whatever_it_knows() {
        let mut throttle = Throttle::default();
        for number in 0..30 {
            throttle.note_failure(&format!("person {number}"), "net", at(0));
        }
        throttle.note_success("mine", "net");
        assert_eq!(seconds(&throttle, "another", "net", 0), 2);
        assert_eq!(seconds(&throttle, "another", "other net", 0), 0);
    }

    #[test]
    fn many_networks_that_try_one_name_wait() {
        let mut throttle = Throttle::default();
        for number in 0..100 {
            throttle.note_failure("a", &format!("net {number}"), at(0));
        }
        assert_eq!(seconds(&throttle, "a", "a new net", 0), 2);
        assert_eq!(seconds(&throttle, "a", "a new net", 86_401), 0);
        throttle.note_failure("a", "a new net", at(86_400));
        assert_eq!(
            seconds(&throttle, "a", "a new net", 86_400),
            0,
            "a day without a failure and the count begins anew"
        );
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut throttle = Throttle::default();
        for number in 0..i64::try_from(MOST_THROTTLED).unwrap() {
            throttle.note_failure(&format!("{number}"), &format!("{number}"), at(number / 100));
        }
        assert!(throttle.tries.len() <= MOST_THROTTLED + 3, "{}", throttle.tries.len());
        let last = MOST_THROTTLED - 1;
        assert!(throttle.tries.contains_key(&(Counted::Name, format!("{last}"))), "the youngest stay");
    }
}
