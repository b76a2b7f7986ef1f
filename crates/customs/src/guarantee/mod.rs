//! Guarantees: how much a movement needs, which account covers it, and what happens to an account.
//!
//! Pure: [`assess_guarantee`] computes the amount from rules and the value of the goods, [`choose_account`] finds an account
//! that covers it. That no money is used twice is kept by the store, which reserves inside its one writing transaction.

mod account;
mod amount;
mod messages;
mod tables;

pub use account::{
    AccountState, GuaranteeAccount, GuaranteeFault, GuaranteeKind, GuaranteeStatus, Reservation,
    choose_account,
};
pub use amount::{GuaranteeNeed, GuaranteedGoods, assess_guarantee};
pub use messages::{GuaranteeMessage, GuaranteeRule, receive_for_guarantee};
pub use tables::{GuaranteeBasis, GuaranteeFaultReason, GuaranteeTables};
