//! Rules.
use crate::message::Message;
use crate::raise::Faults;
pub(crate) fn check_rules(_message: &Message, _faults: &mut Faults) {}
