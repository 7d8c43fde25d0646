//! The worker: what follows from a change, through the table's stream.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod cascade;
mod stream;
