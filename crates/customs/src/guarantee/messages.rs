//! Messages about guarantees: the same idea as for movements, with a machine of three states. Source: `guarantee_messages.csv`.

use super::account::{AccountState, GuaranteeStatus};
use super::tables::GuaranteeTables;
use crate::table::Row;
use kervan_model::{Finding, Provenance};

macro_rules! guarantee_messages {
    ($($(#[$doc:meta])* $variant:ident => $word:literal),+ $(,)?) => {
        /// A message about a guarantee.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum GuaranteeMessage { $($(#[$doc])* $variant),+ }

        impl GuaranteeMessage {
            /// Every message, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used in data and on the wire.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

guarantee_messages! {
    /// The holder sets access codes.
    AccessCodes => "access_codes",
    /// The holder asks how it stands.
    Query => "query",
    /// The office of guarantee answers.
    QueryAnswer => "query_answer",
    /// A voucher was sold.
    VoucherSold => "voucher_sold",
    /// The registration was changed.
    Updated => "updated",
    /// A voucher was revoked.
    VoucherRevoked => "voucher_revoked",
    /// The guarantee was cancelled.
    Cancelled => "cancelled",
    /// The guarantor is free.
    Liberated => "liberated",
}

/// A line of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuaranteeRule {
    /// The message.
    pub message: GuaranteeMessage,
    /// Its code.
    pub code: String,
    /// Who sends it: `declarant`, `guarantee` (the office) or `guarantor`.
    pub sender: String,
    /// In which states it fits.
    pub from: Vec<GuaranteeStatus>,
    /// The state after it; `None` if it stays.
    pub to: Option<GuaranteeStatus>,
    /// Id of the rule.
    pub id: String,
    /// The rule in words.
    pub text: String,
    /// Where this comes from.
    pub provenance: Provenance,
}

impl GuaranteeTables {
    /// Every line of the machine of guarantees.
    pub fn list_rules(&self) -> &[GuaranteeRule] {
        &self.rules
    }
}

/// The state of an account after a message, and which rule says so.
///
/// Errors: the message does not fit the state, or frees a guarantor while something is reserved; nothing changes.
pub fn receive_for_guarantee<'a>(
    tables: &'a GuaranteeTables,
    state: &AccountState,
    message: GuaranteeMessage,
) -> Result<(GuaranteeStatus, &'a GuaranteeRule), Box<Finding>> {
    let status = state.account.status;
    let at = format!("/guarantees/{}", state.account.grn);
    let rule = tables.rules.iter().find(|rule| rule.message == message && rule.from.contains(&status));
    let Some(rule) = rule else {
        let text = format!(
            "`{}` does not fit a guarantee that is {}; nothing changes",
            message.word(),
            status.word()
        );
        return Err(Box::new(
            Finding::error("customs.guarantee-message-misfit", text)
                .at(at)
                .remedy("none: it has ended, or another message must come first"),
        ));
    };
    if rule.to == Some(GuaranteeStatus::Liberated) && state.reserved > 0 {
        let text = "something is still reserved on the guarantee; the guarantor is not free".to_owned();
        let finding = Finding::error("customs.guarantee-in-use", text).at(at).rule(rule.id.clone());
        return Err(Box::new(
            finding.source(rule.provenance.source.clone()).remedy("wait until its movements are discharged"),
        ));
    }
    Ok((rule.to.unwrap_or(status), rule))
}

pub(super) fn read_rule(row: &mut Row<'_>) -> Option<GuaranteeRule> {
    let words: Vec<_> = GuaranteeMessage::ALL.iter().map(|message| (message.word(), *message)).collect();
    let (message, code, sender) = (row.word("message", &words), row.full("code"), row.full("sender"));
    let mut from = Vec::new();
    for word in row.list::<String>("from")? {
        match GuaranteeStatus::WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, status)) => from.push(*status),
            None => row.fault("from", format!("`{word}` is no state of a guarantee")),
        }
    }
    let to: Vec<_> = GuaranteeStatus::WORDS
        .iter()
        .map(|(word, status)| (*word, Some(*status)))
        .chain([("=", None)])
        .collect();
    let (to, id, text, provenance) =
        (row.word("to", &to), row.full("rule"), row.full("text"), row.provenance());
    Some(GuaranteeRule {
        message: message?,
        code: code?,
        sender: sender?,
        from,
        to: to?,
        id: id?,
        text: text?,
        provenance: provenance?,
    })
}
