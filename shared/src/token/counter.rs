//! The names of counters. What they count is personal (an address, a sign-in
//! name), so a name is a MAC over it: the table tells nobody who was meant.

use super::encode;
use super::secret::{AppSecret, Purpose};

impl AppSecret {
    /// The name of whom a counter counts: the same for the same `parts` while the
    /// secret's first value is the same. No part may hold a NUL.
    #[must_use]
    pub fn counter_name(&self, parts: &[&str]) -> String {
        encode(&self.mac(Purpose::Counter, parts.join("\0").as_bytes())[..16])
    }

    /// The same for a part of what a counter counts, in 16 letters and digits: two parts
    /// of one counter are taken for each other with a probability of 2^-64.
    #[must_use]
    pub fn counter_part(&self, parts: &[&str]) -> String {
        let mac = self.mac(Purpose::Counter, parts.join("\0").as_bytes());
        data_encoding::HEXLOWER.encode(&mac[..8])
    }
}
