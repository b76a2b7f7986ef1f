//! Short secrets in custody: what signs deliveries to a subscriber, the seeds of draws that are not shown yet.

use crate::custody::Custody;
use crate::risk_book::{DrawRecord, note_of_draws};
use crate::scribe::to_text;
use crate::{Desk, Refusal};
use kervan_custody::{KeptText, SealFault, Sealer};
use kervan_events::subscription::Terms;
use kervan_model::TerritoryId;
use kervan_store::Write;

/// What a subscription's secret is sealed for. It never changes: whoever wants another one subscribes anew.
pub(crate) fn of_subscription(id: &str) -> String {
    format!("subscription {id}")
}

/// What a seed is sealed for: the commitment names it.
pub(crate) fn of_draw(territory: &TerritoryId, record: &DrawRecord) -> String {
    format!("draw {territory} {}", record.commitment)
}

fn refused(fault: SealFault) -> Refusal {
    Refusal::NotSigned(fault.to_string())
}

/// The refusal of what needs a secret that was not given.
pub(crate) fn locked() -> Refusal {
    Refusal::NotSigned(
        "it is sealed, and the secret that opens it was not given (keys.secret_file, or KERVAN_KEYS_SECRET)"
            .to_owned(),
    )
}

impl Custody {
    /// What the store is to keep of a text: sealed where there is a secret.
    pub(crate) fn keep_text(&self, what: &str, text: &str) -> Result<String, Refusal> {
        match self.sealer() {
            Some(sealer) => sealer.seal_text(what, text).map(|kept| kept.to_text()).map_err(refused),
            None if self.is_locked() => Err(locked()),
            None => Ok(KeptText::Clear(text.to_owned()).to_text()),
        }
    }

    /// A text from what the store keeps of it.
    pub(crate) fn take_text(&self, what: &str, kept: &str) -> Result<String, Refusal> {
        match (KeptText::parse(kept), self.sealer()) {
            (KeptText::Clear(text), _) => Ok(text),
            (kept @ KeptText::Sealed(_), Some(sealer)) => sealer.unseal_text(what, &kept).map_err(refused),
            (KeptText::Sealed(_), None) => Err(locked()),
        }
    }
}

/// What is to be kept of texts in the place of what is.
pub(crate) enum AgainTexts<'a> {
    /// Those in the clear are sealed, if there is a secret.
    Seal,
    /// All are put under a new secret.
    Under(&'a Sealer),
}

impl AgainTexts<'_> {
    fn again(&self, custody: &Custody, what: &str, kept: &str) -> Result<Option<String>, Refusal> {
        match (self, KeptText::parse(kept)) {
            (Self::Seal, KeptText::Sealed(_)) => Ok(None),
            (Self::Seal, KeptText::Clear(_)) if custody.sealer().is_none() => Ok(None),
            (Self::Seal, KeptText::Clear(text)) => custody.keep_text(what, &text).map(Some),
            (Self::Under(sealer), _) => {
                let text = custody.take_text(what, kept)?;
                sealer.seal_text(what, &text).map(|kept| Some(kept.to_text())).map_err(refused)
            }
        }
    }
}

/// The writes that keep every text otherwise.
///
/// Errors: the store failed, or one cannot be opened.
pub(crate) fn write_texts(
    desk: &Desk,
    custody: &Custody,
    again: &AgainTexts<'_>,
) -> Result<Vec<Write>, Refusal> {
    let mut writes = Vec::new();
    for row in desk.store.list_subscriptions(None)? {
        let mut terms: Terms =
            serde_json::from_str(&row.terms).map_err(|error| Refusal::broken("a subscription", &error))?;
        let Some(kept) = terms.secret.as_deref() else { continue };
        if let Some(kept) = again.again(custody, &of_subscription(&row.id), kept)? {
            terms.secret = Some(kept);
            writes.push(Write::SubscriptionTerms { id: row.id, terms: to_text(&terms)? });
        }
    }
    for territory in desk.rules.territories.list_territories() {
        let (code, name) = (&territory.code, note_of_draws(&territory.code));
        let Some(text) = desk.store.find_note(&name)? else { continue };
        let mut records: Vec<DrawRecord> =
            serde_json::from_str(&text).map_err(|error| Refusal::broken("the draws", &error))?;
        let mut changed = false;
        for record in &mut records {
            let Some(kept) = record.seed.as_deref() else { continue };
            if let Some(kept) = again.again(custody, &of_draw(code, record), kept)? {
                record.seed = Some(kept);
                changed = true;
            }
        }
        if changed {
            writes.push(Write::Note { name, value: to_text(&records)? });
        }
    }
    Ok(writes)
}
