//! What is read in one go: each file beside the packs is parsed once, and so is each expression, however many packs, rules and
//! languages have it. A start of the program is mostly this.

use super::file::{LibraryFile, WordsFile};
use super::pack::parse;
use super::values::ENVIRONMENT;
use cel::IdedExpr;
use kervan_model::Finding;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The text of a file beside a pack, by its name.
pub(super) type Find<'f> = dyn Fn(&str) -> Option<String> + 'f;

/// Files and expressions that were read already.
pub(super) struct Reading<'f> {
    find: &'f Find<'f>,
    libraries: Once<LibraryFile>,
    words: Once<WordsFile>,
    pub(super) expressions: Expressions,
}

/// What was parsed, by the name of its file; nothing where there is no such file.
type Once<T> = RefCell<BTreeMap<String, Option<Result<Rc<T>, Finding>>>>;

impl<'f> Reading<'f> {
    pub(super) fn new(find: &'f Find<'f>) -> Self {
        let (libraries, words) = (Once::default(), Once::default());
        Self { find, libraries, words, expressions: Expressions::default() }
    }

    /// The text of a file.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.find)(name)
    }

    /// A library, if there is a file of this name. Errors: what is wrong in it.
    pub(super) fn library(&self, name: &str) -> Option<Result<Rc<LibraryFile>, Finding>> {
        self.once(&self.libraries, name)
    }

    /// The words of a language, if there is a file of this name. Errors: what is wrong in it.
    pub(super) fn words(&self, name: &str) -> Option<Result<Rc<WordsFile>, Finding>> {
        self.once(&self.words, name)
    }

    fn once<T: DeserializeOwned>(&self, known: &Once<T>, name: &str) -> Option<Result<Rc<T>, Finding>> {
        let read = || self.text(name).map(|text| parse(&text, name).map(Rc::new));
        known.borrow_mut().entry(name.to_owned()).or_insert_with(read).clone()
    }
}

/// Expressions that were parsed already, by their text.
#[derive(Debug, Default)]
pub(crate) struct Expressions(RefCell<BTreeMap<String, IdedExpr>>);

impl Expressions {
    /// An expression as it was written. Errors: every fault of its syntax, in words with line and column.
    pub(super) fn parse(&self, source: &str) -> Result<IdedExpr, Vec<String>> {
        if let Some(known) = self.0.borrow().get(source) {
            return Ok(known.clone());
        }
        let program = ENVIRONMENT.compile(source).map_err(|errors| {
            let place = |error: &cel::ParseError| {
                format!("line {} column {}: {}", error.pos.0, error.pos.1, error.msg)
            };
            errors.errors.iter().map(place).collect::<Vec<_>>()
        })?;
        let expression = program.expression().clone();
        self.0.borrow_mut().insert(source.to_owned(), expression.clone());
        Ok(expression)
    }
}
