//! Messages drawn from the schema table by a seed: valid ones, and the same with something wrong.

#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod spoil;

use kervan_ncts::{Characters, Element, GroupId, Holds, Message, MessageType, Phase, Schema, ValueKind};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Elements after which a message gets no more than it must have.
const ENOUGH: usize = 300;

pub(crate) struct Draw(Xoshiro256PlusPlus);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A number below `bound`, which is above 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.0.next_u64() % bound as u64).unwrap_or(0)
    }

    pub(crate) fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn text(&mut self, from: &[char], length: usize) -> String {
        (0..length).map(|_| self.one_of(from)).collect()
    }
}

fn range(from: char, to: char) -> Vec<char> {
    (from..=to).collect()
}

/// A value of the kind, at its bounds more often than by even chance.
pub(crate) fn value(kind: &ValueKind, draw: &mut Draw) -> String {
    let digits = range('0', '9');
    match kind {
        ValueKind::Text { characters, least, most } => {
            let length = match draw.below(4) {
                0 => *least,
                1 => *most,
                _ => least + draw.below(most - least + 1),
            };
            text(*characters, length, draw)
        }
        ValueKind::Integer { least, most } => match draw.below(3) {
            0 => least.to_string(),
            1 => most.to_string(),
            _ => (least + draw.below(usize::try_from(most - least + 1).unwrap()) as u64).to_string(),
        },
        ValueKind::Decimal { digits: all, fraction, zero } => {
            let decimals = draw.below(fraction + 1);
            let longest = all - decimals;
            let whole = 1 + draw.below(longest);
            let mut number = format!("{}{}", draw.one_of(&digits[1..]), draw.text(&digits, whole - 1));
            if decimals > 0 {
                number = format!("{number}.{}", draw.text(&digits, decimals));
            }
            if *zero && draw.chance(20) { "0".into() } else { number }
        }
        ValueKind::Date => date(draw),
        ValueKind::DateTime => {
            format!("{}T{:02}:{:02}:{:02}", date(draw), draw.below(24), draw.below(60), draw.below(60))
        }
        ValueKind::List(values) => values[draw.below(values.len())].clone(),
        ValueKind::Mrn | ValueKind::ExportMrn => {
            let letters: &[char] =
                if *kind == ValueKind::Mrn { &['J', 'K', 'L', 'M'] } else { &['A', 'B', 'C', 'D', 'E'] };
            let (year, body) = (draw.below(100), text(Characters::CapitalsDigits, 12, draw));
            let country = text(Characters::Capitals, 2, draw);
            format!("{year:02}{country}{body}{}{}", draw.one_of(letters), draw.one_of(&digits))
        }
        ValueKind::Grn => {
            let body = format!(
                "{}{}",
                text(Characters::Capitals, 2, draw),
                text(Characters::CapitalsDigits, 12, draw)
            );
            let voucher = format!("A{}", draw.text(&digits, 6));
            let number = format!("{:02}{body}{}", draw.below(100), draw.one_of(&digits));
            if draw.chance(50) { number + &voucher } else { number }
        }
        ValueKind::Latitude => {
            format!("{}{}.{}", draw.one_of(&["", "-", "+"]), draw.below(90), draw.text(&digits, 6))
        }
        ValueKind::Longitude => {
            format!("{}{}.{}", draw.one_of(&["", "-", "+"]), draw.below(180), draw.text(&digits, 7))
        }
        ValueKind::Carnet => draw.one_of(&["1", "24999999", "25000000", "XB25123456", "CX123456789"]).into(),
        ValueKind::Email { .. } => "declarant@example.org".into(),
        ValueKind::Office => {
            format!("{}{}", text(Characters::Capitals, 2, draw), text(Characters::CapitalsDigits, 6, draw))
        }
        ValueKind::Operator => {
            format!("{}{}", text(Characters::Capitals, 2, draw), text(Characters::CapitalsDigits, 9, draw))
        }
    }
}

fn date(draw: &mut Draw) -> String {
    format!("{:04}-{:02}-{:02}", 2020 + draw.below(20), 1 + draw.below(12), 1 + draw.below(28))
}

fn text(characters: Characters, length: usize, draw: &mut Draw) -> String {
    let odd: Vec<char> = "aZ09éЖ中ğ&<>\"'./-, ".chars().collect();
    let visible = range('!', '~');
    let from: Vec<char> = match characters {
        Characters::Any | Characters::Trimmed => odd,
        Characters::Printable | Characters::PrintableTrimmed => range(' ', '~'),
        Characters::Digits => range('0', '9'),
        Characters::Letters => range('A', 'Z').into_iter().chain(range('a', 'z')).collect(),
        Characters::Capitals => range('A', 'Z'),
        Characters::CapitalsDigits => range('A', 'Z').into_iter().chain(range('0', '9')).collect(),
    };
    // Spaces at the ends or in runs would not survive where white space is collapsed.
    let mut drawn: Vec<char> = draw.text(&from, length).chars().collect();
    for index in 0..drawn.len() {
        let edge = index == 0 || index + 1 == drawn.len() || drawn[index - 1] == ' ';
        if drawn[index] == ' ' && edge {
            drawn[index] = draw.one_of(&visible);
        }
    }
    drawn.into_iter().collect()
}

/// A message that is valid by the table.
pub(crate) fn message(kind: MessageType, draw: &mut Draw) -> Message {
    let schema = Schema::published();
    let root = schema.find_message(kind).unwrap().root;
    let mut count = 0;
    let root = element(schema, kind.code(), root, draw, &mut count);
    let phase = draw.one_of(&[None, Some(Phase::Ncts50), Some(Phase::Ncts51), Some(Phase::Ncts6)]);
    Message { kind, phase, root }
}

fn element(
    schema: &'static Schema,
    name: &'static str,
    group: GroupId,
    draw: &mut Draw,
    count: &mut usize,
) -> Element {
    let mut made = Element::group(name);
    for rule in &schema.group(group).elements {
        let spare = rule.most - rule.least;
        let more = match draw.below(10) {
            _ if *count > ENOUGH => 0,
            0..=4 => 0,
            5..=8 => spare.min(1),
            _ => spare.min(3),
        };
        for _ in 0..rule.least + more {
            *count += 1;
            made.push(match rule.holds {
                Holds::Group(id) => element(schema, rule.name, id, draw, count),
                Holds::Value(id) => {
                    Element::value(rule.name, value(&schema.find_type(id).unwrap().kind, draw))
                }
            });
        }
    }
    made
}
