//! What is malformed, slow or gone.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bearer;
mod bodies;
mod bodies_walk;
mod conflicts;
mod cors;
mod events;
mod faults;
mod headers;
mod index;
mod logs;
mod lost;
mod order;
mod pretenders;
mod routes;
