//! Starting other programs, and failing with a next step.

use std::error::Error;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Why a task could not go on, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    next: Option<String>,
}

impl Failure {
    /// A failure; `what` is a sentence for the person at the terminal.
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), next: None }
    }

    /// Says what to do.
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.next.as_ref().map_or(Ok(()), |next| write!(f, "\n  try: {next}"))
    }
}

impl Error for Failure {}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// Runs a program on this terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.stdin(Stdio::null()).status().map_err(|error| not_started(command, &error))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}`: {status}", line_of(command)))) }
}

/// Runs a program with its output in a file, so that two may run at once; the end of the file is in the failure.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> Result<(), Failure> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = File::create(log)?;
    let output = file.try_clone()?;
    let started = command.stdin(Stdio::null()).stdout(output).stderr(file).status();
    let status = started.map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    let end = lines.get(lines.len().saturating_sub(30)..).unwrap_or_default().join("\n");
    Err(Failure::new(format!("`{}`: {status}\n{end}", line_of(command)))
        .next(format!("read {}", log.display())))
}

/// Runs a program on this terminal and shows each line of its standard output to `see` as it comes.
pub(crate) fn run_seen(command: &mut Command, mut see: impl FnMut(&str)) -> Result<(), Failure> {
    run_read(command, |line| {
        print_line(line);
        see(line);
    })
}

/// Runs a program and hands each line of its standard output to `read` as it comes; its errors go to this terminal.
pub(crate) fn run_read(command: &mut Command, mut read: impl FnMut(&str)) -> Result<(), Failure> {
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| not_started(command, &error))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            read(&line);
        }
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}`: {status}", line_of(command)))) }
}

/// The standard output of a program that must succeed.
pub(crate) fn output_of(command: &mut Command) -> Result<String, Failure> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        return Err(Failure::new(format!("`{}`: {}", line_of(command), output.status)));
    }
    String::from_utf8(output.stdout).map_err(|error| Failure::new(format!("`{}`: {error}", line_of(command))))
}

/// Whether a program can be started.
pub(crate) fn is_there(program: impl AsRef<OsStr>) -> bool {
    let version = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    version.is_ok_and(|output| output.status.success())
}

/// Prints a line of an answer.
#[expect(clippy::print_stdout, reason = "what a task was asked for goes to standard output")]
pub(crate) fn print_line(line: &str) {
    println!("{line}");
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    let failure = Failure::new(format!("cannot start `{program}`: {error}"));
    match &*program {
        "npm" | "node" => {
            failure.next("install Node.js 20.19 or later with npm (nodejs.org, or your distribution)")
        }
        _ => failure.next(format!("install `{program}`")),
    }
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
