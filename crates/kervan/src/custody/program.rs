//! A keeper that is a program: it is started once and asked over its standard input and output (`kervan_custody::Request`).

use super::SECRET;
use crate::running::now;
use kervan_custody::limits::LONGEST_LINE;
use kervan_custody::{Answer, Keeper, PROTOCOL, Request};
use kervan_dossier::{KeyError, KeyId, PartyKey};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer may take. Modules of hardware sign in milliseconds; a person who must touch one takes longer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How long nobody asks again after a program gave no answer: requests must not stand in line for one that hangs.
const REST: Duration = Duration::from_secs(5);

/// Asks a program to sign. It is started when it is needed first, and again when it has ended.
#[derive(Debug)]
pub struct ProgramKeeper {
    command: Vec<String>,
    state: Mutex<State>,
}

/// The program if it runs, and when it failed last.
#[derive(Debug, Default)]
struct State {
    running: Option<Running>,
    failed: Option<Instant>,
}

/// The program while it runs.
#[derive(Debug)]
struct Running {
    child: Child,
    asked: ChildStdin,
    answers: Receiver<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; either way nobody asks it any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn ask(&mut self, request: &Request) -> Result<Answer, String> {
        let line = format!("{}\n", request.to_line());
        self.asked
            .write_all(line.as_bytes())
            .and_then(|()| self.asked.flush())
            .map_err(|error| format!("it takes no question: {error}"))?;
        let answer = self.answers.recv_timeout(ANSWER_WITHIN);
        answer.map(|line| Answer::parse(&line)).map_err(|_| "it ended, or gave no answer in time".to_owned())
    }
}

impl ProgramKeeper {
    /// A program with its arguments.
    pub fn new(command: Vec<String>) -> Self {
        Self { command, state: Mutex::default() }
    }

    fn start(&self) -> Result<Running, String> {
        let (program, arguments) = self.command.split_first().ok_or("no program is named")?;
        // It has secrets of its own; the node's are none of its business.
        let child = Command::new(program)
            .args(arguments)
            .env_remove(SECRET)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| error.to_string())?;
        let (asked, said) = (child.stdin.take(), child.stdout.take());
        let (Some(asked), Some(said)) = (asked, said) else {
            return Err("it has no input or output".to_owned());
        };
        let (send, answers) = sync_channel(1);
        let reader = std::thread::Builder::new().name("signer".into());
        reader
            .spawn(move || read_lines(said, &|line| send.send(line).is_ok()))
            .map_err(|error| error.to_string())?;
        let mut running = Running { child, asked, answers };
        match running.ask(&Request::Hello)? {
            Answer::Hello => Ok(running),
            _ => Err(format!("it does not speak {PROTOCOL}")),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks, and once more of a new program if the old one is gone. One that gave no answer is ended: what it says later would be
    /// taken for the answer to something else.
    fn ask(&self, request: &Request) -> Result<Answer, KeyError> {
        let mut state = self.lock();
        let failed = |why: String| KeyError::NotSigned(format!("{}: {why}", self.shown()));
        if state.failed.is_some_and(|at| now().saturating_duration_since(at) < REST) {
            return Err(failed("it gave no answer a moment ago, and is asked again soon".to_owned()));
        }
        if let Some(program) = state.running.as_mut()
            && let Ok(answer) = program.ask(request)
        {
            return Ok(answer);
        }
        state.running = None;
        let answered =
            self.start().and_then(|mut program| program.ask(request).map(|answer| (program, answer)));
        match answered {
            Ok((program, answer)) => {
                *state = State { running: Some(program), failed: None };
                Ok(answer)
            }
            Err(why) => {
                state.failed = Some(now());
                Err(failed(why))
            }
        }
    }

    fn other(&self, answer: Answer) -> KeyError {
        let why = match answer {
            Answer::Error(why) => why,
            Answer::Hello | Answer::Key(_) | Answer::Signature(_) => "it answers something else".to_owned(),
        };
        KeyError::NotSigned(format!("{}: {why}", self.shown()))
    }
}

/// Gives the lines of a program until it ends, one is too long, or nobody takes them.
fn read_lines(said: ChildStdout, give: &dyn Fn(String) -> bool) {
    let mut said = BufReader::new(said);
    loop {
        let mut line = Vec::new();
        let read = said.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut line);
        if !read.is_ok_and(|length| length > 0) || line.last() != Some(&b'\n') {
            return;
        }
        if !give(String::from_utf8_lossy(&line).into_owned()) {
            return;
        }
    }
}

impl Keeper for ProgramKeeper {
    fn keep(&self, holder: &str, fresh: PartyKey) -> Result<KeyId, KeyError> {
        drop(fresh);
        match self.ask(&Request::Make(holder.to_owned()))? {
            Answer::Key(id) => Ok(id),
            other => Err(self.other(other)),
        }
    }

    fn takes_keys(&self) -> bool {
        false
    }

    fn sign(&self, holder: &str, id: &KeyId, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let request = Request::Sign { holder: holder.to_owned(), id: id.clone(), message: message.to_vec() };
        match self.ask(&request)? {
            Answer::Signature(signature) => Ok(*signature),
            other => Err(self.other(other)),
        }
    }

    fn shown(&self) -> String {
        format!("the program {}", self.command.first().map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs of a shell: what is no signer is named, and none is waited for for ever.
    #[test]
    fn programs_that_are_no_signers_are_named() {
        let cases = [
            (vec!["/nowhere/signer"], "/nowhere/signer"),
            (vec!["sh", "-c", "read line"], "ended, or gave no answer"),
            (vec!["sh", "-c", "while read line; do echo what; done"], "does not speak"),
            (
                vec![
                    "sh",
                    "-c",
                    "read a; echo 'hello kervan-signer 1'; read b; echo error the card is out; read c",
                ],
                "the card is out",
            ),
        ];
        for (command, said) in cases {
            let keeper = ProgramKeeper::new(command.into_iter().map(str::to_owned).collect());
            let found = keeper.keep("rail-az", PartyKey::from_seed([1; 32])).unwrap_err().to_string();
            assert!(found.contains(said), "{found}");
            let again = keeper.keep("rail-az", PartyKey::from_seed([1; 32])).unwrap_err().to_string();
            let rests = said != "the card is out";
            assert_eq!(again.contains("a moment ago"), rests, "{again}");
        }
    }
}
