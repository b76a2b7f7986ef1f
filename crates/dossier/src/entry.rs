//! Entries: a signed header and as much of the body as a copy discloses.

use crate::canonical::{CanonicalError, sha256_hex};
use crate::canonical_text::check_canonical;
use crate::did::{KeyReader, ResolvedKeys};
use crate::eddsa::ProofError;
use crate::facts::{Fact, FactError};
use crate::groups::{Commitment, Disclosed, GroupName, Salt};
use crate::header::Header;
use crate::limits::MOST_GROUP_BYTES;
use kervan_model::{DossierId, EntryId, EntryKind, Finding, IdError, PartyId};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Groups of a body that name parties and keys. They are never withheld: without them nobody could check who signed.
pub const CONTROL_GROUPS: [&str; 3] = ["participants", "key", "withdrawal"];

/// Writes a header; its members are declared in canonical order, and it holds no number and no character to be escaped.
pub(crate) fn to_bytes(value: &impl serde::Serialize) -> Result<Vec<u8>, ProofError> {
    serde_json::to_vec(value).map_err(|error| CanonicalError::Json(error.to_string()).into())
}

#[derive(Debug)]
struct Signed {
    header: Header,
    bytes: Vec<u8>,
}

/// A signed, immutable fact of a dossier, and as much of its body as this copy discloses.
///
/// Invariant: the id is the SHA-256 of the signed header in canonical form. That the signature and the commitments hold is
/// known only after [`Entry::check`], which [`Draft::sign`](crate::Draft::sign) makes needless.
#[derive(Clone, Debug)]
pub struct Entry {
    id: EntryId,
    signed: Arc<Signed>,
    body: BTreeMap<GroupName, Disclosed>,
    fact: Arc<OnceLock<Result<Fact, FactError>>>,
    checked: bool,
}

impl PartialEq for Entry {
    /// Equal if they are the same entry and disclose the same groups.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.body == other.body
    }
}

impl Eq for Entry {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile<'a> {
    #[serde(borrow)]
    body: BTreeMap<GroupName, DisclosedFile<'a>>,
    #[serde(borrow)]
    header: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DisclosedFile<'a> {
    #[serde(borrow)]
    content: &'a RawValue,
    salt: Salt,
}

impl Entry {
    fn from_parts(
        header: Header,
        bytes: Vec<u8>,
        body: BTreeMap<GroupName, Disclosed>,
    ) -> Result<Self, IdError> {
        let id = sha256_hex(&bytes).parse()?;
        let signed = Arc::new(Signed { header, bytes });
        Ok(Self { id, signed, body, fact: Arc::default(), checked: false })
    }

    /// Reads the bytes that [`Entry::to_bytes`] writes. Nothing is checked yet but the form.
    ///
    /// Errors: one finding that says what is wrong with the form.
    pub fn read(bytes: &[u8]) -> Result<Self, Finding> {
        check_canonical(bytes).map_err(|error| Finding::error(error.fault.code(), error.to_string()))?;
        let text = str::from_utf8(bytes)
            .map_err(|error| Finding::error("dossier.not-json", kervan_model::in_plain_words(&error)))?;
        Self::read_canonical(text)
    }

    /// Reads an entry from text that is known to be canonical.
    pub(crate) fn read_canonical(text: &str) -> Result<Self, Finding> {
        let malformed = |error: &dyn std::fmt::Display| {
            let said = kervan_model::in_plain_words(error);
            Finding::error("dossier.malformed-entry", format!("the entry cannot be read: {said}"))
        };
        let file: EntryFile = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        let raw = file.header.get();
        let header: Header = serde_json::from_str(raw).map_err(|error| malformed(&error).at("/header"))?;
        let bytes = to_bytes(&header).map_err(|error| malformed(&error))?;
        if bytes != raw.as_bytes() {
            let message =
                "a value of the header is not written in its only form, such as an instant with an offset";
            return Err(malformed(&message).at("/header"));
        }
        let mut body = BTreeMap::new();
        for (group, disclosed) in file.body {
            body.insert(group, Disclosed::from_canonical(disclosed.salt, disclosed.content.get()));
        }
        Self::from_parts(header, bytes, body).map_err(|error| malformed(&error))
    }

    /// The entry in canonical form: `{"body":..,"header":..}`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"body\":{");
        for (index, (group, disclosed)) in self.body.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let (text, salt) = (disclosed.text(), disclosed.salt());
            let member = format!("{comma}\"{group}\":{{\"content\":{text},\"salt\":\"{salt}\"}}");
            out.extend_from_slice(member.as_bytes());
        }
        out.extend_from_slice(b"},\"header\":");
        out.extend_from_slice(&self.signed.bytes);
        out.push(b'}');
    }

    /// The id: the SHA-256 of the signed header.
    pub fn id(&self) -> &EntryId {
        &self.id
    }

    /// The dossier that it belongs to; that of a first entry has its id.
    pub(crate) fn find_dossier(&self) -> Option<DossierId> {
        match &self.header().dossier {
            Some(dossier) => Some(dossier.clone()),
            None => self.id.as_str().parse().ok(),
        }
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.signed.header
    }

    /// The kind, if this version knows it.
    pub fn kind(&self) -> Option<EntryKind> {
        self.header().kind.find()
    }

    /// The groups that this copy discloses.
    pub fn body(&self) -> &BTreeMap<GroupName, Disclosed> {
        &self.body
    }

    /// The names of the groups that this copy withholds.
    pub fn list_withheld(&self) -> impl Iterator<Item = &GroupName> {
        self.header().groups.keys().filter(|group| !self.body.contains_key(*group))
    }

    /// The fact that the entry states, read once and kept.
    ///
    /// Errors: [`FactError`] if a group that it needs is withheld, the content has another shape, or the kind is unknown.
    pub fn fact(&self) -> Result<&Fact, &FactError> {
        self.fact.get_or_init(|| Fact::read(&self.header().kind, &self.body)).as_ref()
    }

    /// A copy without these groups. It verifies as before. Groups that name keys ([`CONTROL_GROUPS`]) stay.
    #[must_use]
    pub fn withhold(&self, groups: &[GroupName]) -> Self {
        let kept = |group: &GroupName| !groups.contains(group) || CONTROL_GROUPS.contains(&group.as_str());
        self.keep(kept)
    }

    /// The copy that a party may have: the whole body if it is in the audience or wrote the entry, else the control groups.
    #[must_use]
    pub fn copy_for(&self, party: &PartyId) -> Self {
        let header = self.header();
        let reads =
            header.audience.is_empty() || header.audience.contains(party) || header.author.party == *party;
        self.keep(|group| reads || CONTROL_GROUPS.contains(&group.as_str()))
    }

    /// A copy with the groups that are chosen. Groups that name keys ([`CONTROL_GROUPS`]) stay.
    #[must_use]
    pub fn disclose_only(&self, chosen: impl Fn(&Self, &GroupName) -> bool) -> Self {
        self.keep(|group| chosen(self, group) || CONTROL_GROUPS.contains(&group.as_str()))
    }

    fn keep(&self, kept: impl Fn(&GroupName) -> bool) -> Self {
        let body: BTreeMap<_, _> = self
            .body
            .iter()
            .filter(|(group, _)| kept(group))
            .map(|(group, disclosed)| (group.clone(), disclosed.clone()))
            .collect();
        let fact = if body.len() == self.body.len() { Arc::clone(&self.fact) } else { Arc::default() };
        Self { id: self.id.clone(), signed: Arc::clone(&self.signed), body, fact, checked: self.checked }
    }

    /// Adds the groups that another copy of the same entry discloses. Both must have been checked.
    ///
    /// Gives whether anything was added.
    pub(crate) fn disclose(&mut self, other: &Self) -> bool {
        let before = self.body.len();
        for (group, disclosed) in &other.body {
            self.body.entry(group.clone()).or_insert_with(|| disclosed.clone());
        }
        let grew = self.body.len() > before;
        if grew {
            self.fact = Arc::default();
        }
        grew
    }

    /// The entry that its own author just made.
    pub(crate) fn from_author(
        header: Header,
        bytes: Vec<u8>,
        body: BTreeMap<GroupName, Disclosed>,
    ) -> Result<Self, IdError> {
        let mut entry = Self::from_parts(header, bytes, body)?;
        entry.checked = true;
        Ok(entry)
    }

    /// Whether the signature and the commitments are known to hold.
    pub fn is_checked(&self) -> bool {
        self.checked
    }

    /// Checks the shape, the signature and each disclosed group. `resolved` gives the keys of `did:web` authors.
    ///
    /// Errors: all findings; paths are JSON pointers into the entry.
    pub fn check(self, resolved: &ResolvedKeys) -> Result<Self, Vec<Finding>> {
        self.check_with(&mut KeyReader::new(resolved))
    }

    /// As [`Entry::check`], for many entries.
    pub(crate) fn check_with(mut self, keys: &mut KeyReader<'_>) -> Result<Self, Vec<Finding>> {
        if self.checked {
            return Ok(self);
        }
        let mut findings = self.list_header_faults(keys);
        if findings.is_empty() {
            findings.extend(self.list_group_faults().into_iter().map(|(_, finding)| finding));
        }
        if findings.is_empty() {
            self.checked = true;
            return Ok(self);
        }
        Err(findings)
    }

    /// As [`Entry::check_with`], but a group that is not what its author signed is only left out, if everything else holds: the
    /// damage of one group stays in it. Groups that name keys are not left out; without them nobody could be judged.
    ///
    /// Errors: findings, if the header does not hold or a control group was changed.
    pub(crate) fn salvage(mut self, keys: &mut KeyReader<'_>) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        if self.checked {
            return Ok((self, Vec::new()));
        }
        let findings = self.list_header_faults(keys);
        if !findings.is_empty() {
            return Err(findings);
        }
        let damaged = self.list_group_faults();
        let control = |group: &GroupName| CONTROL_GROUPS.contains(&group.as_str());
        if damaged.iter().any(|(group, _)| control(group)) {
            return Err(damaged.into_iter().map(|(_, finding)| finding).collect());
        }
        if !damaged.is_empty() {
            self = self.keep(|group| damaged.iter().all(|(damaged, _)| damaged != group));
        }
        self.checked = true;
        Ok((self, damaged.into_iter().map(|(_, finding)| finding).collect()))
    }

    /// Checks each disclosed group, of an entry with an id whose signature is known to hold: the id is the hash of the signed
    /// header, so the header is what was checked before.
    ///
    /// Errors: all findings; paths are JSON pointers into the entry.
    pub fn check_groups(mut self) -> Result<Self, Vec<Finding>> {
        let damaged = self.list_group_faults();
        if !damaged.is_empty() {
            return Err(damaged.into_iter().map(|(_, finding)| finding).collect());
        }
        self.checked = true;
        Ok(self)
    }

    fn list_header_faults(&self, keys: &mut KeyReader<'_>) -> Vec<Finding> {
        if let Err(error) = self.check_proof(keys) {
            // Whatever else is wrong with a header that nobody signed follows from that.
            return vec![error];
        }
        let mut findings = self.header().check_shape();
        findings.extend(self.check_possession(keys));
        findings
    }

    fn list_group_faults(&self) -> Vec<(GroupName, Finding)> {
        self.body
            .iter()
            .filter_map(|(group, disclosed)| Some((group.clone(), self.check_group(group, disclosed)?)))
            .collect()
    }

    fn check_group(&self, group: &GroupName, disclosed: &Disclosed) -> Option<Finding> {
        let path = format!("/body/{group}");
        if disclosed.text().len() > MOST_GROUP_BYTES {
            let message = format!("group `{group}` has more than {MOST_GROUP_BYTES} bytes");
            return Some(Finding::error("dossier.group-too-long", message).at(path));
        }
        match self.header().groups.get(group) {
            None => {
                let message = format!("the header knows no group `{group}`");
                Some(Finding::error("dossier.unknown-group", message).at(path))
            }
            Some(commitment) => check_commitment(group, disclosed, commitment, path),
        }
    }

    /// A key that takes the place of another must have signed that it does; else a party could claim the key of another one
    /// and keep it from being admitted.
    fn check_possession(&self, keys: &mut KeyReader<'_>) -> Option<Finding> {
        if self.kind() != Some(EntryKind::KeyRotated) {
            return None;
        }
        let Ok(Fact::KeyRotated(fact)) = self.fact() else { return None };
        let dossier = self.header().dossier.as_ref()?;
        let error = fact.check_possession(dossier, keys).err()?;
        let message = format!("the new key of {} does not say so itself: {error}", fact.party);
        let remedy = "rotate again, with a proof that the new key signed";
        Some(Finding::error("dossier.key-not-possessed", message).at("/body/key").remedy(remedy))
    }

    fn check_proof(&self, keys: &mut KeyReader<'_>) -> Result<(), Finding> {
        let header = self.header();
        let bytes = to_bytes(&header.unsigned()).map_err(|error| bad_proof(&error))?;
        header.proof.check(&bytes, keys).map_err(|error| bad_proof(&error))
    }
}

fn check_commitment(
    group: &GroupName,
    disclosed: &Disclosed,
    commitment: &Commitment,
    path: String,
) -> Option<Finding> {
    if disclosed.commitment(group) == *commitment {
        return None;
    }
    let message = format!("the content or salt of group `{group}` is not what the author signed");
    let remedy = "ask the author, or anybody who holds an unchanged copy, for the group again";
    Some(Finding::error("dossier.body-mismatch", message).at(path).remedy(remedy))
}

fn bad_proof(error: &ProofError) -> Finding {
    let (code, path) = match error {
        ProofError::Signature => ("dossier.bad-signature", "/header"),
        ProofError::Key(crate::did::KeyError::Unresolved(_)) => {
            ("dossier.unresolved-key", "/header/proof/verificationMethod")
        }
        ProofError::Key(_) => ("dossier.bad-proof", "/header/proof/verificationMethod"),
        ProofError::Value => ("dossier.bad-proof", "/header/proof/proofValue"),
        _ => ("dossier.bad-proof", "/header/proof"),
    };
    Finding::error(code, error.to_string())
        .at(path)
        .source("W3C Data Integrity EdDSA Cryptosuites, eddsa-jcs-2022")
        .remedy("ask the author, or anybody who holds an unchanged copy, for the entry again")
}
