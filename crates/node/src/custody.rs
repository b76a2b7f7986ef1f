//! How the keys are kept with which parties and the node sign, and what is done with that. Each act stands in the audit log by the
//! batch that does it.
//!
//! A key stands in the store in the clear, sealed under the node's secret, or by its name alone, when a keeper outside has it. Use
//! cases see a [`Signatory`] and cannot tell.

use crate::custody_texts::{AgainTexts, write_texts};
use crate::delivery_signature::{NODE, NOTE};
use crate::people::Attempt;
use crate::{Desk, Refusal, Registered};
use kervan_custody::{Keeper, Kept, KeptOutside, Locked, SealFault, Sealer};
use kervan_dossier::eddsa::ProofError;
use kervan_dossier::{DossierError, KeyError, PartyKey, Signatory};
use kervan_identity::{PasswordCost, Secret};
use kervan_model::PartyId;
use kervan_store::{PartyRow, Store, Write};
use std::sync::Arc;

/// Note under which the header of the seal is kept.
const SEAL: &str = "keys.seal";

/// Random bytes for a new seal.
#[derive(Clone, Copy)]
pub struct FreshSeal {
    /// For the secret.
    pub salt: [u8; 16],
    /// For the box.
    pub box_key: [u8; 32],
    /// How much work it is to try a secret.
    pub cost: PasswordCost,
}

/// Where keys are put and taken from.
#[derive(Debug, Default)]
pub struct Custody {
    /// What seals keys and opens sealed ones.
    sealer: Option<Sealer>,
    /// Who keeps keys outside of the store.
    keeper: Option<Arc<dyn Keeper>>,
    /// Whether the store has a seal and its secret was not given: then nothing is kept in the clear beside what is sealed.
    locked: bool,
}

/// How many keys are kept how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCounts {
    /// In the clear: whoever may read the store may sign.
    pub clear: usize,
    /// Under the node's secret.
    pub sealed: usize,
    /// By a keeper outside.
    pub outside: usize,
    /// Of those that are sealed or outside, the ones that cannot sign because the secret or the keeper was not given.
    pub locked: usize,
}

/// A key of this node, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// Whose it is; nothing for the node's own.
    pub party: Option<PartyId>,
    /// Its name.
    pub id: String,
    /// How it is kept: `clear`, `sealed`, `outside`.
    pub kept: &'static str,
}

impl Custody {
    /// The custody of a store. With a secret new keys are sealed, with a keeper it has them.
    ///
    /// Errors: the secret is not the one of the store, or no good for one.
    pub fn open(
        store: &Store,
        secret: Option<&Secret>,
        keeper: Option<Arc<dyn Keeper>>,
        fresh: FreshSeal,
    ) -> Result<Self, Refusal> {
        let header = store.find_note(SEAL)?;
        let locked = header.is_some() && secret.is_none();
        let sealer = match (secret, header) {
            (None, _) => None,
            (Some(secret), Some(header)) => Some(Sealer::open(secret, &header).map_err(refused)?),
            (Some(secret), None) => {
                let FreshSeal { salt, box_key, cost } = fresh;
                let (sealer, header) = Sealer::make(secret, salt, box_key, cost).map_err(refused)?;
                store.save(vec![note(SEAL, header)])?;
                Some(sealer)
            }
        };
        Ok(Self { sealer, keeper, locked })
    }

    pub(crate) const fn sealer(&self) -> Option<&Sealer> {
        self.sealer.as_ref()
    }

    pub(crate) const fn is_locked(&self) -> bool {
        self.locked
    }

    /// Reads what the store keeps of a key.
    pub(crate) fn read(&self, text: &str) -> Result<Kept, Refusal> {
        Kept::parse(text).map_err(|error| Refusal::broken("a party's key", &error))
    }

    /// The key of a holder, from what is kept of it.
    pub(crate) fn take(&self, holder: &str, kept: &Kept) -> Result<Arc<dyn Signatory>, Refusal> {
        let broken = |error: &dyn std::fmt::Display| {
            Refusal::Broken(format!("the key of {holder} cannot be taken: {error}"))
        };
        Ok(match (kept, &self.sealer, &self.keeper) {
            (Kept::Clear(pem), ..) => {
                Arc::new(PartyKey::from_pkcs8_pem(pem).map_err(|error| broken(&error))?)
            }
            (Kept::Sealed { .. }, Some(sealer), _) => {
                Arc::new(sealer.unseal(holder, kept).map_err(|error| broken(&error))?)
            }
            (Kept::Sealed { id, .. }, None, _) => Arc::new(Locked::sealed(id.clone())),
            (Kept::Outside(id), _, Some(keeper)) => {
                let key = KeptOutside::new(holder, id.clone(), Arc::clone(keeper));
                Arc::new(key.map_err(|error| broken(&error))?)
            }
            (Kept::Outside(id), _, None) => Arc::new(Locked::outside(id.clone())),
        })
    }

    /// Keeps a new key of a party as strictly as can be: outside, else sealed, else in the clear.
    pub(crate) fn keep(&self, holder: &str, fresh: PartyKey) -> Result<Kept, Refusal> {
        match &self.keeper {
            Some(keeper) => keeper.keep(holder, fresh).map(Kept::Outside).map_err(not_signed),
            None => self.keep_inside(holder, &fresh),
        }
    }

    /// Keeps a key in the store.
    pub(crate) fn keep_inside(&self, holder: &str, key: &PartyKey) -> Result<Kept, Refusal> {
        match &self.sealer {
            Some(sealer) => sealer.seal(holder, key).map_err(refused),
            None if self.locked => Err(Refusal::NotSigned(
                "the keys of this node are sealed, and the secret under which a new one would be was not given".to_owned(),
            )),
            None => Kept::clear(key).map_err(|error| Refusal::broken("a party's key", &error)),
        }
    }

    /// Keeps a key that stood in the clear otherwise, if there is another way. Parties' keys go outside where keys may be brought.
    fn keep_better(&self, holder: &str, key: PartyKey, is_party: bool) -> Result<Option<Kept>, Refusal> {
        match (&self.keeper, &self.sealer) {
            (Some(keeper), _) if keeper.takes_keys() && is_party => self.keep(holder, key).map(Some),
            (_, Some(_)) => self.keep_inside(holder, &key).map(Some),
            (_, None) => Ok(None),
        }
    }
}

fn note(name: &str, value: String) -> Write {
    Write::Note { name: name.to_owned(), value }
}

fn refused(fault: SealFault) -> Refusal {
    Refusal::NotSigned(fault.to_string())
}

pub(crate) fn not_signed(error: KeyError) -> Refusal {
    match error {
        KeyError::NotSigned(why) => Refusal::NotSigned(why),
        other => Refusal::broken("a key", &other),
    }
}

/// Why something was not signed: its key's keeper, or something of our own.
pub(crate) fn unsigned(what: &str, error: DossierError) -> Refusal {
    match error {
        DossierError::Proof(ProofError::Key(KeyError::NotSigned(why))) => Refusal::NotSigned(why),
        other => Refusal::broken(what, &other),
    }
}

/// What is kept of every key: those of parties by id, then the node's own if it has one yet.
fn list_kept(desk: &Desk) -> Result<Vec<(Option<PartyId>, Kept)>, Refusal> {
    let mut kept: Vec<(Option<PartyId>, Kept)> = desk.with_registry(|registry| {
        let of = |party: &Registered| Some((Some(party.record.id.clone()), party.kept.clone()?));
        registry.list().filter_map(of).collect()
    });
    kept.extend(crate::delivery_signature::find_kept(desk)?.map(|own| (None, own)));
    Ok(kept)
}

/// Every key of the node: whose, which, and how it is kept.
///
/// Errors: the store failed.
pub fn list_signing_keys(desk: &Desk) -> Result<Vec<KeyLine>, Refusal> {
    let line = |(party, kept): (Option<PartyId>, Kept)| {
        let holder = party.as_ref().map_or(NODE, PartyId::as_str).to_owned();
        let id = desk.with_keys(|custody| custody.take(&holder, &kept))?.id().to_string();
        Ok(KeyLine { party, id, kept: kept.word() })
    };
    list_kept(desk)?.into_iter().map(line).collect()
}

/// How many keys are kept how.
///
/// Errors: the store failed.
///
/// They are counted the first time and when one of them has changed: a service manager asks every few seconds.
pub fn count_signing_keys(desk: &Desk) -> Result<KeyCounts, Refusal> {
    desk.count_keys_once(|| count(desk))
}

fn count(desk: &Desk) -> Result<KeyCounts, Refusal> {
    let (sealer, keeper) = desk.with_keys(|custody| (custody.sealer.is_some(), custody.keeper.is_some()));
    let own = crate::delivery_signature::find_kept(desk)?;
    let mut counts = KeyCounts::default();
    let mut add = |kept: &Kept| match kept {
        Kept::Clear(_) => counts.clear += 1,
        Kept::Sealed { .. } => {
            counts.sealed += 1;
            counts.locked += usize::from(!sealer);
        }
        Kept::Outside(_) => {
            counts.outside += 1;
            counts.locked += usize::from(!keeper);
        }
    };
    own.iter().for_each(&mut add);
    desk.with_registry(|registry| {
        registry.list().filter_map(|party| party.kept.as_ref()).for_each(&mut add);
    });
    Ok(counts)
}

/// Takes the keys that stand in the clear out of it, as far as the custody has another way: into a keeper's hands if it takes keys
/// that were made elsewhere, else under the node's secret; and with them the secrets of subscriptions and the seeds of draws. Returns
/// how many keys and texts were written; the store keeps no bytes of what stood there.
///
/// Errors: the store failed, or the keeper did.
pub fn seal_clear_keys(desk: &Desk, by: &Attempt<'_>) -> Result<usize, Refusal> {
    rewrite(desk, by, "keys-sealed", &[], &AgainTexts::Seal, &|custody, holder, kept, is_party| {
        let Kept::Clear(pem) = kept else { return Ok(None) };
        let key = PartyKey::from_pkcs8_pem(pem).map_err(|error| Refusal::broken("a party's key", &error))?;
        custody.keep_better(holder, key, is_party)
    })
}

/// Puts the sealed keys under another secret, in a new box: what the old secret opened opens nothing of the new store. Keys in the
/// clear are sealed with them, and so are secrets of subscriptions and seeds of draws. Returns how many were written.
///
/// Errors: the new secret is no good, the old one was not given, or the store failed.
pub fn change_secret(
    desk: &Desk,
    by: &Attempt<'_>,
    secret: &Secret,
    fresh: FreshSeal,
) -> Result<usize, Refusal> {
    let old = desk.with_keys(|custody| custody.sealer.is_some());
    if !old && count_signing_keys(desk)?.sealed > 0 {
        return Err(Refusal::NotSigned(
            "the keys are sealed, and the secret that opens them was not given".into(),
        ));
    }
    let FreshSeal { salt, box_key, cost } = fresh;
    let (sealer, header) = Sealer::make(secret, salt, box_key, cost).map_err(refused)?;
    let opened = |custody: &Custody, holder: &str, kept: &Kept| match (kept, &custody.sealer) {
        (Kept::Clear(pem), _) => {
            PartyKey::from_pkcs8_pem(pem).map(Some).map_err(|error| Refusal::broken("a key", &error))
        }
        (Kept::Sealed { .. }, Some(old)) => old.unseal(holder, kept).map(Some).map_err(refused),
        (Kept::Sealed { .. } | Kept::Outside(_), _) => Ok(None),
    };
    let writes = [note(SEAL, header)];
    let changed = rewrite(
        desk,
        by,
        "key-secret-changed",
        &writes,
        &AgainTexts::Under(&sealer),
        &|custody, holder, kept, _| {
            opened(custody, holder, kept)?.map(|key| sealer.seal(holder, &key).map_err(refused)).transpose()
        },
    )?;
    let keeper = desk.with_keys(|custody| custody.keeper.clone());
    desk.put_custody(Custody { sealer: Some(sealer), keeper, locked: false });
    desk.reload_risk()?;
    Ok(changed)
}

/// What is to be kept of a key in the place of what is; nothing to leave it.
type Again<'a> = dyn Fn(&Custody, &str, &Kept, bool) -> Result<Option<Kept>, Refusal> + 'a;

/// Writes keys again, all in one batch with its line of the audit log, and wipes what stood there before.
fn rewrite(
    desk: &Desk,
    by: &Attempt<'_>,
    act: &str,
    beside: &[Write],
    texts: &AgainTexts<'_>,
    again: &Again<'_>,
) -> Result<usize, Refusal> {
    let changed = desk.with_registry_to_change(|registry| {
        desk.with_keys(|custody| {
            let (mut writes, mut parties) = (beside.to_vec(), Vec::new());
            for party in registry.list() {
                let (holder, Some(kept)) = (party.record.id.as_str(), &party.kept) else { continue };
                let Some(kept) = again(custody, holder, kept, true)? else { continue };
                let record = crate::scribe::to_text(&party.record)?;
                let key_pem = Some(kept.to_text());
                writes.push(Write::Party(PartyRow { id: party.record.id.clone(), record, key_pem }));
                parties.push((party.record.id.clone(), kept));
            }
            let mut changed = parties.len();
            if let Some(own) = crate::delivery_signature::find_kept(desk)?
                && let Some(kept) = again(custody, NODE, &own, false)?
            {
                writes.push(note(NOTE, kept.to_text()));
                changed += 1;
            }
            let texts = write_texts(desk, custody, texts)?;
            changed += texts.len();
            writes.extend(texts);
            if writes.is_empty() {
                return Ok(0);
            }
            let number = changed.to_string();
            writes.push(by.record(act, "keys", &[("number", &number)]));
            desk.store.save(writes)?;
            for (id, kept) in parties {
                if let Some(party) = registry.parties.get_mut(&id) {
                    // A key in memory goes on; one that went outside is asked of its keeper from now on.
                    if matches!(kept, Kept::Outside(_)) {
                        party.key = custody.take(id.as_str(), &kept)?;
                    }
                    party.kept = Some(kept);
                }
            }
            Ok(changed)
        })
    })?;
    desk.forget_key_counts();
    if changed > 0 {
        desk.store.scrub()?;
    }
    Ok(changed)
}
