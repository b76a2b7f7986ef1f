//! The only place where the wall clock is read, and the clock of a play.

use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

/// Where `now` comes from.
#[derive(Debug)]
pub enum Clock {
    /// The machine's clock.
    Wall,
    /// The clock of a play, moved by the player. Unit: second since 1970.
    Play(AtomicI64),
}

impl Clock {
    /// A play's clock that stands at an instant.
    pub fn play(start: Timestamp) -> Self {
        Self::Play(AtomicI64::new(start.as_second()))
    }

    /// The instant now, to the second.
    pub fn now(&self) -> Timestamp {
        let second = match self {
            Self::Wall => wall_second(),
            Self::Play(second) => second.load(Ordering::SeqCst),
        };
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Moves a play's clock forward; it never goes back, and the wall clock does not move.
    pub fn advance(&self, to: Timestamp) {
        if let Self::Play(second) = self {
            second.fetch_max(to.as_second(), Ordering::SeqCst);
        }
    }

    /// Whether this is the clock of a play.
    pub fn is_play(&self) -> bool {
        matches!(self, Self::Play(_))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
fn wall_second() -> i64 {
    Timestamp::now().as_second()
}

/// Nanoseconds since 1970, for traces: they are told beside those of other programs. Unit: nanosecond.
#[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
pub(crate) fn unix_nanos() -> u128 {
    u128::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0)
}
