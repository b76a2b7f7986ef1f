//! The tree of a message: elements with their order, as read or as built.

use std::borrow::Cow;

/// An element: its name, then either a text or further elements.
///
/// Two elements are equal if they say the same; where they stood in a file does not count.
#[derive(Clone, Debug, Default)]
pub struct Element {
    name: Cow<'static, str>,
    text: String,
    children: Vec<Element>,
    /// Byte of the file at which its tag begins; 0 for what was built.
    pub(crate) offset: usize,
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.text == other.text && self.children == other.children
    }
}

impl Eq for Element {}

impl Element {
    /// A data group without elements yet.
    pub fn group(name: &'static str) -> Self {
        Self { name: Cow::Borrowed(name), ..Self::default() }
    }

    /// An element with a value.
    pub fn value(name: &'static str, value: impl Into<String>) -> Self {
        Self { name: Cow::Borrowed(name), text: value.into(), ..Self::default() }
    }

    pub(crate) fn read(name: Cow<'static, str>, offset: usize) -> Self {
        Self { name, offset, ..Self::default() }
    }

    pub(crate) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds an element at the end.
    pub fn push(&mut self, child: Element) {
        self.children.push(child);
    }

    /// The group with one more element at its end.
    #[must_use]
    pub fn with(mut self, child: Element) -> Self {
        self.children.push(child);
        self
    }

    /// The group with one more value at its end.
    #[must_use]
    pub fn field(self, name: &'static str, value: impl Into<String>) -> Self {
        self.with(Self::value(name, value))
    }

    /// The same, where there is a value.
    #[must_use]
    pub fn field_if(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// The group with a group in it, unless that one is empty.
    #[must_use]
    pub fn with_if(self, child: Option<Element>) -> Self {
        match child {
            Some(child) => self.with(child),
            None => self,
        }
    }

    /// The group with all of these at its end.
    #[must_use]
    pub fn with_all(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    /// The name, without prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text between the tags, outside of further elements; white space as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The elements inside, in their order.
    pub fn children(&self) -> &[Element] {
        &self.children
    }

    /// The elements inside, to change them.
    pub fn children_mut(&mut self) -> &mut Vec<Element> {
        &mut self.children
    }

    /// Replaces the text.
    pub fn set_text(&mut self, text: impl Into<String>) {
        self.text = text.into();
    }

    /// The first element of a name inside.
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Every element of a name inside, in their order.
    pub fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at the end of a path of names parted by `/`.
    pub fn at(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.find(name))
    }

    /// Every element at the end of a path of names parted by `/`.
    pub fn list_at<'a>(&'a self, path: &str) -> Vec<&'a Element> {
        let mut found = vec![self];
        for name in path.split('/') {
            found = found
                .iter()
                .flat_map(|element| element.children.iter().filter(|child| child.name == name))
                .collect();
        }
        found
    }

    /// The value at the end of a path, without spaces at its ends; nothing if there is none or it is empty.
    pub fn find_value(&self, path: &str) -> Option<&str> {
        let text = self.at(path)?.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// How many elements there are here and below.
    pub fn count(&self) -> usize {
        let mut count = 0;
        let mut open = vec![self];
        while let Some(element) = open.pop() {
            count += 1;
            open.extend(&element.children);
        }
        count
    }
}
