//! The commercial invoice: who sells what to whom, at which price.

use crate::definition::Draft;
use crate::shared::filling::Filling;
use crate::shared::text;
use crate::words::Speech;
use crate::{Inputs, Row};
use kervan_model::{Finding, GoodsItem, PartyRole};
use kervan_units::Money;

pub(super) fn fill(draft: &Draft<'_>, speech: &Speech) -> Filling {
    let inputs = draft.inputs;
    let consignment = inputs.consignment;
    let mut filling = Filling::default();
    filling.put("seller", text::find_party_lines(inputs, PartyRole::Consignor));
    filling.put("buyer", text::find_party_lines(inputs, PartyRole::Consignee));
    filling.put("reference", [consignment.reference.to_string()]);
    filling.put("terms", [format!("{} {}", consignment.terms.incoterm, consignment.terms.place)]);
    filling.put("from", [text::place_with_code(inputs, &consignment.from)]);
    filling.put("to", [text::place_with_code(inputs, &consignment.to)]);
    let containers: Vec<String> =
        consignment.equipment.iter().map(|item| text::container(&item.number)).collect();
    filling.put("containers", [containers.join(", ")]);
    if let Some(prices) = &consignment.prices {
        filling.put("number", [prices.invoice_number.clone()]);
        filling.put("date", [prices.invoice_date.to_string()]);
        filling.put("contract", prices.contract.clone());
        if prices.items.len() != consignment.goods.len() {
            filling.findings.push(
                Finding::error(
                    "documents.prices-do-not-fit",
                    format!("{} goods items have {} prices", consignment.goods.len(), prices.items.len()),
                )
                .at("/prices/items")
                .remedy("give each goods item one price, in the order of the goods"),
            );
        }
    }
    lines(inputs, speech, &mut filling);
    let (gross, net) = (consignment.gross_mass(), consignment.net_mass());
    let places = text::decimals([gross, net]);
    for (mass, key) in [(gross, "gross"), (net, "net")] {
        filling.put("mass", [format!("{} kg {}", text::kilograms(mass, places), speech.word(key))]);
    }
    filling.put("total", consignment.find_total().map(text::amount_with_currency));
    filling.put("statement", draft.statement(speech, "statement"));
    filling
}

fn lines(inputs: &Inputs<'_>, speech: &Speech, filling: &mut Filling) {
    let consignment = inputs.consignment;
    let places = text::decimals(consignment.goods.iter().map(|item| item.net_mass));
    for (index, item) in consignment.goods.iter().enumerate() {
        let price = consignment.prices.as_ref().and_then(|prices| prices.items.get(index));
        let amount = price.map(|price| text::amount_with_currency(*price));
        let cells = vec![
            vec![(index + 1).to_string()],
            description(item, speech),
            vec![item.hs.to_string()],
            vec![item.origin.to_string()],
            vec![text::packages(item, speech)],
            vec![text::kilograms(item.net_mass, places)],
            amount.into_iter().collect(),
        ];
        filling.push("goods", Row { cells, strong: false, numbered: true });
    }
    if consignment.goods.is_empty() {
        return;
    }
    let total: Option<Money> = consignment.find_total();
    let cells = vec![
        Vec::new(),
        vec![speech.word("total")],
        Vec::new(),
        Vec::new(),
        vec![text::grouped(&consignment.packages().to_string())],
        vec![text::kilograms(consignment.net_mass(), places)],
        total.map(text::amount_with_currency).into_iter().collect(),
    ];
    filling.push("goods", Row { cells, strong: true, numbered: false });
}

fn description(item: &GoodsItem, speech: &Speech) -> Vec<String> {
    let more = [text::marks(item, speech), text::dangerous(item, speech)];
    text::descriptions(item).into_iter().chain(more.into_iter().flatten()).collect()
}
