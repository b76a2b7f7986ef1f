//! What happens, and how long it has taken so far.

use std::fmt;
use std::time::{Duration, Instant};

/// The stopwatch of a task; every line it prints carries the time since the task began.
#[derive(Clone, Copy)]
pub(crate) struct Progress {
    begun: Instant,
}

impl Progress {
    /// Starts the stopwatch.
    #[expect(clippy::disallowed_methods, reason = "a task measures how long it takes")]
    pub(crate) fn start() -> Self {
        Self { begun: Instant::now() }
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Took {
        Took(self.begun.elapsed())
    }

    /// Prints one line with the time before it.
    #[expect(
        clippy::print_stderr,
        reason = "a task speaks to the terminal; the answer of a program is on standard output"
    )]
    pub(crate) fn say(&self, text: impl fmt::Display) {
        eprintln!("[{}] {text}", self.elapsed());
    }

    /// Does a step and says how long it took.
    pub(crate) fn step<T, E>(&self, name: &str, step: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.say(format_args!("{name} ..."));
        let own = Self::start();
        let done = step();
        self.say(format_args!(
            "{name}: {} after {}",
            if done.is_ok() { "done" } else { "FAILED" },
            own.elapsed()
        ));
        done
    }
}

/// A duration as minutes and seconds.
#[derive(Clone, Copy)]
pub(crate) struct Took(Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        write!(f, "{:>2}:{:02}", seconds / 60, seconds % 60)
    }
}
