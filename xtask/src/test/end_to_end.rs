//! The end-to-end part: the built binary plays the demo, and a real browser looks at it.

use super::KINDS;
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

/// What the browser does. Each lane has a demo of its own, on which it runs its specs one after the other; the lanes run at the same
/// time, since a browser waits for itself half of the time. Journeys, bad input and looks in one; accessibility, figures that answer
/// and who runs a node in the other.
const LANES: [&[&str]; 2] = [
    &["ui/e2e/corridor.spec.mjs", "ui/e2e/harm.spec.mjs", "ui/e2e/looks.spec.mjs"],
    &["ui/e2e/access.spec.mjs", "ui/e2e/figures.spec.mjs", "ui/e2e/operator.spec.mjs"],
];

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
    run(workspace.cargo().args(["test", "--workspace", "--no-run", "--quiet"]).args(KINDS))?;
    let folder = workspace.target.join("xtask/e2e");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let run = |number: usize, specs| {
        run_lane(workspace, progress, chromium, &folder.join(number.to_string()), specs)
    };
    thread::scope(|scope| {
        let lanes =
            LANES.iter().enumerate().map(|(number, specs)| scope.spawn(move || run(number + 1, specs)));
        let mut counts = Counts::default();
        let mut result = Ok(());
        // Each is run to its end, whatever comes of the others.
        for lane in lanes.collect::<Vec<_>>() {
            match lane.join().unwrap_or_else(|_| Err(Failure::new("a lane of the browser's tests broke off")))
            {
                Ok(more) => counts.add(more),
                Err(failure) => result = Err(failure),
            }
        }
        result.map(|()| counts)
    })
}

/// Starts a demo in a folder and runs specs against it, one after the other.
fn run_lane(
    workspace: &Workspace,
    progress: &Progress,
    chromium: &str,
    folder: &Path,
    specs: &[&str],
) -> Result<Counts, Failure> {
    fs::create_dir_all(folder)?;
    let server = Server::start(&workspace.program("debug"), folder)?;
    progress.say(format_args!("a demo listens on {}", server.address));
    let mut counts = Counts::default();
    let tested = specs.iter().try_for_each(|spec| {
        let mut node = workspace.command("node");
        node.arg(spec).env("KERVAN_URL", &server.address).env("KERVAN_CHROMIUM", chromium);
        // A spec that needs another node than a play starts it.
        node.env("KERVAN_PROGRAM", workspace.program("debug"));
        run_seen(&mut node, |line| {
            if line.trim_start().starts_with("ok ") {
                counts.pass();
            }
        })
    });
    let log = server.log.clone();
    drop(server);
    tested.map(|()| counts).map_err(|failure| failure.next(format!("read {}", log.display())))
}

/// A running demo; it ends with the value.
pub(crate) struct Server {
    child: Child,
    /// Where it listens, with `http://`.
    pub(crate) address: String,
    log: PathBuf,
}

/// A list on which the consignor of the first consignment is: it stays held until officers have decided about it.
const DENIED: &str = "id,kind,name,aliases,country,born,identifiers,programme,remark
D-1,organisation,Qinling Home Appliance Company,,CN,,,MADE-UP,made up for a test
";

impl Server {
    fn start(program: &Path, folder: &Path) -> Result<Self, Failure> {
        Self::start_on(program, folder, &folder.join("data"))
    }

    /// Starts the demo on a data folder; its log stands in `folder`.
    pub(crate) fn start_on(program: &Path, folder: &Path, data: &Path) -> Result<Self, Failure> {
        let (log, denied) = (folder.join("demo.log"), folder.join("denied.csv"));
        fs::write(&denied, DENIED)?;
        let errors = File::create(&log)?;
        let mut command = Command::new(program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.arg("--denied-list").arg(denied);
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
