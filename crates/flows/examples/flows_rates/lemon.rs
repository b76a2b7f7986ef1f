//! LEMON's solver, run as a program on a file in the format of DIMACS.

use kervan_flows::{Problem, write_dimacs};
use std::error::Error;
use std::process::Command;

/// What the other program says.
pub(crate) struct Theirs {
    /// Value of the optimum.
    pub(crate) optimum: i128,
    /// Its own solve time, the fastest of the runs. Unit: second.
    pub(crate) seconds: f64,
}

/// Writes the problem to a file and solves it with `dimacs-solver`, in 64-bit integers as here. `None`: it is not installed.
pub(crate) fn solve(problem: &Problem, runs: usize) -> Result<Option<Theirs>, Box<dyn Error>> {
    let file = std::env::temp_dir().join(format!("kervan-flows-{}.dimacs", std::process::id()));
    std::fs::write(&file, write_dimacs(problem))?;
    let answer = solve_file(&file, runs);
    std::fs::remove_file(&file)?;
    answer
}

fn solve_file(file: &std::path::Path, runs: usize) -> Result<Option<Theirs>, Box<dyn Error>> {
    let mut best: Option<Theirs> = None;
    for _ in 0..runs {
        let Ok(output) = Command::new("dimacs-solver").arg("-long").arg(file).output() else {
            return Ok(None);
        };
        let said =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        let theirs =
            read_report(&said).ok_or_else(|| format!("dimacs-solver said what is not known:\n{said}"))?;
        if best.as_ref().is_none_or(|best| theirs.seconds < best.seconds) {
            best = Some(theirs);
        }
    }
    Ok(best)
}

/// Lines such as `Run NetworkSimplex: u: 0.01s, s: 0s, cu: 0s, cs: 0s, real: 0.0104s` and `Min flow cost: 123`.
fn read_report(said: &str) -> Option<Theirs> {
    let after = |line: &str, word: &str| line.split(word).nth(1).map(|rest| rest.trim().to_owned());
    let optimum =
        said.lines().find_map(|line| after(line, "Min flow cost:").or(after(line, "Max flow value:")))?;
    let run = said.lines().find(|line| line.starts_with("Run "))?;
    let seconds = after(run, "real:")?.trim_end_matches('s').parse().ok()?;
    Some(Theirs { optimum: optimum.parse().ok()?, seconds })
}
