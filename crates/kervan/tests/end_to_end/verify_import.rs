//! Dossiers over HTTP: brought in once and again, grown, compared, exported; a forged one changes nothing.

use super::program::{kervan, register_forwarder};
use super::verify_files::Desk;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

struct Server {
    child: Child,
    address: String,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(data: &str) -> Self {
        let token = register_forwarder(data);
        let mut child = kervan()
            .args(["serve", "--listen", "127.0.0.1:0", "--data", data])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
        Self { child, address, token }
    }

    fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (address, token, length) = (&self.address, &self.token, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let split = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let status = str::from_utf8(&answer[9..12]).unwrap().parse().unwrap();
        (status, answer[split + 4..].to_vec())
    }

    fn ask_json(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let (status, body) = self.ask(method, path, body);
        (status, serde_json::from_slice(&body).unwrap())
    }
}

#[test]
fn a_dossier_comes_in_once_however_often_it_comes() {
    let desk = Desk::new();
    desk.grow_apart();
    let server = Server::start(desk.path("data").to_str().unwrap());
    let (one, other) = (desk.read("one.json"), desk.read("other.json"));
    let (status, first) = server.ask_json("POST", "/api/dossiers", &one);
    assert_eq!((status, &first["added"], &first["entries"]), (200, &json!(2), &json!(2)), "{first}");
    let (status, again) = server.ask_json("POST", "/api/dossiers", &one);
    assert_eq!((status, &again["added"], &again["heads"]), (200, &json!(0), &first["heads"]));
    let export = format!("/api/dossiers/{}/export", first["dossier"].as_str().unwrap());
    assert_eq!(server.ask("GET", &export, b"").1, one, "it goes out as it came in");

    // A forged copy is refused with findings, and nothing is changed.
    let text = String::from_utf8(other.clone()).unwrap();
    let forged = text.replacen("weighed", "weighEd", 1);
    let (status, problem) = server.ask_json("POST", "/api/dossiers", forged.as_bytes());
    assert_eq!(status, 422, "{problem}");
    assert_eq!(problem["findings"][0]["code"], "dossier.body-mismatch");
    assert_eq!(server.ask("GET", &export, b"").1, one);
    let (_, report) = server.ask_json("POST", "/api/dossiers/verify", forged.as_bytes());
    assert_eq!(report["verified"], false);

    // The copy that grew apart is compared, then merged; the result is what the command gives.
    let reference = first["reference"].as_str().unwrap();
    let (_, difference) = server.ask_json("POST", &format!("/api/dossiers/{reference}/diff"), &other);
    assert_eq!(difference["only_right"].as_array().unwrap().len(), 1);
    let (status, merged) = server.ask_json("POST", "/api/dossiers", &other);
    assert_eq!((status, &merged["added"], &merged["entries"]), (200, &json!(1), &json!(3)));
    desk.done(&["dossier", "merge", "one.json", "other.json", "-o", "both.json"]);
    assert_eq!(server.ask("GET", &export, b"").1, desk.read("both.json"));

    // A copy with prices withheld is filled in by one that has them.
    let (_, withheld) = server.ask("GET", &format!("{export}?withhold=prices"), b"");
    desk.write("withheld.json", &withheld);
    desk.done(&["verify", "withheld.json"]);
    let (_, packed) = server.ask("GET", &format!("{export}?format=asice"), b"");
    desk.write("package.zip", &packed);
    desk.done(&["verify", "package.zip"]);
    let (status, repeated) = server.ask_json("POST", "/api/dossiers", &packed);
    assert_eq!((status, &repeated["added"]), (200, &json!(0)), "{repeated}");
}

#[test]
fn what_was_withheld_is_filled_in_later() {
    let desk = Desk::new();
    desk.done(&["dossier", "export", "dossier.json", "--withhold", "prices", "-o", "withheld.json"]);
    let server = Server::start(desk.path("data").to_str().unwrap());
    let (_, first) = server.ask_json("POST", "/api/dossiers", &desk.read("withheld.json"));
    let export = format!("/api/dossiers/{}/export", first["dossier"].as_str().unwrap());
    let (_, second) = server.ask_json("POST", "/api/dossiers", &desk.read("dossier.json"));
    assert_eq!((&second["added"], &second["disclosed"]), (&json!(0), &json!(1)), "{second}");
    assert_eq!(server.ask("GET", &export, b"").1, desk.read("dossier.json"));
    let (_, third) = server.ask_json("POST", "/api/dossiers", &desk.read("withheld.json"));
    assert_eq!((&third["added"], &third["disclosed"]), (&json!(0), &json!(0)));
    assert_eq!(server.ask("GET", &export, b"").1, desk.read("dossier.json"), "nothing is withheld again");
}
