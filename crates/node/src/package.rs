//! The documents of a package: every issued one, made anew from the dossier, as data and as print.

use crate::documents::{Press, list_requests, render, requested};
use crate::{CaseFile, Desk, Refusal};
use kervan_dossier::{Dossier, DossierState, GroupName, PackageFile, canonical, fold, write_package};
use kervan_model::PartyId;

/// The issued documents of a dossier, as they are made from it now. A document that this copy withholds too much for is left
/// out. Nothing but the dossier, the names of places and the fonts goes in, so whoever checks a package can make them again.
pub fn list_package_files(press: Press<'_>, dossier: &Dossier, state: &DossierState) -> Vec<PackageFile> {
    let mut files = Vec::new();
    for request in list_requests(press, dossier, state).unwrap_or_default() {
        let name = request.name();
        let Ok(document) = requested(press, dossier, state, &request) else { continue };
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
