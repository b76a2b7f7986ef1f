//! A PostgreSQL server for tests: Debian's programs, a folder of its own, a unix socket, no network.
//!
//! The server ends with the process that started it, whatever ends that: a shell between them waits for the end of a pipe. Where
//! the programs are not installed the tests on PostgreSQL are left out, and a line says so.

#![allow(
    dead_code,
    clippy::panic,
    reason = "each test that includes this file uses a part of it; a server that does not start ends it"
)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A server and the folder of its data.
pub(crate) struct Server {
    folder: PathBuf,
    programs: PathBuf,
    settings: Vec<String>,
    running: Mutex<Option<Child>>,
    schemas: AtomicU32,
}

/// Starts the server, says its number, ends it when the pipe ends, and waits for it.
const KEEPER: &str = r#"folder=$1; shift
"$@" >>"$folder/log" 2>&1 & server=$!
read -r word
[ "$word" = crash ] && kill -QUIT $server || kill -INT $server
wait $server
[ -z "$word" ] && rm -rf "$folder"
exit 0"#;

/// The one server of this process; nothing if PostgreSQL is not installed.
pub(crate) fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&[])).as_ref()
}

impl Server {
    /// Makes a server with settings of its own and starts it; nothing if PostgreSQL is not installed.
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        Self::start_with(settings, &[])
    }

    /// The same with files in the folder of its data, which nobody else may read.
    pub(crate) fn start_with(settings: &[&str], files: &[(&str, String)]) -> Option<Self> {
        let Some(programs) = find_programs() else {
            // Past the capture of the tests' output, so that it is read.
            let note =
                "PostgreSQL is not installed: the tests on it are left out (apt-get install postgresql)\n";
            let _ = std::io::stderr().write_all(note.as_bytes());
            return None;
        };
        let folder = tempfile::Builder::new().prefix("kervan-pg-").tempdir().unwrap().keep();
        if let Some((user, group)) = other_user() {
            std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
        }
        let server = Self {
            folder,
            programs,
            settings: settings.iter().map(|setting| (*setting).to_owned()).collect(),
            running: Mutex::default(),
            schemas: AtomicU32::default(),
        };
        let made = server
            .as_user("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=kervan",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "-D",
            ])
            .arg(server.data())
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        for (name, text) in files {
            use std::os::unix::fs::{PermissionsExt, chown};
            let file = server.data().join(name);
            fs::write(&file, text).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            if let Some((user, group)) = other_user() {
                chown(&file, Some(user), Some(group)).unwrap();
            }
        }
        server.resume();
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A program of PostgreSQL, run as a user that it accepts.
    fn as_user(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = match other_user() {
            Some((user, group)) => {
                let mut command = Command::new("setpriv");
                command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
                command.args(["--clear-groups", "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }

    /// Starts the server again after `stop` or `crash`; returns when it answers.
    pub(crate) fn resume(&self) {
        let server = self.as_user("postgres");
        let words = std::iter::once(server.get_program()).chain(server.get_args());
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&self.folder).args(words).arg("-D").arg(self.data());
        keeper.arg("-c").arg(format!("unix_socket_directories={}", self.folder.display()));
        let usual = [
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "shared_buffers=32MB",
            "max_connections=200",
        ];
        for setting in usual.into_iter().chain(self.settings.iter().map(String::as_str)) {
            keeper.arg("-c").arg(setting);
        }
        keeper.current_dir("/").env("LC_ALL", "C.UTF-8").stdin(Stdio::piped()).stdout(Stdio::null());
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(keeper.spawn().unwrap());
        for _ in 0..600 {
            if self.as_user("pg_isready").arg("-h").arg(&self.folder).output().unwrap().status.success() {
                return;
            }
            pause();
        }
        panic!("the server does not answer: {}", self.log());
    }

    /// Ends the server as an administrator does; sessions are closed.
    pub(crate) fn stop(&self) {
        self.end("stop\n");
    }

    /// Ends the server as a fault does: what was not on the disk is gone.
    pub(crate) fn crash(&self) {
        self.end("crash\n");
    }

    fn end(&self, word: &str) {
        if let Some(mut keeper) = self.running.lock().unwrap_or_else(PoisonError::into_inner).take() {
            keeper.stdin.take().unwrap().write_all(word.as_bytes()).unwrap();
            keeper.wait().unwrap();
        }
    }

    /// What the server wrote.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// The URL of a schema that nobody has used.
    pub(crate) fn fresh_url(&self) -> String {
        let number = self.schemas.fetch_add(1, Ordering::Relaxed);
        self.sql(&format!("CREATE SCHEMA place_{number}"));
        self.url(&format!("place_{number}"))
    }

    /// The URL of a schema that is not there.
    pub(crate) fn fresh_name(&self) -> String {
        self.url("nowhere")
    }

    /// The URL of a schema.
    pub(crate) fn url(&self, schema: &str) -> String {
        self.url_at(&self.folder.display().to_string().replace('/', "%2F"), schema)
    }

    /// The URL of a schema by another address of the server.
    pub(crate) fn url_at(&self, host: &str, schema: &str) -> String {
        format!("postgres://kervan@{host}/postgres?options=-csearch_path%3D{schema}")
    }

    /// Runs statements as the administrator, and returns what they print.
    pub(crate) fn sql(&self, sql: &str) -> String {
        let mut psql = self.as_user("psql");
        psql.args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-U", "kervan", "-d", "postgres", "-h"]);
        let done = psql.arg(&self.folder).arg("-c").arg(sql).output().unwrap();
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end("\n");
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where Debian puts the programs, the newest first, or where they are found by name.
fn find_programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort();
    let by_name = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file())
    };
    found.pop().map(|(_, path)| path).filter(|path| path.join("initdb").is_file()).or_else(by_name)
}

/// The user that the server runs as if this process is root, whom PostgreSQL refuses.
fn other_user() -> Option<(u32, u32)> {
    static USER: OnceLock<Option<(u32, u32)>> = OnceLock::new();
    *USER.get_or_init(|| {
        let number = |flag: &str, name: Option<&str>| -> Option<u32> {
            let out = Command::new("id").arg(flag).args(name).output().ok()?;
            String::from_utf8(out.stdout).ok()?.trim().parse().ok()
        };
        (number("-u", None) == Some(0)).then(|| {
            let of = |flag| number(flag, Some("postgres")).or_else(|| number(flag, Some("nobody")));
            (of("-u").unwrap(), of("-g").unwrap())
        })
    })
}

#[allow(clippy::disallowed_methods, reason = "a server needs a moment to start")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(25));
}
