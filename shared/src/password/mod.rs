//! Hashing passwords and judging new ones.

mod hasher;
mod policy;

pub use hasher::{Hasher, Verdict};
pub use policy::{Policy, Weakness};
