//! The passwords that are tried first: 144,000 of the common and leaked ones, as
//! a sorted table of the first 40 bits of their SHA-256. `scripts/passwords.py`
//! makes it and says from which lists, and how it is laid out.

use aws_lc_rs::digest::{SHA256, digest};
use unicode_normalization::UnicodeNormalization;

static TABLE: &[u8] = include_bytes!("common.bin");

const STARTS: usize = 256 * 4;
const COUNTS: usize = 65_536;
/// What an entry has left when two bytes say where it is.
const REST: usize = 3;

/// Whether a password, or a word of one, is among the common ones: in any case,
/// and whatever stands for a letter (`P@ssw0rd`). Of those that are not, it takes
/// one in 7.6 million for common.
pub(super) fn is_common(text: &str) -> bool {
    let hash = digest(&SHA256, fold(text).as_bytes());
    let [a, b, rest @ ..] = hash.as_ref() else { return false };
    contains(*a, *b, &rest[..REST])
}

/// One spelling for all that are read as the same: NFKC, small letters, and the
/// letter for what is commonly put in its place. `l` is spelt `i`, for `1` is both.
pub(super) fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).map(letter).collect()
}

fn letter(character: char) -> char {
    match character {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' | '|' | 'l' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' | '+' => 't',
        other => other,
    }
}

/// Looks among the entries that begin with the bytes `a` and `b`: two, as a rule.
fn contains(a: u8, b: u8, rest: &[u8]) -> bool {
    let (starts, table) = TABLE.split_at(STARTS);
    let (counts, entries) = table.split_at(COUNTS);
    let (first, bucket) = (usize::from(a), usize::from(a) << 8 | usize::from(b));
    let start = starts[first * 4..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes) as usize);
    let start = start + counts[first << 8..bucket].iter().map(|count| usize::from(*count)).sum::<usize>();
    let end = start + usize::from(counts[bucket]);
    entries[start * REST..end * REST].chunks_exact(REST).any(|entry| entry == rest)
}

#[cfg(test)]
mod tests {
    use super::{COUNTS, REST, STARTS, TABLE, contains, fold, is_common};

    /// Every 97th password of the lists in clear, and every 24th of at least 15 characters.
    const SAMPLE: &str = include_str!("common-sample.txt");

    /// Each entry's five bytes, read in another way than [`contains`] does.
    fn entries() -> Vec<[u8; 5]> {
        let counts = &TABLE[STARTS..STARTS + COUNTS];
        let buckets = (0u16..=u16::MAX).flat_map(|bucket| {
            let count = counts[usize::from(bucket)];
            std::iter::repeat_n(bucket.to_be_bytes(), usize::from(count))
        });
        let rest = TABLE[STARTS + COUNTS..].chunks_exact(REST);
        assert!(rest.remainder().is_empty());
        assert_eq!(buckets.clone().count(), rest.len());
        buckets.zip(rest).map(|([a, b], rest)| [a, b, rest[0], rest[1], rest[2]]).collect()
    }

    #[test]
    fn every_entry_of_the_table_is_found_and_none_beside_it() {
        let entries = entries();
        assert!(entries.is_sorted_by(|one, next| one < next));
        assert!(entries.len() >= 140_000, "{}", entries.len());
        for [a, b, rest @ ..] in &entries {
            assert!(contains(*a, *b, rest));
            let [_, _, beside @ ..] = [0, 0, rest[0], rest[1], rest[2] ^ 1];
            let known = entries.binary_search(&[*a, *b, beside[0], beside[1], beside[2]]).is_ok();
            assert_eq!(contains(*a, *b, &beside), known);
        }
    }

    #[test]
    fn every_password_of_the_sample_is_common_in_any_case() {
        assert!(SAMPLE.lines().count() >= 1500);
        assert!(SAMPLE.lines().filter(|word| word.len() >= 15).count() >= 300);
        for word in SAMPLE.lines() {
            assert!(word.len() >= 8 && is_common(word), "{word}");
            assert!(is_common(&word.to_uppercase()), "{word}");
        }
    }

    #[test]
    fn what_stands_for_a_letter_is_that_letter() {
        for text in ["P@ssw0rd", "pa$$word", "passw|0rd", "ｐａｓｓｗｏｒｄ", "1L0V3Y0U", "+RUS7N01"]
        {
            assert_eq!(is_common(text), text != "passw|0rd", "{text}");
        }
        assert_eq!(fold("Straße Ⅷ"), "straße viii");
        assert_eq!(fold("İ"), fold("i\u{307}"));
    }

    #[test]
    fn a_password_made_by_chance_is_not_common() {
        let mut chance = fastrand::Rng::with_seed(20);
        let mut found = 0;
        for _ in 0..50_000 {
            let text: String = (0..12).map(|_| char::from(chance.u8(b'!'..=b'~'))).collect();
            found += usize::from(is_common(&text));
        }
        assert_eq!(found, 0);
    }
}
