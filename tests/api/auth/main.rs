//! `/auth/**` and the tokens that it gives.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod access_token_forgeries;
mod access_tokens;
mod app_secret;
mod breaches;
mod concurrency;
mod confirm_registration;
mod cookie_ends;
mod cookie_origins;
mod cookies;
mod discovery;
mod forge;
mod forgot_and_reset;
mod key_load;
mod key_revocation;
mod key_rotation;
mod key_search;
mod keys;
mod limits;
mod login;
mod logout;
mod mfa;
mod pages;
mod passwords;
mod prepared;
mod refresh;
mod refresh_tokens;
mod register;
mod register_admin;
mod revoke;
mod revoke_attacks;
mod steps;
mod stored_hashes;
mod tab;
mod undo_unverified;
mod verify_email;
