//! Whatever fails between a function and the table, and wherever a process dies,
//! nothing is half done and nobody is told what is not so. security.md H05, P05,
//! P06, P10, P12.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../access/cast.rs"]
#[allow(dead_code, reason = "shared with the test of who may do what")]
mod cast;
mod child;
mod effects;
mod extras;
mod items;
mod killed;
mod lanes;
mod mails;
mod matrix;
mod planted;
mod proxy;
mod scene;
#[path = "../access/table.rs"]
mod table;
mod trial;
