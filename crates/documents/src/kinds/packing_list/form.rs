//! The packing list: what is in which package and container, and what it weighs.

use crate::Row;
use crate::definition::Draft;
use crate::shared::filling::Filling;
use crate::shared::find_load;
use crate::shared::text;
use crate::words::Speech;
use kervan_codes::ContainerNumber;
use kervan_model::{Consignment, PartyRole};
use kervan_units::Mass;

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let mut filling = Filling::default();
    filling.put("number", [draft.number().to_owned()]);
    filling.put("date", [text::utc_date(inputs.issued).to_string()]);
    filling.put("consignor", text::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("consignee", text::find_party_lines(inputs, PartyRole::Consignee));
    let invoice = consignment.prices.as_ref();
    filling
        .put("invoice", invoice.map(|prices| format!("{}, {}", prices.invoice_number, prices.invoice_date)));
    filling.put("reference", [consignment.reference.to_string()]);
    filling.put("from", [text::place_with_code(inputs, &consignment.from)]);
    filling.put("to", [text::place_with_code(inputs, &consignment.to)]);
    goods(consignment, speech, &mut filling);
    equipment(consignment, &mut filling);
    filling.put("statement", draft.statement(speech, "statement_packing"));
    filling
}

fn goods(consignment: &Consignment, speech: &Speech, filling: &mut Filling) {
    let masses = consignment.goods.iter().flat_map(|item| [item.gross_mass, item.net_mass]);
    let places = text::decimals(masses);
    let all: Vec<&ContainerNumber> = consignment.equipment.iter().map(|item| &item.number).collect();
    for (index, item) in consignment.goods.iter().enumerate() {
        let more = [text::marks(item, speech), text::dangerous(item, speech)];
        let containers: Vec<&ContainerNumber> =
            if item.containers.is_empty() { all.clone() } else { item.containers.iter().collect() };
        let cells = vec![
            vec![(index + 1).to_string()],
            text::descriptions(item).into_iter().chain(more.into_iter().flatten()).collect(),
            containers.into_iter().map(text::container).collect(),
            vec![text::packages(item, speech)],
            vec![text::kilograms(item.net_mass, places)],
            vec![text::kilograms(item.gross_mass, places)],
        ];
        filling.push("goods", Row { cells, strong: false, numbered: true });
    }
    if consignment.goods.is_empty() {
        return;
    }
    let cells = vec![
        Vec::new(),
        vec![speech.word("total")],
        Vec::new(),
        vec![text::grouped(&consignment.packages().to_string())],
        vec![text::kilograms(consignment.net_mass(), places)],
        vec![text::kilograms(consignment.gross_mass(), places)],
    ];
    filling.push("goods", Row { cells, strong: true, numbered: false });
}

fn equipment(consignment: &Consignment, filling: &mut Filling) {
    let tares = consignment.equipment.iter().filter_map(|item| item.tare);
    let loads: Vec<Option<Mass>> =
        consignment.equipment.iter().map(|item| find_load(consignment, item)).collect();
    let places = text::decimals(tares.chain(loads.iter().copied().flatten()));
    for (item, load) in consignment.equipment.iter().zip(loads) {
        let size_type = &item.size_type;
        let cells = vec![
            vec![text::container(&item.number)],
            vec![format!("{size_type}, {}′", size_type.length_feet())],
            vec![text::seals(item)],
            item.tare.map(|tare| text::kilograms(tare, places)).into_iter().collect(),
            load.map(|load| text::kilograms(load, places)).into_iter().collect(),
        ];
        filling.push("equipment", Row { cells, strong: false, numbered: true });
    }
}
