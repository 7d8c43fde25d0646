//! Hashing passwords and judging new ones.

mod breaches;
mod common;
mod hasher;
mod policy;
mod predictable;

pub use breaches::Breaches;
pub use hasher::{Hasher, Verdict};
pub use policy::{Policy, Weakness};
