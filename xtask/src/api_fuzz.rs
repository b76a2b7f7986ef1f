//! `cargo xtask api-fuzz`: `schemathesis` against a node that has played the demo. It finds answers that the API's document does not
//! name, answers that are not of the shape it says, and failures of the node.
//!
//! It is fetched into a folder under `target` the first time; where that cannot be, the task says so.

use crate::progress::Progress;
use crate::shell::{Failure, is_there, print_line, run, run_logged};
use crate::test::Server;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The version that the checks below were chosen for.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// What is held against every answer. The others ask for more than the document promises, such as that each made-up place is
/// taken, or that a route is closed to strangers: that is the table of rights.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
response_headers_conformance";

/// Arguments of `cargo xtask api-fuzz`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long to look for faults.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Draw as in an earlier run.
    #[arg(long)]
    seed: Option<u64>,
}

/// Looks for faults for as long as was asked.
pub(crate) fn run_minutes(args: &Args) -> Result<ExitCode, Failure> {
    let (workspace, progress) = (Workspace::load()?, Progress::start());
    run(workspace.cargo().args(["build", "--package", "kervan"]))?;
    match fuzz(
        &workspace,
        &progress,
        &Search { phases: ALL_PHASES, seconds: args.minutes * 60, seed: args.seed },
    )? {
        None => {
            Err(Failure::new("schemathesis cannot be had here").next("install python3 with venv and pip"))
        }
        Some(()) => Ok(ExitCode::SUCCESS),
    }
}

/// How to look for faults.
pub(crate) struct Search {
    /// Which ways of schemathesis, with commas between them.
    pub(crate) phases: &'static str,
    /// For how long at most.
    pub(crate) seconds: u64,
    /// Draw as in an earlier run.
    pub(crate) seed: Option<u64>,
}

/// The examples of the document, each kind of value at its limits, and values at random.
const ALL_PHASES: &str = "examples,coverage,fuzzing";

/// Looks for faults; `None` where schemathesis cannot be had.
pub(crate) fn fuzz(
    workspace: &Workspace,
    progress: &Progress,
    search: &Search,
) -> Result<Option<()>, Failure> {
    let Some(program) = find_or_install(workspace, progress)? else { return Ok(None) };
    let folder = workspace.target.join("xtask/api-fuzz");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    // What is asked for is there then: consignments, movements, documents, events, alarms.
    let data = folder.join("data");
    make_played(workspace, &folder, &data)?;
    let server = Server::start_on(&workspace.program("debug"), &folder, &data)?;
    let token = sign_in(&server.address)?;
    let mut command = Command::new(program);
    command
        .args(["run", &format!("{}/openapi.json", server.address), "--url", &server.address])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", CHECKS, "--phases", search.phases, "--continue-on-failure", "--no-color"])
        .args(["--max-time", &search.seconds.to_string(), "--workers", "1", "--request-timeout", "60"])
        // A stream does not end, and a play must not be stopped by those who test it. Setting all documents of a consignment takes
        // a debug build longer than a request may; its routes have tests of their own.
        .args(["--exclude-path", "/api/stream", "--exclude-path", "/api/play"])
        .args(["--exclude-path", "/api/consignments/{id}/package.pdf"])
        .args(["--warnings", "off", "--generation-database", "none"])
        .current_dir(&folder);
    if let Some(seed) = search.seed {
        command.args(["--seed", &seed.to_string()]);
    }
    let log = folder.join("schemathesis.log");
    run_logged(&mut command, &log)?;
    print_line(&format!("schemathesis found nothing in {} s; {}", search.seconds, log.display()));
    Ok(Some(()))
}

/// A folder in which the demo was played: that of the end-to-end tests, if they ran before, else one that is played now.
fn make_played(workspace: &Workspace, folder: &Path, data: &Path) -> Result<(), Failure> {
    let played = workspace.target.join("tmp/played");
    if played.join("kervan.sqlite").is_file() {
        return run_logged(Command::new("cp").arg("-R").args([&played, data]), &folder.join("play.log"));
    }
    let mut play = Command::new(workspace.program("debug"));
    play.args(["demo", "--until-delivered", "--json", "--data"]).arg(data);
    run_logged(&mut play, &folder.join("play.log"))
}

/// The program, fetched if it is not there and can be.
fn find_or_install(workspace: &Workspace, progress: &Progress) -> Result<Option<PathBuf>, Failure> {
    let folder = workspace.target.join("xtask/schemathesis");
    let program = folder.join("bin/st");
    if is_there(&program) {
        return Ok(Some(program));
    }
    if !is_there("python3") {
        progress.say("schemathesis is left out: python3 is not installed");
        return Ok(None);
    }
    fs::create_dir_all(&folder)?;
    let log = folder.join("install.log");
    let made = run_logged(Command::new("python3").args(["-m", "venv"]).arg(&folder), &log);
    let fetch = || {
        let mut pip = Command::new(folder.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS]);
        run_logged(&mut pip, &log)
    };
    match made.and_then(|()| fetch()) {
        Ok(()) => Ok(Some(program)),
        Err(_) => {
            progress
                .say(format_args!("schemathesis is left out: it cannot be fetched; read {}", log.display()));
            Ok(None)
        }
    }
}

/// The token of a member of the demo's cast.
fn sign_in(address: &str) -> Result<String, Failure> {
    use std::io::{Read, Write};
    let host = address.trim_start_matches("http://");
    let body = r#"{"party":"silkline"}"#;
    let mut stream = std::net::TcpStream::connect(host)?;
    write!(
        stream,
        "POST /api/play/sign-in HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let told = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let told: serde_json::Value = serde_json::from_str(told).unwrap_or_default();
    let token = told.get("token").and_then(serde_json::Value::as_str).map(str::to_owned);
    token.ok_or_else(|| Failure::new(format!("nobody could sign in at {address}: {answer}")))
}
