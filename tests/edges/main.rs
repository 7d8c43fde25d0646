//! What is malformed, slow or gone.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bodies;
mod bodies_walk;
mod cors;
mod events;
mod faults;
mod fuzz;
mod logs;
mod lost;
mod routes;
