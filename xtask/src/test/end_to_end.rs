//! The end-to-end part: the built binary plays the demo, and a real browser looks at it.

use super::counts::Counts;
use crate::progress::Progress;
use crate::shell::{Failure, is_there, run, run_seen};
use crate::ui;
use crate::workspace::Workspace;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// What the demo prints when it can be looked at; the rest of the line is its address.
const LISTENING: &str = "listening on ";

/// How long the binary may take until it listens, on a busy machine.
const START: Duration = Duration::from_secs(120);

/// Starts the demo, runs the browser's tests against it and ends it.
pub(crate) fn run_tests(
    workspace: &Workspace,
    progress: &Progress,
    chromium: &str,
) -> Result<Counts, Failure> {
    if !is_there("node") {
        return Err(Failure::new("the end-to-end tests need Node.js").next("install Node.js 20.19 or later"));
    }
    ui::install(workspace)?;
    if !workspace.ui().join("dist/index.html").is_file() {
        ui::build(workspace)?;
    }
    // The same command as the cargo part, so that its binary is taken as it is.
    run(workspace.cargo().args(["test", "--workspace", "--no-run", "--quiet"]))?;
    let folder = workspace.target.join("xtask/e2e");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let server = Server::start(&workspace.program("debug"), &folder)?;
    progress.say(format_args!("the demo listens on {}", server.address));
    let mut counts = Counts::default();
    let mut node = workspace.command("node");
    node.arg("ui/e2e/corridor.spec.mjs").env("KERVAN_URL", &server.address).env("KERVAN_CHROMIUM", chromium);
    let tested = run_seen(&mut node, |line| {
        if line.trim_start().starts_with("ok ") {
            counts.pass();
        }
    });
    let log = server.log.clone();
    drop(server);
    tested.map(|()| counts).map_err(|failure| failure.next(format!("read {}", log.display())))
}

/// A running demo; it ends with the value.
struct Server {
    child: Child,
    address: String,
    log: PathBuf,
}

impl Server {
    fn start(program: &Path, folder: &Path) -> Result<Self, Failure> {
        let log = folder.join("demo.log");
        let errors = File::create(&log)?;
        let mut command = Command::new(program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join("data"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors.try_clone()?);
        let mut child = command.spawn().map_err(|error| {
            Failure::new(format!("cannot start {}: {error}", program.display()))
                .next("cargo test --workspace --no-run")
        })?;
        let (tell, told) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || copy_lines(BufReader::new(output), errors, &tell));
        }
        let mut server = Self { child, address: String::new(), log };
        match told.recv_timeout(START) {
            Ok(address) => server.address = address,
            Err(_) => return Err(server.not_listening()),
        }
        Ok(server)
    }

    fn not_listening(&mut self) -> Failure {
        let ended: Option<ExitStatus> = self.child.try_wait().ok().flatten();
        let state = ended.map_or_else(
            || format!("not within {} s", START.as_secs()),
            |status| format!("it ended: {status}"),
        );
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        Failure::new(format!(
            "`kervan demo` did not print `{LISTENING}ADDRESS`; {state}\n{}",
            text.trim_end()
        ))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone after this.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Copies the program's lines into its log and tells the address once.
fn copy_lines(output: impl BufRead, mut log: File, tell: &mpsc::Sender<String>) {
    for line in output.lines().map_while(Result::ok) {
        let _ = writeln!(log, "{line}");
        if let Some((_, address)) = line.split_once(LISTENING) {
            let _ = tell
                .send(address.split_whitespace().next().unwrap_or_default().trim_end_matches('/').to_owned());
        }
    }
}
