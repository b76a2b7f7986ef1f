//! The questions, and the callers that ask them when they are due.

use super::fill::{self, Filled};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Callers at once, each with a connection that it keeps.
const CALLERS: usize = 64;

/// What is asked.
pub(super) struct Question {
    pub(super) kind: &'static str,
    method: &'static str,
    pub(super) path: String,
    body: String,
}

/// Of a hundred questions, the last in the order of their kinds are captures.
const FIRST_CAPTURE: usize = 95;

/// The place of a number's question among a hundred, in the order of their kinds.
fn place(number: usize) -> usize {
    number.wrapping_mul(37) % 100
}

/// Whether the question of a number is a capture.
pub(super) fn is_capture(number: usize) -> bool {
    place(number) >= FIRST_CAPTURE
}

/// What is asked, and how fast.
pub(super) struct Pace {
    /// Whether the question of a number is asked.
    pub(super) of: fn(usize) -> bool,
    /// The first number.
    pub(super) from: usize,
    /// Numbers in a second, asked or not.
    pub(super) rate: usize,
    pub(super) seconds: usize,
}

impl Pace {
    pub(super) fn of_all(rate: usize, seconds: usize) -> Self {
        Self { of: |_| true, from: 0, rate, seconds }
    }

    /// The numbers that are asked.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        (self.from..self.from + self.rate * self.seconds).filter(|number| (self.of)(*number))
    }

    /// When a question is due after the first.
    fn due(&self, number: usize) -> Duration {
        Duration::from_secs_f64((number - self.from) as f64 / self.rate as f64)
    }
}

impl Question {
    pub(super) fn get(path: String) -> Self {
        Self::of("get", path)
    }

    fn of(kind: &'static str, path: String) -> Self {
        Self { kind, method: "GET", path, body: String::new() }
    }

    /// The question of a number: of a hundred, as many of each kind as a day of a busy node has.
    pub(super) fn draw(number: usize, filled: &Filled) -> Self {
        let any = number.wrapping_mul(7_919_993) >> 3;
        let reference = fill::reference(any % filled.consignments);
        let container = fill::container(fill::FIRST_SEEN + any % filled.containers);
        match place(number) {
            0..=24 => Self::of("a consignment", format!("/api/consignments/{reference}")),
            25..=34 => {
                Self::of("a page of consignments", format!("/api/consignments?limit=20&after={reference}"))
            }
            35..=49 => Self::of("a timeline of a container", format!("/api/timeline/container/{container}")),
            50..=64 => Self::of(
                "a query of events",
                format!("/epcis/events?MATCH_epc=urn:epc:id:bic:{container}&perPage=20"),
            ),
            65..=69 => Self::of("a dossier", format!("/api/consignments/{reference}/dossier")),
            70..=74 => Self::of("the work list", "/api/worklist?limit=50".into()),
            75..=79 => Self::of("movements", "/api/movements?limit=20".into()),
            80..=84 => Self::of("alarms", "/api/alarms?limit=20".into()),
            85..=89 => Self::of("a place", "/api/places/KZAAU".into()),
            90..FIRST_CAPTURE => Self::of("the clock", "/api/clock".into()),
            _ => {
                let body = fill::capture(
                    filled.events + number * 10..filled.events + number * 10 + 10,
                    filled.containers,
                );
                Self { kind: "a capture of ten events", method: "POST", path: "/epcis/capture".into(), body }
            }
        }
    }
}

/// An answer, as far as it is looked at.
pub(super) struct Answer {
    pub(super) status: u16,
}

/// A connection that is kept.
pub(super) struct Caller {
    address: String,
    token: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Caller {
    pub(super) fn new(address: &str, token: &str) -> Self {
        Self { address: address.to_owned(), token: token.to_owned(), stream: None }
    }

    /// Asks, on the connection that is there or a new one.
    pub(super) fn ask(&mut self, question: &Question) -> std::io::Result<Answer> {
        let answer = self.exchange(question);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn exchange(&mut self, question: &Question) -> std::io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(30)))?;
                none.insert(BufReader::new(stream))
            }
        };
        let (bearer, host) = (&self.token, &self.address);
        let Question { method, path, body, .. } = question;
        let bearer =
            if bearer.is_empty() { String::new() } else { format!("Authorization: Bearer {bearer}\r\n") };
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{bearer}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.get_mut().write_all(text.as_bytes())?;
        read_answer(stream)
    }
}

fn read_answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<Answer> {
    let (mut status, mut length, mut chunked) = (0, 0, false);
    let mut line = String::new();
    for number in 0_usize.. {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end().to_ascii_lowercase();
        if text.is_empty() {
            break;
        }
        if number == 0 {
            status = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        }
        match text.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap_or(0),
            Some(("transfer-encoding", _)) => chunked = true,
            _ => {}
        }
    }
    if chunked {
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            let size = u64::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
            skip(stream, size + 2)?;
            if size == 0 {
                break;
            }
        }
    } else {
        skip(stream, length)?;
    }
    Ok(Answer { status })
}

fn skip(stream: &mut BufReader<TcpStream>, bytes: u64) -> std::io::Result<()> {
    std::io::copy(&mut stream.take(bytes), &mut std::io::sink()).map(drop)
}

/// How it went.
pub(super) struct Asked {
    /// From when each question was due to its last byte.
    pub(super) waits: Vec<Duration>,
    /// Every question in the order of the callers: its number, its kind, from when it was due to its last byte.
    pub(super) each: Vec<(usize, &'static str, Duration)>,
    /// The same by the kind of question.
    pub(super) of: BTreeMap<&'static str, Vec<Duration>>,
    /// Answers in a second.
    pub(super) rate: f64,
    /// Answers that were none, or refusals.
    pub(super) failed: usize,
}

/// Asks what a pace says.
pub(super) fn ask_all(address: &str, filled: &Filled, pace: &Pace) -> Asked {
    let clock = Instant::now();
    let told: Vec<(usize, &'static str, Duration, bool)> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|at| {
                scope.spawn(move || {
                    let mut caller = Caller::new(address, &filled.token);
                    let ask = |number: usize| {
                        let question = Question::draw(number, filled);
                        let due = pace.due(number);
                        std::thread::sleep(due.saturating_sub(clock.elapsed()));
                        let good =
                            caller.ask(&question).is_ok_and(|answer| (200..300).contains(&answer.status));
                        (number, question.kind, clock.elapsed().saturating_sub(due), good)
                    };
                    pace.numbers().skip(at).step_by(CALLERS).map(ask).collect::<Vec<_>>()
                })
            })
            .collect();
        callers.into_iter().flat_map(|caller| caller.join().unwrap()).collect()
    });
    let rate = told.len() as f64 / clock.elapsed().as_secs_f64();
    let failed = told.iter().filter(|(_, _, _, good)| !good).count();
    let mut of: BTreeMap<&'static str, Vec<Duration>> = BTreeMap::new();
    for (_, kind, wait, _) in &told {
        of.entry(kind).or_default().push(*wait);
    }
    let waits = told.iter().map(|(_, _, wait, _)| *wait).collect();
    let each = told.into_iter().map(|(number, kind, wait, _)| (number, kind, wait)).collect();
    Asked { waits, each, of, rate, failed }
}
