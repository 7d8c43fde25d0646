//! What every Usher function shares: the user store, the tokens, the mails and
//! the way from an API Gateway event to an answer.
//!
//! Modules point one way: `model <- store | mail | token | password <- app <- http`.

#[cfg(panic = "abort")]
compile_error!("a panic must end in an answer: set panic = \"unwind\" in the profile");

pub mod app;
pub mod aws;
pub mod clock;
pub mod config;
pub mod http;
pub mod log;
pub mod mail;
pub mod model;
pub mod password;
pub mod store;
pub mod texts;
pub mod token;

pub use app::App;
pub use http::serve;
