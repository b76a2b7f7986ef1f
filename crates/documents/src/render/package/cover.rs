//! The cover: which consignment, from where to where, for whom, with what.

use super::super::boxes::{set_lines, wrap_all};
use super::super::fonts::Weight;
use super::super::layout::SHEET;
use super::super::sheet::{BLACK, DARK, LIGHT, Sheet, Style};
use super::super::text::Typesetter;
use super::{MARGIN, Package, route};
use crate::shared::text;
use crate::words::Speech;
use crate::{Align, Rect};
use kervan_model::PartyRole;

const LABEL: Style = Style::new(6.4, Weight::Regular, DARK);
const VALUE: Style = Style::new(9.0, Weight::Regular, BLACK);
/// Width between the margins. Unit: millimetre.
const WIDTH: f32 = SHEET.0 - 2.0 * MARGIN;

pub(super) fn lay_out(package: &Package<'_>, speech: &Speech, setter: &mut Typesetter<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let consignment = package.consignment;
    let mut y = 24.0;
    for (index, title) in speech.texts("package_title").into_iter().enumerate() {
        let style = if index == 0 {
            Style::new(20.0, Weight::Bold, BLACK)
        } else {
            Style::new(11.0, Weight::Regular, DARK)
        };
        sheet.text(MARGIN, y, style, title);
        y += style.leading() * if index == 0 { 0.85 } else { 1.1 };
    }
    let style = Style::new(16.0, Weight::Bold, BLACK);
    let reference = consignment.reference.to_string();
    let width = setter.width(&reference, style.size, style.weight);
    sheet.text(SHEET.0 - MARGIN - width, 24.0, style, reference);
    y = route::set(&mut sheet, setter, package, speech, y + 6.0) + 6.0;
    y = set_parties(&mut sheet, setter, package, speech, y);
    set_facts(&mut sheet, setter, package, speech, y);
    sheet
}

/// A label with its text under a thin line; returns where the text ends.
fn set_field(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    room: Rect,
    label: &str,
    lines: &[String],
) -> f32 {
    sheet.line((room.x, room.y), (room.right(), room.y), 0.15, LIGHT);
    let labels = setter.wrap(label, LABEL.size, LABEL.weight, room.width - 2.0);
    set_lines(sheet, setter, &labels, Align::Left, LABEL, Rect { y: room.y + 0.6, ..room });
    let top = room.y + 1.0 + labels.len() as f32 * LABEL.leading();
    let mut style = VALUE;
    let mut wrapped = wrap_all(setter, lines, style, room.width - 2.0);
    while wrapped.len() as f32 * style.leading() > room.height - 4.0 && style.size > 5.0 {
        style = Style { size: style.size - 0.5, ..style };
        wrapped = wrap_all(setter, lines, style, room.width - 2.0);
    }
    let place = Rect { y: top, ..room };
    set_lines(sheet, setter, &wrapped, Align::Left, style, place);
    top + wrapped.len() as f32 * style.leading()
}

/// Parties, two in a row.
fn set_parties(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    package: &Package<'_>,
    speech: &Speech,
    top: f32,
) -> f32 {
    let parties: Vec<_> = PartyRole::ALL
        .into_iter()
        .filter_map(|role| Some((role, package.consignment.find_party(role)?)))
        .collect();
    let mut y = top;
    for pair in parties.chunks(2) {
        let mut end = y;
        for (column, (role, party)) in pair.iter().enumerate() {
            let x = MARGIN + column as f32 * (WIDTH / 2.0 + 1.0);
            let room = Rect { x, y, width: WIDTH / 2.0 - 1.0, height: 30.0 };
            let label = speech.word(&format!("party:{}", role.word()));
            end = end.max(set_field(sheet, setter, room, &label, &text::party_lines(party)));
        }
        y = end + 3.0;
    }
    y
}

/// Goods, masses, containers, terms.
fn set_facts(
    sheet: &mut Sheet,
    setter: &mut Typesetter<'_>,
    package: &Package<'_>,
    speech: &Speech,
    top: f32,
) -> f32 {
    let consignment = package.consignment;
    let kilograms = |mass| format!("{} kg", text::kilograms(mass, text::decimals([mass])));
    let goods: Vec<String> = consignment
        .goods
        .iter()
        .map(|item| format!("{} — HS {}", text::descriptions(item).join(" / "), item.hs))
        .collect();
    let containers: Vec<String> =
        consignment.equipment.iter().map(|item| text::container(&item.number)).collect();
    let documents = package.documents.len().to_string();
    let fields = [
        ("total", vec![format!("{} {}", consignment.packages(), speech.word("packages"))]),
        ("gross", vec![kilograms(consignment.gross_mass())]),
        ("container", vec![containers.join(", ")]),
        ("terms", vec![format!("{} {}", consignment.terms.incoterm, consignment.terms.place)]),
        ("documents", vec![documents]),
    ];
    let mut y = top;
    let room = Rect { x: MARGIN, y, width: WIDTH, height: 52.0 };
    y = set_field(sheet, setter, room, &speech.word("goods"), &goods) + 3.0;
    let width = WIDTH / fields.len() as f32;
    let mut end = y;
    for (index, (key, lines)) in fields.into_iter().enumerate() {
        let room = Rect { x: MARGIN + index as f32 * width, y, width: width - 2.0, height: 34.0 };
        end = end.max(set_field(sheet, setter, room, &speech.word(key), &lines));
    }
    end
}
