//! How often each operation asks the table, and how many of its requests wait for one
//! another: what `docs/performance/budgets.md` says is what happens, and within what is
//! allowed. Nothing here measures time.
#![allow(
    clippy::allow_attributes,
    clippy::missing_docs_in_private_items,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails by panicking"
)]

mod actions;
mod ledger;
mod listing;
mod login;
mod mails;
mod own;
mod written;

pub use ledger::Ledger;
