//! A message: which one, for which phase, and its tree.

use crate::element::Element;
use crate::message_type::{MessageType, Phase};

/// A message of the published set.
///
/// What it says is in the tree; nothing here says that it is valid: `check` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Which message.
    pub kind: MessageType,
    /// The phase that it says it is written for, if it says so.
    pub phase: Option<Phase>,
    /// The root element and all below.
    pub root: Element,
}

impl Message {
    /// The value at a path below the root, such as `TransitOperation/LRN`, without spaces at its ends.
    pub fn find_value(&self, path: &str) -> Option<&str> {
        self.root.find_value(path)
    }

    /// The movement reference number that the message speaks of, if it names one.
    pub fn find_mrn(&self) -> Option<&str> {
        self.find_value("TransitOperation/MRN").or_else(|| self.find_value("Header/MRN"))
    }

    /// The local reference number that the message speaks of, if it names one.
    pub fn find_lrn(&self) -> Option<&str> {
        self.find_value("TransitOperation/LRN").or_else(|| self.find_value("Header/LRN"))
    }

    /// The identification that the sender gave the message.
    pub fn find_identification(&self) -> Option<&str> {
        self.find_value("messageIdentification")
    }

    /// The identification of the message that this one answers.
    pub fn find_correlation(&self) -> Option<&str> {
        self.find_value("correlationIdentifier")
    }
}
