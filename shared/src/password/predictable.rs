//! Passwords that a rule makes from next to nothing. The lists hold few of 15 and
//! more characters, so these are told by how they are made: a short text over and
//! over, rows of keys, or one word with such filler around it.

use unicode_normalization::UnicodeNormalization;

use super::common::{fold, is_common};

/// What follows one another: letters, digits, keys. A run is a part of one of
/// these, forwards or backwards, or one character over and over.
const ROWS: [&str; 26] = [
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "0123456789",
    "13579",
    "02468",
    "!@#$%^&*()_+",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopü",
    "yxcvbnm,.-",
    "azertyuiop",
    "qsdfghjklm",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik,",
    "9ol.",
    "0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qawsedrftgyhujikolp",
];
/// The shortest run.
const RUN: usize = 3;
/// Of so many characters one may be a digit or a symbol beside nothing but runs:
/// of eight digits made by chance, every tenth has a run of four.
const LOOSE_BESIDE_RUNS: usize = 4;
/// So many may stand around a word: a date, or a year and four more.
const LOOSE_AROUND_WORD: usize = 8;
/// The lengths of what may be a word, or a word over and over.
const WORD: std::ops::RangeInclusive<usize> = 5..=32;
/// The shortest name that a password may not consist of.
const NAME: usize = 3;

/// What a password turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A repetition, rows of keys, or a common word with filler.
    Rule,
    /// One of the account's names with filler.
    Name,
}

/// What `text` is, if it is predictable. What it repeats counts once, and has to
/// have `min` characters then.
pub(super) fn kind(text: &str, min: usize, names: &[&str]) -> Option<Kind> {
    let text: Vec<char> = text.nfkc().flat_map(char::to_lowercase).collect();
    let unit = unit(&text);
    if unit.len() < text.len() && unit.len() < min {
        return Some(Kind::Rule);
    }
    let mut once = unit.to_vec();
    once.dedup();
    let (before, after) = (cuts(unit.iter()), cuts(unit.iter().rev()));
    if is_filler(unit, &before) || is_filler(&once, &cuts(once.iter())) {
        return Some(Kind::Rule);
    }
    if before.iter().any(|cut| cut.at == unit.len()) {
        return None;
    }
    let names = names.iter().filter(|name| name.chars().count() >= NAME);
    let names: Vec<String> = names.map(|name| fold(name)).collect();
    let pairs = before.iter().flat_map(|before| after.iter().map(move |after| (before, after)));
    pairs
        .filter(|(before, after)| before.loose + after.loose <= LOOSE_AROUND_WORD)
        .filter_map(|(before, after)| unit.get(before.at..unit.len() - after.at))
        .filter(|core| core.len() <= *WORD.end())
        .find_map(|core| word(core, &names))
}

/// Whether it is a word, or one word over and over.
fn word(core: &[char], names: &[String]) -> Option<Kind> {
    let unit = unit(core);
    let end = unit.iter().rposition(|character| character.is_alphanumeric()).map_or(0, |last| last + 1);
    [core, &unit[..end]].into_iter().find_map(|text| {
        let letters = text.iter().filter(|character| character.is_alphabetic()).count();
        let is_word = WORD.contains(&text.len()) && letters * 2 > text.len();
        let text: String = text.iter().collect();
        if names.contains(&fold(&text)) {
            return Some(Kind::Name);
        }
        (is_word && is_common(&text)).then_some(Kind::Rule)
    })
}

/// What `text` repeats, the last time perhaps without its last character; or `text`.
fn unit(text: &[char]) -> &[char] {
    let length = text.len();
    let mut periods = 1..=length.div_ceil(2);
    let period = periods.find(|period| text[*period..] == text[..length - period]);
    &text[..period.unwrap_or(length).min(length)]
}

/// Where a text can be cut so that nothing but filler is before.
struct Cut {
    /// So many characters are before.
    at: usize,
    /// So many of them are in no run.
    loose: usize,
}

fn cuts<'a>(text: impl Iterator<Item = &'a char>) -> Vec<Cut> {
    let text: Vec<char> = text.copied().collect();
    let mut cuts = vec![Cut { at: 0, loose: 0 }];
    let (mut at, mut loose) = (0, 0);
    while at < text.len() {
        let run = run(&text[at..]);
        if run >= RUN {
            cuts.extend((RUN..=run).map(|length| Cut { at: at + length, loose }));
            at += run;
        } else if !text[at].is_alphabetic() && loose < LOOSE_AROUND_WORD {
            loose += 1;
            at += 1;
            cuts.push(Cut { at, loose });
        } else {
            break;
        }
    }
    cuts
}

fn is_filler(text: &[char], cuts: &[Cut]) -> bool {
    cuts.iter().any(|cut| cut.at == text.len() && cut.loose * LOOSE_BESIDE_RUNS <= text.len())
}

/// The length of the longest run that `text` begins with.
fn run(text: &[char]) -> usize {
    let Some(first) = text.first() else { return 0 };
    let same = text.iter().take_while(|character| *character == first).count();
    let rows = ROWS.iter().flat_map(|row| {
        let places = row.match_indices(*first);
        places.map(|(at, key)| (row[at..].chars(), row[..at + key.len()].chars().rev()))
    });
    rows.map(|(forwards, backwards)| shared(forwards, text).max(shared(backwards, text)))
        .fold(same, usize::max)
}

/// How many characters `row` and `text` begin with in common.
fn shared(row: impl Iterator<Item = char>, text: &[char]) -> usize {
    row.zip(text).take_while(|(key, character)| key == *character).count()
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    const NAMES: [&str; 2] = ["ada.lovelace@example.com", "ada.lovelace"];

    #[track_caller]
    fn are(texts: &[&str], min: usize, expected: Option<Kind>) {
        for text in texts {
            assert_eq!(kind(text, min, &NAMES), expected, "{text}");
        }
    }

    #[test]
    fn what_is_repeated_counts_once() {
        are(&["aaaaaaaa", "abcxabcx", "v8#kv8#kv8#k", "        ", "v8#kq!zv8#kq!"], 8, Some(Kind::Rule));
        are(&["v8#kq!zwv8#kq!zw"], 15, Some(Kind::Rule));
        are(&["v8#kq!zwv8#kq!zw", "tall pine river tall pine river "], 8, None);
        are(&["tall pine river tall pine river "], 15, None);
    }

    #[test]
    fn rows_of_keys_and_sequences_are_refused() {
        let rows = [
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "123456789012345678",
            "abcdefghijklmnop",
            "987654321abcdefg",
            "!QAZ@WSX#EDC$RFV",
            "asdfghjkl;'zxcvbnm",
            "112233445566778899",
            "aaaaabbbbbccccc1",
            "1q2w3e4r5t6y7u8i",
            "qwertzuiopasdfgh",
            "qwerty123456!!!",
            "zaq12wsxcde34rfv",
        ];
        are(&rows[..5], 15, Some(Kind::Rule));
        are(&rows[6..], 15, Some(Kind::Rule));
    }

    #[test]
    fn a_word_with_digits_a_year_or_a_row_is_that_word() {
        let words = [
            "Password01011990",
            "password1234567890",
            "sunshine2024sunshine2024",
            "dragondragon2024",
            "dragon-dragon-1984!",
            "qwertypassword123",
            "!!!M0nkey2024!!!",
            "P@ssw0rd!!202420",
            "p a s s w o r d".trim_matches('p'),
            "jennifer12345678",
            "password password",
            "Charlie.Charlie.",
        ];
        for (index, word) in words.iter().enumerate() {
            are(&[word], 15, (index != 8).then_some(Kind::Rule));
        }
    }

    #[test]
    fn a_name_of_the_account_with_digits_is_that_name() {
        are(&["ada.lovelace2024", "2024Ada.Lovelace!", "ADA.lovelace@example.com1"], 8, Some(Kind::Name));
        are(&["ada.lovelace.ada.lovelace.12"], 15, Some(Kind::Name));
        are(&["lovelace and ada 2024"], 8, None);
    }

    #[test]
    fn phrases_and_what_chance_makes_are_not_predictable() {
        let good = [
            "correct horse battery staple",
            "a different but also good one",
            "onlysmallletters",
            "ONLY CAPITALS",
            "fifteen letters",
            "8301748265",
            // Eight of the digits are in the table, and no word.
            "7401011985",
            "password is what I never say",
            "dragon and monkey 2024",
            "パスワードです日本",
            "v8#kq!zw",
            "éééé ééü",
            "tall pine 7 rivers",
        ];
        are(&good, 8, None);
    }

    #[test]
    fn chance_is_hardly_ever_refused() {
        let mut chance = fastrand::Rng::with_seed(14);
        for length in [8, 12, 16] {
            for _ in 0..5_000 {
                let text: String = (0..length).map(|_| char::from(chance.u8(b'!'..=b'~'))).collect();
                assert_eq!(kind(&text, 8, &NAMES), None, "{text}");
            }
        }
    }

    #[test]
    fn the_longest_password_is_judged_too() {
        for text in ["a".repeat(1024), "12".repeat(512), "1234567890qwertyuiop".repeat(51)] {
            assert_eq!(kind(&text, 8, &[]), Some(Kind::Rule));
        }
        let mut chance = fastrand::Rng::with_seed(15);
        let long: String = (0..1024).map(|_| char::from(chance.u8(b'!'..=b'~'))).collect();
        assert_eq!(kind(&long, 8, &[]), None);
    }
}
