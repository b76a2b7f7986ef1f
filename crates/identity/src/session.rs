//! Sessions: what a browser shows between signing in and signing out.
//!
//! Every sign-in begins a new one with a new token, so that a token planted before it is worth nothing. A session ends when nobody
//! has used it for a while, and in any case after a working day.

use crate::person::PersonName;
use crate::secret::{Secret, SecretHash};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: SignedDuration,
    /// In any case.
    pub longest: SignedDuration,
}

impl Default for SessionLimits {
    /// Half an hour, and twelve hours. Source: NIST SP 800-63B-4, 2.2.3 has one hour and 24; a shift at a border has twelve.
    fn default() -> Self {
        Self { idle: SignedDuration::from_mins(30), longest: SignedDuration::from_hours(12) }
    }
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedInBy {
    /// With a password of this node.
    Password,
    /// At a provider of OpenID Connect.
    Provider,
}

impl SignedInBy {
    /// The word of it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Provider => "provider",
        }
    }

    /// The way of a word.
    pub fn find(word: &str) -> Option<Self> {
        [Self::Password, Self::Provider].into_iter().find(|way| way.word() == word)
    }
}

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What stands for its token.
    pub hash: SecretHash,
    /// Whose it is.
    pub person: PersonName,
    /// How they signed in.
    pub by: SignedInBy,
    /// Since when.
    pub began: Timestamp,
    /// When it was used last, to the minute.
    pub seen: Timestamp,
}

/// Whether a session is still one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It is.
    Live,
    /// It is, and that it was used is noted.
    ToBeNoted,
    /// Nobody has used it for too long.
    Idle,
    /// It has lasted as long as one may.
    Over,
}

/// How often the use of a session is written down. Each write is a flush of the disk.
const NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

impl Session {
    /// A new session with its token. `random`: fresh random bytes.
    pub fn begin(person: PersonName, by: SignedInBy, now: Timestamp, random: &[u8; 32]) -> (Self, Secret) {
        let token = Secret::of_bytes(random);
        (Self { hash: token.hash(), person, by, began: now, seen: now }, token)
    }

    /// Whether it is still one.
    pub fn assess(&self, now: Timestamp, limits: &SessionLimits) -> SessionState {
        let unused = now.duration_since(self.seen);
        if now.duration_since(self.began) >= limits.longest {
            SessionState::Over
        } else if unused >= limits.idle {
            SessionState::Idle
        } else if unused >= NOTED_EVERY {
            SessionState::ToBeNoted
        } else {
            SessionState::Live
        }
    }

    /// When it ends if nobody uses it any more.
    pub fn ends(&self, limits: &SessionLimits) -> Timestamp {
        let add = |at: Timestamp, span: SignedDuration| at.checked_add(span).unwrap_or(Timestamp::MAX);
        add(self.seen, limits.idle).min(add(self.began, limits.longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_by_rest_and_by_age() {
        let start = Timestamp::from_second(1_796_000_000).unwrap();
        let after = |minutes: i64| start + SignedDuration::from_mins(minutes);
        let (session, token) =
            Session::begin("4711@customs-ge".parse().unwrap(), SignedInBy::Password, start, &[3; 32]);
        assert_eq!(session.hash, token.hash());
        let limits = SessionLimits::default();
        // Last used, asked at, expected; all in minutes after the beginning.
        let cases = [
            (0, 0, SessionState::Live),
            (0, 1, SessionState::ToBeNoted),
            (0, 29, SessionState::ToBeNoted),
            (0, 30, SessionState::Idle),
            (100, 129, SessionState::ToBeNoted),
            (100, 130, SessionState::Idle),
            (719, 719, SessionState::Live),
            (719, 720, SessionState::Over),
            // A clock that was set back makes no session older.
            (10, 5, SessionState::Live),
        ];
        for (seen, now, expected) in cases {
            let session = Session { seen: after(seen), ..session.clone() };
            assert_eq!(session.assess(after(now), &limits), expected, "{seen} {now}");
        }
        assert_eq!(session.ends(&limits), after(30));
        assert_eq!(Session { seen: after(715), ..session }.ends(&limits), after(720));
    }
}
