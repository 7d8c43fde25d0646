//! The words of the pages, a file for each language, a text a line. Whether each
//! file has every text, in this order, and each text its variables, is found out by
//! the compiler.

use shared::model::Locale;
use shared::texts::begins;

/// Every text, in its order.
const NAMES: [&str; 52] = [
    "no_script",
    "no_token",
    "working",
    "show",
    "password",
    "new_password",
    "min_length",
    "username",
    "confirm_registration_title",
    "confirm_registration_intro",
    "confirm_registration_button",
    "confirm_registration_done",
    "confirm_registration_void",
    "verify_email_title",
    "verify_email_intro",
    "verify_email_button",
    "verify_email_done",
    "verify_email_void",
    "reset_password_title",
    "reset_password_intro",
    "reset_password_button",
    "reset_password_done",
    "reset_password_void",
    "confirm_email_title",
    "confirm_email_intro",
    "confirm_email_button",
    "confirm_email_done",
    "confirm_email_void",
    "accept_invite_title",
    "accept_invite_intro",
    "accept_invite_button",
    "accept_invite_done",
    "accept_invite_void",
    "not_me_title",
    "not_me_intro",
    "not_me_button",
    "not_me_done",
    "not_me_void",
    "pending",
    "password_missing",
    "invalid_token",
    "wrong_password",
    "password_too_short",
    "password_too_common",
    "password_too_predictable",
    "password_too_similar",
    "password_breached",
    "username_taken",
    "invalid_username",
    "registration_closed",
    "too_many_requests",
    "other",
];

/// The texts that name the least length of a password.
const WITH_LENGTH: [&str; 2] = ["min_length", "password_too_short"];
const LENGTH: &str = "{min}";

macro_rules! texts {
    ($($locale:ident $file:literal,)*) => {
        fn file(locale: Locale) -> &'static str {
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

/// The text of that name, where `{min}` is the least length of a password.
pub(super) fn text(locale: Locale, name: &str, min_length: usize) -> String {
    let lines = file(locale).lines().filter_map(|line| line.split_once(": "));
    let found = lines.into_iter().find(|(known, _)| *known == name);
    found.map_or_else(String::new, |(_, text)| text.replace(LENGTH, &min_length.to_string()))
}

const fn check(text: &[u8]) {
    let (mut at, mut number) = (0, 0);
    while number < NAMES.len() {
        let name = NAMES[number];
        assert!(begins(text, at, name), "a text is wanting, or out of order");
        at += name.len();
        assert!(begins(text, at, ": "), "a name ends with a colon and a space");
        let begin = at + 2;
        at = begin;
        let mut variables = 0;
        while at < text.len() && text[at] != b'\n' {
            if text[at] == b'{' {
                assert!(begins(text, at, LENGTH), "a variable is unknown");
                variables += 1;
            }
            at += 1;
        }
        assert!(at < text.len() && at > begin, "a text has words, and its line an end");
        assert!(variables == wanted(name), "a variable is wanting, or is there twice");
        at += 1;
        number += 1;
    }
    assert!(at == text.len(), "there is a text that no page has");
}

const fn wanted(name: &str) -> usize {
    let mut number = 0;
    while number < WITH_LENGTH.len() {
        if name.len() == WITH_LENGTH[number].len() && begins(name.as_bytes(), 0, WITH_LENGTH[number]) {
            return 1;
        }
        number += 1;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the compiler does to a file that is wrong.
    #[test]
    fn a_file_that_lacks_something_is_not_compiled() {
        let whole = file(Locale::En);
        check(whole.as_bytes());
        for broken in [
            whole.replacen("At least {min}", "At least 8", 1),
            whole.replacen("{min}", "{max}", 1),
            whole.replacen("{min}", "{min} {min}", 1),
            whole.replacen("show: Show password\n", "", 1),
            whole.replacen("show: ", "shown: ", 1),
            whole.replacen("show: Show password", "show: ", 1),
            format!("{whole}more: More\n"),
            whole.trim_end().to_owned(),
        ] {
            assert!(std::panic::catch_unwind(|| check(broken.as_bytes())).is_err(), "{broken}");
        }
    }

    #[test]
    fn every_language_has_its_own_words() {
        for name in NAMES {
            let all = Locale::ALL.map(|locale| text(locale, name, 8));
            for (n, words) in all.iter().enumerate() {
                assert!(!words.is_empty() && !all[..n].contains(words), "{name}: {words}");
            }
        }
    }
}
