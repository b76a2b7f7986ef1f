//! A node of the built binary, spoken to over a socket.

use super::program::kervan;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

pub(crate) struct Node {
    program: Child,
    address: String,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
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
        let mut program = kervan()
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
        Self { program, address }
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
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             {seen}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
        (status, body)
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
