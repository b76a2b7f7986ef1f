//! Which form of the certificate of origin the countries call for.

use kervan_model::Consignment;
use std::sync::LazyLock;

/// Origin, destination, form.
static FORMS: LazyLock<Vec<(String, String, String)>> = LazyLock::new(|| {
    let text = include_str!("../../../../data/documents/origin_forms.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok);
    rows.filter_map(|row| Some((row.get(0)?.to_owned(), row.get(1)?.to_owned(), row.get(2)?.to_owned())))
        .collect()
});

/// The form that goods of these origins call for where they go; none if any form will do, or the origins differ in it.
pub(crate) fn find_origin_form(consignment: &Consignment) -> Option<&'static str> {
    let destination = consignment.to.country_letters();
    let form = |origin: &str| {
        let found = FORMS.iter().find(|(from, to, _)| from == origin && to == destination);
        found.map(|(_, _, form)| form.as_str())
    };
    let mut forms = consignment.goods.iter().map(|item| form(item.origin.as_str()));
    let first = forms.next()??;
    forms.all(|form| form == Some(first)).then_some(first)
}
