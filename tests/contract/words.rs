//! The words of mails and pages: two files for each language, which call a thing by
//! one name.

use std::collections::BTreeSet;

use shared::model::Locale;

use crate::read;

/// What another name for the same thing would look like, by language: the form of
/// address, devices, the second factor, an administrator.
const STRANGERS: [(&str, &[&str]); 10] = [
    ("en", &["login", "log in", "log out", "administrators", " admin "]),
    ("de", &[" du ", " dein", " dich", "Setzen Sie ein", "einloggen"]),
    ("fr", &[" tu ", " ton ", " ta ", "courriel", "'"]),
    ("es", &["usted", "ustedes", " Su ", "Elija", "Escriba", "Pulse", "Use "]),
    ("pt", &[" tu ", " teu", " tua", "palavra-passe", "utilizador"]),
    ("bn", &["তুমি", "তোমা", "অ্যাডমিন", "\""]),
    ("ta", &["நீ ", "உன் ", "காரணி", "எல்லா சாதன"]),
    ("hi", &["तुम", "उपकरण", "यदि", "कारक", "एडमिन", "\""]),
    ("ja", &["端末", "第二要素", "Eメール", "電子メール"]),
    ("ar", &["مشرف", "المشرفين", "أدمن"]),
];

const PAIRS: [(char, char); 4] = [('“', '”'), ('„', '“'), ('«', '»'), ('「', '」')];

fn texts(locale: Locale) -> [String; 2] {
    let tag = locale.tag();
    ["shared/src/mail/texts", "functions/auth/src/pages/texts"]
        .map(|folder| read(&format!("{folder}/{tag}.txt")))
}

/// What is between quotation marks: only the name of "forgot password" ever is.
fn quoted(text: &str) -> BTreeSet<String> {
    let text = text.replace(" \"", " “").replace('"', "”");
    let inside = |(open, close): (char, char)| {
        let parts: Vec<String> = text
            .split(open)
            .skip(1)
            .filter_map(|part| part.split_once(close).map(|(name, _)| name.trim().to_owned()))
            .collect();
        parts
    };
    PAIRS.into_iter().flat_map(inside).collect()
}

#[test]
fn mails_and_pages_call_a_thing_by_one_name() {
    for locale in Locale::ALL {
        let [mails, pages] = texts(locale);
        let names = quoted(&mails);
        assert_eq!(names.len(), 1, "{}: {names:?}", locale.tag());
        assert_eq!(quoted(&pages), names, "{}", locale.tag());
    }
}

#[test]
fn no_language_has_two_words_for_one_thing_or_two_forms_of_address() {
    let tags: BTreeSet<&str> = Locale::ALL.map(Locale::tag).into();
    assert_eq!(STRANGERS.map(|(tag, _)| tag).into_iter().collect::<BTreeSet<_>>(), tags);
    for (tag, strangers) in STRANGERS {
        let locale = Locale::of_tag(tag).unwrap();
        for text in texts(locale) {
            for line in text.lines() {
                let found = strangers.iter().find(|stranger| line.contains(**stranger));
                assert_eq!(found, None, "{tag}: {line}");
            }
        }
    }
}
