//! What is malformed, slow or gone.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "tests")]
