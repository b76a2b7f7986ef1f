//! The closing lines of test runners, added up.

use std::fmt;

/// How many tests passed, failed and were left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    passed: u64,
    failed: u64,
    left_out: u64,
}

impl Counts {
    /// Whether no test was counted.
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Adds the counts of another part.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.left_out += other.left_out;
    }

    /// Adds `test result: ok. 12 passed; 0 failed; 1 ignored; ...`; any other line is none.
    pub(crate) fn add_cargo(&mut self, line: &str) {
        if let Some(result) = line.trim().strip_prefix("test result: ") {
            self.add_words(result);
        }
    }

    /// Adds `Tests  1 failed | 25 passed | 2 skipped (28)`; any other line is none.
    pub(crate) fn add_vitest(&mut self, line: &str) {
        if let Some(result) = line.trim().strip_prefix("Tests ") {
            self.add_words(result);
        }
    }

    /// Adds a check that passed.
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    fn add_words(&mut self, result: &str) {
        let words: Vec<_> = result.split([' ', ';', ',']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            let [count, word] = pair else { continue };
            let Ok(count) = count.parse::<u64>() else { continue };
            match *word {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" | "skipped" => self.left_out += count,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tests passed, {} failed", self.passed, self.failed)?;
        if self.left_out > 0 { write!(f, ", {} left out", self.left_out) } else { Ok(()) }
    }
}

#[test]
fn closing_lines_add_up() {
    let mut counts = Counts::default();
    for line in [
        "running 3 tests",
        "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        "test a::passed ... ok",
    ] {
        counts.add_cargo(line);
    }
    for line in [" Test Files  4 passed (4)", "      Tests  1 failed | 25 passed | 2 skipped (28)"] {
        counts.add_vitest(line);
    }
    assert_eq!(counts, Counts { passed: 39, failed: 2, left_out: 3 });
    assert_eq!(counts.to_string(), "39 tests passed, 2 failed, 3 left out");
}
