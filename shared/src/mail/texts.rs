//! The words of the mails, a file for each language. A section is a mail: its
//! subject, then a paragraph a line. Whether each file has every section, in this
//! order, and each section its variables and no others, is found out by the compiler.

use crate::model::Locale;
use crate::texts::begins;

/// A section's name and the variables that it needs.
type Section = (&'static str, &'static [&'static str]);

const LINK: &[&str] = &["{link}", "{ignore}"];
const NOTICE: &[&str] = &["{not_you}"];

/// Every section, in its order. The first three are paragraphs that others take in.
const SECTIONS: [Section; 27] = [
    ("ignore", &[]),
    ("not_you", &[]),
    ("undo", &[]),
    ("confirm_registration", LINK),
    ("already_registered", &[]),
    ("invitation", LINK),
    ("reset_password", LINK),
    ("verify_email", LINK),
    ("confirm_email", LINK),
    ("address_in_use", &[]),
    ("password_changed", NOTICE),
    ("password_reset", NOTICE),
    ("password_change_required", &[]),
    ("approved", &[]),
    ("email_change_requested", NOTICE),
    ("email_changed", NOTICE),
    ("email_changed_by_admin", NOTICE),
    ("made_admin", NOTICE),
    ("no_longer_admin", NOTICE),
    ("account_deleted", &["{until}"]),
    ("account_restored", NOTICE),
    ("refresh_token_reused", NOTICE),
    ("mfa_added", NOTICE),
    ("mfa_removed", NOTICE),
    ("mfa_removed_by_admin", NOTICE),
    ("recovery_codes_created", NOTICE),
    ("recovery_code_used", &["{left}", "{not_you}"]),
];

macro_rules! texts {
    ($($locale:ident $file:literal,)*) => {
        pub(super) fn file(locale: Locale) -> &'static str {
            match locale { $(Locale::$locale => include_str!(concat!("texts/", $file)),)* }
        }
        $(const _: () = check(include_str!(concat!("texts/", $file)).as_bytes());)*
    };
}

texts! {
    En "en.txt",
    De "de.txt",
    Fr "fr.txt",
    Es "es.txt",
    Pt "pt.txt",
    Bn "bn.txt",
    Ta "ta.txt",
    Hi "hi.txt",
    Ja "ja.txt",
    Ar "ar.txt",
}

/// The lines of a section: a mail's subject, then its paragraphs.
pub(super) fn section(locale: Locale, name: &str) -> impl Iterator<Item = &'static str> {
    let heading = format!("[{name}]");
    let lines = file(locale).lines().skip_while(move |line| *line != heading).skip(1);
    lines.take_while(|line| !line.starts_with('['))
}

/// The variables that a section needs, if there is one of that name.
pub(super) fn variables(name: &str) -> Option<&'static [&'static str]> {
    SECTIONS.iter().find(|(section, _)| *section == name).map(|(_, variables)| *variables)
}

const fn check(text: &[u8]) {
    let (mut at, mut number) = (0, 0);
    while number < SECTIONS.len() {
        let (name, variables) = SECTIONS[number];
        assert!(text[at] == b'[' && begins(text, at + 1, name), "a section is wanting, or out of order");
        at += name.len() + 1;
        assert!(begins(text, at, "]\n"), "a heading ends with a bracket and its line");
        let begin = at + 2;
        at = begin;
        while at < text.len() && text[at] != b'[' {
            at += 1;
        }
        check_section(text, begin, at, variables);
        number += 1;
    }
    assert!(at == text.len(), "there is a section that no mail has");
}

/// Each variable once, and no other brace.
const fn check_section(text: &[u8], begin: usize, end: usize, variables: &[&str]) {
    assert!(end > begin && text[end - 1] == b'\n', "a section has lines");
    let (mut at, mut braces, mut found) = (begin, 0, 0);
    while at < end {
        if text[at] == b'{' {
            braces += 1;
        }
        at += 1;
    }
    let mut number = 0;
    while number < variables.len() {
        at = begin;
        while at < end {
            if begins(text, at, variables[number]) {
                found += 1;
            }
            at += 1;
        }
        number += 1;
        assert!(found == number, "a variable is wanting, or is there twice");
    }
    assert!(braces == found, "a variable is unknown here");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the compiler does to a file that is wrong.
    #[test]
    fn a_file_that_lacks_something_is_not_compiled() {
        let whole = file(Locale::En);
        check(whole.as_bytes());
        let section = "[address_in_use]\n";
        for broken in [
            whole.replace("{link}\n", ""),
            whole.replace("{left}", "{right}"),
            whole.replace("{left}", "{left} {left}"),
            whole.replacen(section, "", 1),
            whole.replacen(section, "[adress_in_use]\n", 1),
            format!("{whole}[more]\nMore\n"),
            whole.replacen("[verify_email]\nVerify", "[verify_email]\nVerify {link}", 1),
        ] {
            let result = std::panic::catch_unwind(|| check(broken.as_bytes()));
            assert!(result.is_err(), "{broken}");
        }
    }

    #[test]
    fn every_language_has_its_own_words() {
        for (name, _) in SECTIONS {
            let first: Vec<_> = Locale::ALL.into_iter().map(|locale| section(locale, name).next()).collect();
            for (n, words) in first.iter().enumerate() {
                assert!(words.is_some() && !first[..n].contains(words), "{name}: {words:?}");
            }
            let count = |locale| section(locale, name).count();
            assert!(Locale::ALL.into_iter().all(|locale| count(locale) == count(Locale::En)), "{name}");
        }
    }
}
