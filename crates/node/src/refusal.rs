//! Why a request is refused.

use kervan_model::Finding;
use kervan_store::StoreError;

/// A refusal. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no {what} `{id}` here")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which id.
        id: String,
    },
    /// The caller's role or territory does not allow it.
    #[error("{0}")]
    NotAllowed(String),
    /// The request is wrong; the findings say where and what to do.
    #[error("{}", summary(.0))]
    Invalid(Vec<Finding>),
    /// The request does not fit the state of things.
    #[error("{}", .0.message)]
    Conflict(Box<Finding>),
    /// The caller acted on a state that is no longer in force: somebody else was quicker.
    #[error("{}", .0.message)]
    Changed(Box<Finding>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whoever keeps a key did not sign with it, or its secret was not given; the text says what to do.
    #[error("{0}")]
    NotSigned(String),
    /// Something that this node wrote cannot be read back, or a fact that comes with it is broken.
    #[error("{0}")]
    Broken(String),
}

fn summary(findings: &[Finding]) -> String {
    match findings {
        [] => "the request is not valid".to_owned(),
        [one] => one.message.clone(),
        [first, rest @ ..] => format!("{} (and {} more)", first.message, rest.len()),
    }
}

impl Refusal {
    /// There is no consignment with this reference.
    pub fn no_consignment(id: &impl ToString) -> Self {
        Self::NotFound { what: "consignment", id: id.to_string() }
    }

    /// One finding that makes the request wrong.
    pub fn invalid(finding: Finding) -> Self {
        Self::Invalid(vec![finding])
    }

    /// The request does not fit the state of things.
    pub fn conflict(finding: Finding) -> Self {
        Self::Conflict(Box::new(finding))
    }

    /// Something of our own cannot be read.
    pub fn broken<E: std::fmt::Display + 'static>(what: &str, reason: &E) -> Self {
        Self::Broken(format!("{what} cannot be read: {}", kervan_model::words_of(reason)))
    }
}
