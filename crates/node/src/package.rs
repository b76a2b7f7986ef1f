//! The documents of a package: every one in force, as it was issued, as data and as print.

use crate::documents::{Press, issued_by, render};
use crate::issued::match_needed;
use crate::{CaseFile, Desk, Refusal};
use kervan_dossier::{Dossier, DossierState, GroupName, PackageFile, canonical, fold, write_package};
use kervan_model::PartyId;

/// The documents in force, each as it was issued. A document that this copy withholds too much for is left out. Nothing but
/// the dossier, the names of places and the fonts goes in, so whoever checks a package can make them again.
pub fn list_package_files(press: Press<'_>, dossier: &Dossier, state: &DossierState) -> Vec<PackageFile> {
    let mut files = Vec::new();
    for needed in match_needed(press, dossier, state).unwrap_or_default() {
        let (name, Some(issued)) = (needed.request.name(), needed.issued) else { continue };
        let Ok(document) = issued_by(press, dossier, state, &issued.entry) else { continue };
        if let Ok(mut data) = canonical::jcs(&document.data) {
            data.push(b'\n');
            files.push(PackageFile::document(&format!("{name}.json"), data));
        }
        if let Ok(print) = render(&document, press.fonts) {
            files.push(PackageFile::document(&format!("{name}.pdf"), print));
        }
    }
    files
}

/// What of a dossier somebody is given.
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// The party that the copy is for; it gets the bodies of whose audience it is.
    pub audience: Option<PartyId>,
    /// Groups that are withheld on top of that.
    pub withhold: Vec<GroupName>,
}

impl Share {
    /// The copy.
    pub fn copy(&self, dossier: &Dossier) -> Dossier {
        let copy = self.audience.as_ref().map_or_else(|| dossier.clone(), |party| dossier.copy_for(party));
        copy.withhold(&self.withhold)
    }
}

/// A dossier of this node as a package.
///
/// Errors: it cannot be packed.
pub fn package(desk: &Desk, case: &CaseFile, share: &Share) -> Result<Vec<u8>, Refusal> {
    let copy = share.copy(&case.dossier);
    let state = fold(&copy, &desk.rules.authority);
    let files = list_package_files(desk.press(), &copy, &state);
    write_package(&copy, &state, &files, None).map_err(Refusal::Invalid)
}
