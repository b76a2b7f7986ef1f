//! Scalars and the parts that all documents share.

use crate::Inputs;
use kervan_codes::PlaceCode;
use kervan_model::{GoodsItem, LocalText, Party};
use kervan_units::{Mass, Money};
use serde_json::{Map, Value, json};

/// Builds an object field by field; fields without a value are left out.
#[derive(Default)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a field.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// Adds a field if there is a value.
    pub(crate) fn with_some(self, name: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a list if it is not empty.
    pub(crate) fn with_list(self, name: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let values: Vec<Value> = values.into_iter().collect();
        if values.is_empty() { self } else { self.with(name, Value::Array(values)) }
    }

    pub(crate) fn build(self) -> Value {
        Value::Object(self.0)
    }
}

/// A list of values, which are moved: `json!` would copy each whole tree once more on every level above it.
pub(crate) fn list<const N: usize>(values: [Value; N]) -> Value {
    Value::Array(values.into())
}

/// An object of values, which are moved as in [`list`].
pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A code, identifier or text.
pub(crate) fn content(text: impl AsRef<str>) -> Value {
    object([("content", json!(text.as_ref()))])
}

/// A mass in kilograms.
pub(crate) fn kilograms(mass: Mass) -> Value {
    object([("content", json!(mass.to_kilogram_decimal())), ("unitCode", json!("KGM"))])
}

/// An amount in major units of its currency.
pub(crate) fn amount(money: Money) -> Value {
    object([("content", json!(money.to_decimal())), ("currencyId", json!(money.currency().as_str()))])
}

/// A count of whole things.
pub(crate) fn quantity(count: u64) -> Value {
    object([("content", json!(count.to_string()))])
}

/// A place by code and name. The code of a place tells by its shape whether it is a UN/LOCODE or a private one.
pub(crate) fn location(inputs: &Inputs<'_>, code: &PlaceCode) -> Value {
    object([("id", list([content(code.as_str())])), ("name", list([content((inputs.place_name)(code))]))])
}

/// The guideline that the document follows, and the dossier that it belongs to.
pub(crate) fn context(inputs: &Inputs<'_>) -> Fields {
    let dossier = list([object([("id", content("kervan-dossier")), ("value", content(inputs.dossier))])]);
    let head = list([object([("id", content("kervan-dossier-head")), ("value", content(inputs.head))])]);
    Fields::new()
        .with("businessProcessSpecifiedDocumentContextParameter", dossier)
        .with("scenarioSpecifiedDocumentContextParameter", head)
}

/// Which of a party's address fields a schema knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressForm {
    /// One line and a country.
    Line,
    /// A street and a country.
    Street,
}

/// A trade party.
pub(crate) fn party(party: &Party, form: AddressForm) -> Value {
    let country = content(party.country.as_str());
    let address = match form {
        AddressForm::Line => object([("lineOne", content(&party.address)), ("countryId", json!(country))]),
        AddressForm::Street => {
            object([("streetName", list([content(&party.address)])), ("countryId", json!(country))])
        }
    };
    Fields::new()
        .with_list("id", party.identifier.as_ref().map(content))
        .with("name", list([content(&party.name)]))
        .with("postalTradeAddress", address)
        .build()
}

/// A text with what it is called in other languages.
pub(crate) fn in_languages(text: &str, others: &[LocalText]) -> Vec<Value> {
    let others = others.iter().map(|other| in_language(&other.text, other.language.as_str()));
    std::iter::once(content(text)).chain(others).collect()
}

/// A text in a language.
pub(crate) fn in_language(text: &str, language: &str) -> Value {
    object([("content", json!(text)), ("languageId", json!(language))])
}

/// A trade party with its names in other languages, every number it has, and whom to call: a person, and their number
/// where `with_numbers` says that the schema knows it.
pub(crate) fn party_in_full(found: &Party, form: AddressForm, with_numbers: bool) -> Value {
    let mut value = party(found, form);
    let Value::Object(fields) = &mut value else { return value };
    let mut numbers: Vec<&str> = found.identifier.as_deref().into_iter().collect();
    for number in &found.identifiers {
        if !numbers.contains(&number.value.as_str()) {
            numbers.push(&number.value);
        }
    }
    if !numbers.is_empty() {
        fields.insert("id".to_owned(), numbers.into_iter().map(content).collect());
    }
    let local = found.names.iter().map(|local| in_language(&local.name, local.language.as_str()));
    fields.insert("name".to_owned(), std::iter::once(content(&found.name)).chain(local).collect());
    if let Some(contact) = &found.contact {
        let phone = contact.phone.as_ref().filter(|_| with_numbers);
        let email = contact.email.as_ref().filter(|_| with_numbers);
        let contact = Fields::new()
            .with("personName", list([content(&contact.name)]))
            .with_list(
                "telephoneUniversalCommunication",
                phone.map(|phone| object([("completeNumber", content(phone))])),
            )
            .with_some("emailURIUniversalCommunication", email.map(|uri| object([("uri", content(uri))])));
        fields.insert("definedTradeContact".to_owned(), list([contact.build()]));
    }
    value
}

/// The packages of a goods item.
pub(crate) fn packages(item: &GoodsItem) -> Value {
    Fields::new()
        .with("itemQuantity", quantity(u64::from(item.packages)))
        .with("typeCode", list([content(item.package_kind.as_str())]))
        .with("type", list([content(item.package_kind.name())]))
        .build()
}

/// The shipping marks of a goods item.
pub(crate) fn marks(item: &GoodsItem) -> Option<Value> {
    item.marks.as_ref().map(|marks| object([("marking", list([content(marks)]))]))
}

/// Identification of dangerous goods. Packing groups I to III are danger levels 1 to 3 of UNTDID 8339.
pub(crate) fn dangerous(item: &GoodsItem) -> Option<Value> {
    let goods = item.dangerous.as_ref()?;
    let level = match goods.packing_group.as_deref() {
        Some("I") => Some("1"),
        Some("II") => Some("2"),
        Some("III") => Some("3"),
        _ => None,
    };
    let value = Fields::new()
        .with("undgIdCode", content(format!("{:04}", goods.un_number)))
        .with("hazardClassificationId", content(&goods.class))
        .with_some("packagingDangerLevelCode", level.map(content))
        .build();
    Some(value)
}
