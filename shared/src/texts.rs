//! What the compiler's checks of files of words share: those of the mails here, those
//! of the pages in `auth`.

/// Whether `part` is in `text` from `at` on.
#[must_use]
pub const fn begins(text: &[u8], at: usize, part: &str) -> bool {
    let part = part.as_bytes();
    let mut number = 0;
    while number < part.len() {
        if at + number >= text.len() || text[at + number] != part[number] {
            return false;
        }
        number += 1;
    }
    true
}
