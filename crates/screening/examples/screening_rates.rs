//! How fast and how well names are screened: one JSON row per line.
//!
//! Pairs are those of the labelled set; entities are put together from parts of names by a fixed sequence.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark measures and prints"
)]

use kervan_screening::{Entity, Format, Index, List, PartyKind, Question, Tables};
use std::fs;
use std::path::Path;
use std::time::Instant;

const GIVEN: [&str; 24] = [
    "Aleksandr",
    "Ivan",
    "Sergei",
    "Giorgi",
    "Davit",
    "Nurlan",
    "Serik",
    "Rustam",
    "Otabek",
    "Elchin",
    "Rashad",
    "Mehmet",
    "Hasan",
    "Ali",
    "Reza",
    "Mohammad",
    "Armen",
    "Tigran",
    "Wei",
    "Xiaoming",
    "John",
    "Peter",
    "Jean",
    "Oleh",
];
const STEMS: [&str; 40] = [
    "Kar", "Bek", "Sar", "Tok", "Nur", "Alt", "Mam", "Has", "Rah", "Yus", "Gul", "Ber", "Lom", "Mais", "Gel",
    "Tser", "Pet", "Sid", "Mor", "Vol", "Shev", "Bond", "Hov", "Har", "Sark", "Dem", "Yil", "Cel", "Oz",
    "Kaya", "Rez", "Hos", "Tab", "Zhan", "Wan", "Chen", "Smir", "Kozl", "Leb", "Zay",
];
const MIDDLES: [&str; 30] = [
    "", "a", "i", "im", "en", "al", "ib", "ur", "ad", "ov", "it", "ok", "un", "es", "ash", "ol", "ir", "em",
    "az", "ik", "os", "ub", "ed", "ant", "ark", "ul", "yn", "ot", "av", "er",
];
const ENDINGS: [&str; 16] = [
    "ov", "ev", "in", "sky", "enko", "yan", "idze", "shvili", "oglu", "zade", "bayev", "ova", "ich", "uk",
    "son", "i",
];
const TRADES: [&str; 10] =
    ["Trading", "Logistics", "Shipping", "Oil", "Steel", "Invest", "Group", "Trans", "Bank", "Energy"];
const FORMS: [&str; 8] = ["LLC", "OOO", "JSC", "TOO", "Ltd", "GmbH", "Co., Ltd.", "MMC"];

/// A fixed sequence of numbers.
struct Sequence(u64);

impl Sequence {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.next(words.len())]
    }

    fn surname(&mut self) -> String {
        format!("{}{}{}{}", self.of(&STEMS), self.of(&MIDDLES), self.of(&MIDDLES), self.of(&ENDINGS))
    }

    fn name(&mut self, kind: PartyKind) -> String {
        match kind {
            PartyKind::Person => format!("{} {} {}", self.of(&GIVEN), self.surname(), self.surname()),
            _ => format!("{} {} {} {}", self.surname(), self.surname(), self.of(&TRADES), self.of(&FORMS)),
        }
    }
}

fn list(size: usize) -> List {
    let mut sequence = Sequence(7);
    let mut entities = Vec::with_capacity(size);
    for number in 0..size {
        let mut entity = Entity::new(format!("E{number}"));
        let kind = if number % 3 == 0 { PartyKind::Organisation } else { PartyKind::Person };
        entity.kind = Some(kind);
        let name = sequence.name(kind);
        // Published entries have about two further names, most of them spellings of the first.
        entity.names = vec![name.replace("sh", "sch"), name.replace('k', "q"), name];
        entities.push(entity);
    }
    List { name: "bench".into(), format: Format::OwnCsv, version: String::new(), published: None, entities }
}

fn row(case: &str, size: usize, unit: &str, value: f64, bar: Option<(f64, &str)>) {
    let (better, bar) = (bar.map(|(_, better)| better), bar.map(|(bar, _)| bar));
    let met =
        bar.zip(better).map(|(bar, better)| if better == "lower" { value <= bar } else { value >= bar });
    let row = serde_json::json!({
        "case": case, "size": size, "unit": unit, "value": value, "bar": bar, "better": better, "met": met
    });
    println!("{row}");
}

fn pairs(root: &Path) -> Vec<(String, String, Option<PartyKind>, bool)> {
    let mut reader = csv::Reader::from_path(root.join("crates/screening/tests/labelled/pairs.csv")).unwrap();
    let records = reader.records().map(Result::unwrap);
    records.map(|r| (r[0].to_owned(), r[1].to_owned(), PartyKind::find(&r[2]), &r[3] == "1")).collect()
}

fn measure_pairs(tables: &Tables, pairs: &[(String, String, Option<PartyKind>, bool)]) {
    for size in [pairs.len() / 8, pairs.len() / 2, pairs.len()] {
        let start = Instant::now();
        let mut agreed = 0u64;
        for _ in 0..20 {
            for (left, right, kind, _) in pairs.iter().take(size) {
                agreed += u64::from(tables.compare_texts(left, right, *kind).score.thousandths());
            }
        }
        let each = start.elapsed().as_secs_f64() * 1e6 / (size * 20) as f64;
        assert!(agreed > 0);
        row("pair", size, "us", each, Some((50.0, "lower")));
    }
}

fn measure_quality(tables: &Tables, pairs: &[(String, String, Option<PartyKind>, bool)]) {
    let (mut right, mut wrong, mut missed) = (0u32, 0u32, 0u32);
    for (left, other, kind, same) in pairs {
        let found = tables.compare_texts(left, other, *kind).score >= tables.threshold();
        match (found, same) {
            (true, true) => right += 1,
            (true, false) => wrong += 1,
            (false, true) => missed += 1,
            (false, false) => {}
        }
    }
    let f1 = f64::from(2 * right) / f64::from(2 * right + wrong + missed);
    row("quality", pairs.len(), "F1", f1, Some((0.80, "higher")));
}

fn measure_names(tables: &Tables, pairs: &[(String, String, Option<PartyKind>, bool)], size: usize) {
    let start = Instant::now();
    let index = Index::new(tables, vec![list(size)]);
    row("load", size, "s", start.elapsed().as_secs_f64(), None);
    let mut sequence = Sequence(11);
    let mut questions: Vec<Question> = pairs
        .iter()
        .step_by(4)
        .map(|(left, _, kind, _)| Question { kind: *kind, ..Question::new(left.clone()) })
        .collect();
    for _ in 0..300 {
        let kind = PartyKind::ALL[sequence.next(2)];
        questions.push(Question { kind: Some(kind), ..Question::new(sequence.name(kind)) });
    }
    let mut times: Vec<f64> = questions
        .iter()
        .map(|question| {
            let start = Instant::now();
            let _ = index.screen(tables, question, tables.threshold());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    let bar = (size == 20_000).then_some((2.0, "lower"));
    row("name-mean", size, "ms", mean, bar);
    row("name-p99", size, "ms", times[times.len() * 99 / 100], bar);
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let tables = Tables::load(|file| fs::read_to_string(root.join("data").join(file)).ok()).unwrap();
    let pairs = pairs(&root);
    measure_pairs(&tables, &pairs);
    measure_quality(&tables, &pairs);
    for size in [1_000, 20_000, 200_000] {
        measure_names(&tables, &pairs, size);
    }
}
