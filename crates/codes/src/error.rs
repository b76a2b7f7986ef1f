//! The one error of this room: a text that is not a code of its standard.

/// A text that is not a code of its standard; the message names the text, the standard and the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what}: {reason}")]
pub struct CodeError {
    text: String,
    what: &'static str,
    reason: String,
}

impl CodeError {
    /// Longest piece of foreign text repeated in a message: enough to recognise it, too little to flood a log.
    const SHOWN_CHARS: usize = 40;

    pub(crate) fn new(text: &str, what: &'static str, reason: impl Into<String>) -> Self {
        Self { text: text.chars().take(Self::SHOWN_CHARS).collect(), what, reason: reason.into() }
    }

    /// Why the text is not a code, without the text itself.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}
