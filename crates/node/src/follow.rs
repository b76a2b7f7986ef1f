//! What follows when facts of a consignment have changed: documents are issued anew, declarations that are not released are
//! lodged again.

use crate::clear::{after_amendment, load_case_inputs};
use crate::reissue::renew_documents;
use crate::scribe::Scribe;
use crate::{CaseFile, Desk, Refusal, Registered};
use kervan_dossier::DossierState;

/// The forwarder that declared a consignment, if this node keeps its key: then what follows is done here, else on its node.
pub(crate) fn find_forwarder(desk: &Desk, state: &DossierState) -> Option<Registered> {
    let party = &state.declared_by.as_ref()?.party;
    desk.with_registry(|registry| registry.find(party).cloned())
}

/// Brings documents and declarations in step with an amended consignment.
///
/// Errors: a document cannot be made from the facts as they are now, or a movement cannot follow.
pub(crate) fn follow_amendment(
    scribe: &mut Scribe<'_, '_>,
    case: &mut CaseFile,
    forwarder: &Registered,
    reason: &str,
) -> Result<(), Refusal> {
    renew_documents(scribe, &mut case.dossier, forwarder)?;
    lodge_again(scribe, case, forwarder, reason)
}

/// Brings documents in step with another contract of carriage, and declarations if that changed any.
///
/// Errors: as for [`follow_amendment`].
pub(crate) fn follow_contract(
    scribe: &mut Scribe<'_, '_>,
    case: &mut CaseFile,
    forwarder: &Registered,
    reason: &str,
) -> Result<(), Refusal> {
    if renew_documents(scribe, &mut case.dossier, forwarder)? {
        lodge_again(scribe, case, forwarder, reason)?;
    }
    Ok(())
}

fn lodge_again(
    scribe: &mut Scribe<'_, '_>,
    case: &mut CaseFile,
    forwarder: &Registered,
    reason: &str,
) -> Result<(), Refusal> {
    let state = scribe.fold(&case.dossier)?;
    let inputs = load_case_inputs(scribe.desk, &state);
    after_amendment(scribe, &mut case.dossier, &mut case.movements, &inputs, forwarder, reason)
}
