//! The scopes in which expressions are evaluated: one for the case, and one for each element of its lists.

use super::context::CaseValues;
use super::pack::{Each, Rule, RulePack};
use super::reads::It;
use super::values::{ENVIRONMENT, Record};
use crate::Case;
use cel::Context;
use cel::common::types::CelInt;
use jiff::Timestamp;
use std::sync::Arc;

/// The scope of a case, and one inner scope per element of each list, made once for all rules.
pub(super) struct Scopes<'p> {
    case: &'p Context<'p, 'static>,
    goods: Vec<Context<'p, 'static>>,
    equipment: Vec<Context<'p, 'static>>,
    documents: Vec<Context<'p, 'static>>,
    attachments: Vec<Context<'p, 'static>>,
}

impl<'p> Scopes<'p> {
    /// The scopes that a rule is asked in that walks a list, or none, in order.
    pub(super) fn of(&self, each: Option<Each>) -> &[Context<'p, 'static>] {
        match each {
            None => std::slice::from_ref(self.case),
            Some(Each::Goods) => &self.goods,
            Some(Each::Equipment) => &self.equipment,
            Some(Each::Documents) => &self.documents,
            Some(Each::Attachments) => &self.attachments,
        }
    }
}

/// Makes the scopes of a case and does something with them.
pub(super) fn with_scopes<T>(
    pack: &RulePack,
    case: &Case,
    now: Timestamp,
    work: impl FnOnce(&Scopes<'_>) -> T,
) -> T {
    let values = CaseValues::new(case, now);
    let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
    for (name, value) in values.variables() {
        context.add_variable_as_val(name, value);
    }
    offer(&mut context, "parameters", &pack.parameters);
    offer(&mut context, "tables", &pack.tables);
    offer(&mut context, "declaration", &values.declaration);
    offer(&mut context, "departure", &values.departure);
    offer(&mut context, "destination", &values.destination);
    let scopes = Scopes {
        case: &context,
        goods: inner(&context, &values.goods),
        equipment: inner(&context, &values.equipment),
        documents: inner(&context, &values.documents),
        attachments: inner(&context, &values.attachments),
    };
    work(&scopes)
}

/// The elements that a rule is asked of, in the order of [`Scopes::of`].
pub(super) fn elements_of(each: Option<Each>, case: &Case) -> Vec<It<'_>> {
    let declared = &case.declaration;
    match each {
        None => vec![It::None],
        Some(Each::Goods) => declared.goods.iter().map(It::Goods).collect(),
        Some(Each::Equipment) => declared.equipment.iter().map(It::Equipment).collect(),
        Some(Each::Documents) => declared.documents.iter().map(It::Document).collect(),
        Some(Each::Attachments) => case.attachments.iter().map(It::Attachment).collect(),
    }
}

/// Whether some element of a case may make a rule fire; `false` is certain.
pub(super) fn may_fire(rule: &Rule, case: &Case, now: Timestamp) -> bool {
    let declared = &case.declaration;
    let hit = |it: It<'_>| rule.screen.find_truth(case, now, it) != Some(false);
    match rule.each {
        None => hit(It::None),
        Some(Each::Goods) => declared.goods.iter().any(|item| hit(It::Goods(item))),
        Some(Each::Equipment) => declared.equipment.iter().any(|item| hit(It::Equipment(item))),
        Some(Each::Documents) => declared.documents.iter().any(|item| hit(It::Document(item))),
        Some(Each::Attachments) => case.attachments.iter().any(|item| hit(It::Attachment(item))),
    }
}

/// Offers a record, and each of its fields under the one name that [`super::flatten`] gives it.
fn offer(context: &mut Context<'_, 'static>, root: &str, record: &Record) {
    context.add_variable_as_val(root, Box::new(record.clone()));
    for (name, value) in record.fields() {
        context.add_variable_as_val(format!("{root}.{name}"), value.clone());
    }
}

fn inner<'p>(context: &'p Context<'p, 'static>, elements: &[Record]) -> Vec<Context<'p, 'static>> {
    let scope = |(index, element): (usize, &Record)| {
        let mut scope = context.new_inner_scope();
        offer(&mut scope, "it", element);
        scope.add_variable_as_val("index", Box::new(CelInt::from(i64::try_from(index).unwrap_or(i64::MAX))));
        scope
    };
    elements.iter().enumerate().map(scope).collect()
}
