//! A node of the built binary, spoken to over a socket.

use super::program::kervan;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

pub(crate) struct Node {
    program: Mutex<Child>,
    address: String,
    /// Whose token goes with requests that name none.
    token: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Node {
    /// A play with a list of denied parties.
    pub(crate) fn play(data: &Path, list: &Path) -> Self {
        let (data, list) = (data.to_str().unwrap(), list.to_str().unwrap());
        Self::start(&["demo", "--speed", "1000000", "--data", data, "--denied-list", list])
    }

    /// A server by its arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut program = kervan();
        program.args(arguments);
        Self::start_as(program)
    }

    /// A server by the whole command, but for its address.
    pub(crate) fn start_as(mut program: Command) -> Self {
        let mut program = program
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Before it listens it may say what it finished of its last life.
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let listening = lines.find(|line| line.as_ref().unwrap().contains("http://")).unwrap().unwrap();
        let address = listening.trim().rsplit_once("http://").unwrap().1.to_owned();
        Self { program: Mutex::new(program), address, token: String::new() }
    }

    /// The same node, asked with a token wherever a request names none.
    pub(crate) fn with_token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    /// The status of an answer, whose body is not waited for: some never end.
    pub(crate) fn status_of(&self, method: &str, path: &str, token: &str, kind: &str, body: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// The status of an answer; nothing if there is no room for who asks.
    pub(crate) fn try_status(&self, path: &str) -> Option<u16> {
        let status = self.exchange("GET", path, "", "", &Value::Null)?.0;
        (status != 503).then_some(status)
    }

    /// Ends the program with SIGKILL: no destructor and no flush of it runs.
    pub(crate) fn kill(&self) {
        let mut program = self.program.lock().unwrap();
        let _ = program.kill();
        let _ = program.wait();
    }

    /// Its number, for who ends it as an operator would.
    pub(crate) fn pid(&self) -> u32 {
        self.program.lock().unwrap().id()
    }

    /// Asks the program to stop, as a service manager does, and gives its exit code.
    pub(crate) fn terminate(&self) -> Option<i32> {
        let id = self.pid().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.program.lock().unwrap().wait().unwrap().code()
    }

    /// Its address, for a command that speaks to it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn send(&self, method: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
        self.send_seen(method, path, token, "", body)
    }

    /// As [`Node::send`], with the version that the caller has seen.
    pub(crate) fn send_seen(
        &self,
        method: &str,
        path: &str,
        token: &str,
        seen: &str,
        body: &Value,
    ) -> (u16, Value) {
        let seen = if seen.is_empty() { String::new() } else { format!("If-Match: \"{seen}\"\r\n") };
        let (status, _, body) = self.exchange(method, path, token, &seen, body).unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap() };
        (status, body)
    }

    /// As [`Node::send`]; nothing if the node is gone before it has answered wholly.
    pub(crate) fn try_send(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> Option<(u16, Value)> {
        let (status, _, body) = self.exchange(method, path, token, "", body)?;
        Some((status, serde_json::from_str(&body).ok()?))
    }

    /// The body of an answer as it came.
    pub(crate) fn text(&self, path: &str, token: &str) -> String {
        self.exchange("GET", path, token, "", &Value::Null).unwrap().2
    }

    /// The same where an answer may have no body, or one that is cut.
    pub(crate) fn try_any(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> Option<(u16, Value)> {
        let (status, _, body) = self.exchange(method, path, token, "", body)?;
        Some((status, serde_json::from_str(&body).unwrap_or_default()))
    }

    /// Headers of an answer, their names in small letters.
    pub(crate) fn headers(&self, method: &str, path: &str) -> Vec<(String, String)> {
        self.headers_of(method, path, "")
    }

    /// The head of an answer to who shows a token.
    pub(crate) fn headers_of(&self, method: &str, path: &str, token: &str) -> Vec<(String, String)> {
        let (_, head, _) = self.exchange(method, path, token, "", &Value::Null).unwrap();
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect()
    }

    /// A page, and the address of the next.
    pub(crate) fn page(&self, path: &str) -> (Value, Option<String>) {
        let (_, head, body) = self.exchange("GET", path, "", "", &Value::Null).unwrap();
        let link = head.lines().find_map(|line| line.strip_prefix("link: <")?.split_once(">; rel=\"next\""));
        (serde_json::from_str(&body).unwrap(), link.map(|(next, _)| next.to_owned()))
    }

    /// Status, head and body of an answer; nothing if it does not come.
    fn exchange(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &str,
        body: &Value,
    ) -> Option<(u16, String, String)> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let token = if token.is_empty() { self.token.as_str() } else { token };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        // A node that refuses a large body answers before it has read the whole.
        let _ = write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             {headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, head.to_owned(), body.to_owned()))
    }

    /// Signs in as a member of the cast.
    pub(crate) fn sign_in(&self, party: &str) -> String {
        self.token_of(&json!({ "party": party }))
    }

    /// Signs in as an officer of a member of the cast.
    pub(crate) fn sign_in_officer(&self, party: &str, officer: &str) -> String {
        self.token_of(&json!({ "party": party, "officer": officer }))
    }

    fn token_of(&self, who: &Value) -> String {
        let (_, answer) = self.send("POST", "/api/play/sign-in", "", who);
        answer["token"].as_str().unwrap().to_owned()
    }
}
