//! What the tests stand on: a world with the API functions, the mailer, the
//! worker, a table of its own, a mailbox and a clock that is turned by hand; and the people
//! who live in it.
#![allow(
    clippy::allow_attributes,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails by panicking"
)]

mod engine;
mod factor;
pub mod faults;
pub mod invariants;
mod made;
pub mod openapi;
mod person;
pub mod range;
mod reply;
mod request;
pub mod samples;
mod stream;
mod world;

pub use engine::endpoint;
pub use factor::Factor;
pub use person::Person;
pub use reply::{NOTHING, Reply};
pub use request::{Call, event};
pub use stream::{Stream, record};
pub use world::{APP_SECRET, Outside, START, World};

/// A password that the policy accepts.
pub const PASSWORD: &str = "correct horse battery staple";
/// Another one.
pub const OTHER_PASSWORD: &str = "a different but also good one";
