//! An operator's own words, in place of the built-in ones: the same format, as many
//! sections as wanted. What is wrong in them is found when they are set; the mailer looks
//! once more, for a later version may have other variables, and goes by its own words
//! where the operator's will not do.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::texts::{section, variables};
use crate::model::Locale;
use crate::store::{Store, StoreError};

/// Sections in an operator's words: those that will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnTexts(BTreeMap<String, Vec<String>>);

/// What is wrong in a file of own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// From 1.
    pub line: usize,
    /// For people.
    pub what: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// These stand in a line of their own.
const PARAGRAPHS: [&str; 3] = ["{link}", "{ignore}", "{not_you}"];
/// Letters of a subject.
const SUBJECT: usize = 200;

struct Part<'a> {
    line: usize,
    name: &'a str,
    lines: Vec<(usize, &'a str)>,
}

impl OwnTexts {
    /// The sections that will do, and what is wrong with the others.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<Flaw>) {
        let (mut parts, mut flaws): (Vec<Part>, Vec<Flaw>) = (Vec::new(), Vec::new());
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        for (line, words) in (1..).zip(lines).filter(|(_, words)| !words.is_empty()) {
            let name = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
            match (name, parts.last_mut()) {
                (Some(name), _) => parts.push(Part { line, name, lines: Vec::new() }),
                (None, Some(part)) => part.lines.push((line, words)),
                (None, None) => flaws.push(Flaw { line, what: "is before the first [section]".to_owned() }),
            }
        }
        let mut own = Self::default();
        for part in parts {
            let mut found = part.flaws();
            if own.0.contains_key(part.name) {
                found.push(part.flaw(format!("there are two of [{}]", part.name)));
            }
            if found.is_empty() {
                let lines = part.lines.iter().map(|(_, words)| (*words).to_owned()).collect();
                own.0.insert(part.name.to_owned(), lines);
            }
            flaws.append(&mut found);
        }
        (own, flaws)
    }

    /// How many sections there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl Part<'_> {
    fn flaw(&self, what: String) -> Flaw {
        Flaw { line: self.line, what }
    }

    fn flaws(&self) -> Vec<Flaw> {
        let Some(needed) = variables(self.name) else {
            return vec![self.flaw(format!("there is no section [{}]", self.name))];
        };
        let is_part = matches!(self.name, "ignore" | "not_you" | "undo");
        let mut flaws = Vec::new();
        if self.lines.len() < if is_part { 1 } else { 2 } {
            let wanting = if is_part { "a line" } else { "a subject and a paragraph" };
            flaws.push(self.flaw(format!("[{}] needs {wanting}", self.name)));
        }
        let mut found: Vec<String> = Vec::new();
        for (number, (line, words)) in self.lines.iter().enumerate() {
            let mut say = |what: String| flaws.push(Flaw { line: *line, what });
            let is_subject = number == 0 && !is_part;
            if words.chars().any(char::is_control) || (is_subject && words.chars().count() > SUBJECT) {
                say("has control characters, or is too long for a subject".to_owned());
            }
            for variable in braced(words) {
                if !needed.contains(&variable.as_str()) {
                    say(format!("[{}] has no variable {variable}", self.name));
                } else if is_subject {
                    say(format!("{variable} cannot be in the subject"));
                } else if PARAGRAPHS.contains(&variable.as_str()) && *words != variable {
                    say(format!("{variable} needs a line of its own"));
                } else {
                    found.push(variable);
                }
            }
        }
        for variable in needed {
            match found.iter().filter(|found| found == variable).count() {
                1 => {}
                0 => flaws.push(self.flaw(format!("[{}] lacks {variable}", self.name))),
                _ => flaws.push(self.flaw(format!("[{}] has {variable} twice", self.name))),
            }
        }
        flaws
    }
}

/// What stands in braces; an open one is a variable that nobody knows.
fn braced(words: &str) -> Vec<String> {
    let parts = words.split('{').skip(1);
    let mut all: Vec<String> = parts
        .map(|part| part.split_once('}').map_or_else(|| "{".to_owned(), |(name, _)| format!("{{{name}}}")))
        .collect();
    if words.matches('}').count() != words.matches('{').count() {
        all.push("}".to_owned());
    }
    all
}

/// The words of a language: the operator's, where there are any.
#[derive(Clone, Debug)]
pub struct Words {
    pub(super) locale: Locale,
    own: Option<Arc<OwnTexts>>,
}

impl Words {
    /// A language with an operator's words.
    #[must_use]
    pub fn with(locale: Locale, own: OwnTexts) -> Self {
        Self { locale, own: Some(Arc::new(own)) }
    }

    /// The language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The lines of a section: a mail's subject, then its paragraphs.
    pub(super) fn section(&self, name: &str) -> Vec<&str> {
        match self.own.as_ref().and_then(|own| own.0.get(name)) {
            Some(lines) => lines.iter().map(String::as_str).collect(),
            None => section(self.locale, name).collect(),
        }
    }
}

impl From<Locale> for Words {
    fn from(locale: Locale) -> Self {
        Self { locale, own: None }
    }
}

impl From<&Words> for Words {
    fn from(words: &Words) -> Self {
        words.clone()
    }
}

/// So long may what the operator sets take to be seen.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// The operator's words as they were read last. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct OwnWords(Arc<Mutex<HashMap<Locale, Held>>>);

#[derive(Clone, Debug)]
struct Held {
    read_at: Timestamp,
    set_at: Option<Timestamp>,
    own: Option<Arc<OwnTexts>>,
}

impl OwnWords {
    /// The words of a language, at most a minute old. What will not do is logged, once,
    /// and the built-in words stand in its place.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn of(&self, store: &Store, locale: Locale) -> Result<Words, StoreError> {
        let now = store.now();
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&locale).cloned();
        if let Some(held) = held.as_ref().filter(|held| now.duration_since(held.read_at) < FRESH) {
            return Ok(Words { locale, own: held.own.clone() });
        }
        let text = match store.mail_text(locale).await {
            Err(StoreError::Broken(cause)) => {
                tracing::error!(cause, "a mail's own texts do not read; the built-in ones are sent");
                None
            }
            text => text?,
        };
        let set_at = text.as_ref().map(|text| text.updated_at);
        let own = text.map(|text| {
            let (own, flaws) = OwnTexts::parse(&text.text);
            if held.is_none_or(|held| held.set_at != set_at) {
                for flaw in flaws {
                    let cause = format!("{}, {flaw}", locale.tag());
                    tracing::error!(cause, "a mail's own text will not do; the built-in one is sent");
                }
            }
            Arc::new(own)
        });
        let held = Held { read_at: now, set_at, own: own.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(locale, held);
        Ok(Words { locale, own })
    }
}

#[cfg(test)]
mod tests {
    use super::{OwnTexts, Words};
    use crate::mail::Message;
    use crate::model::Locale;

    fn flaws(text: &str) -> Vec<String> {
        OwnTexts::parse(text).1.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, flaw) in [
            ("Hello\n[approved]\nA\nB", "line 1: is before the first [section]"),
            ("[aproved]\nA\nB", "line 1: there is no section [aproved]"),
            ("[approved]\nA", "line 1: [approved] needs a subject and a paragraph"),
            ("\n[ignore]\n", "line 2: [ignore] needs a line"),
            ("[approved]\nA\n\nB {name}", "line 4: [approved] has no variable {name}"),
            ("[approved]\nA\nB {", "line 3: [approved] has no variable {"),
            ("[approved]\nA\nB }", "line 3: [approved] has no variable }"),
            ("[approved]\nA\nB\n[approved]\nA\nB", "line 4: there are two of [approved]"),
            ("[reset_password]\nA\n{ignore}", "line 1: [reset_password] lacks {link}"),
            ("[reset_password]\nA\n{link}\n{link}\n{ignore}", "line 1: [reset_password] has {link} twice"),
            ("[reset_password]\nA\nHere: {link}\n{ignore}", "line 3: {link} needs a line of its own"),
            ("[recovery_code_used]\nOnly {left}\nB\n{not_you}", "line 2: {left} cannot be in the subject"),
        ] {
            assert!(flaws(text).contains(&flaw.to_owned()), "{text}: {:?}", flaws(text));
        }
        assert_eq!(flaws("\u{feff}[approved]\r\n Come in \r\n\r\nThe door is open.\r\n"), [""; 0]);
    }

    /// Every built-in file is one that an operator could set.
    #[test]
    fn the_format_is_that_of_the_built_in_words() {
        for locale in Locale::ALL {
            let text = crate::mail::texts::file(locale);
            let (own, flaws) = OwnTexts::parse(text);
            assert_eq!(flaws, []);
            assert_eq!(Message::all(Words::with(locale, own)), Message::all(locale));
        }
    }

    #[test]
    fn own_words_are_words_and_no_markup() {
        let text =
            "[verify_email]\nPlease <b>verify</b>\nAcme & Co <script>alert(1)</script>\n{link}\n{ignore}";
        let (own, flaws) = OwnTexts::parse(text);
        assert_eq!(flaws, []);
        let mail = Message::verify_email(Words::with(Locale::En, own), "https://a.example/\"><i>#token=abc");
        assert!(mail.html.contains("Acme &amp; Co &lt;script&gt;") && !mail.html.contains("<script>"));
        assert!(!mail.html.contains("\"><i>") && !mail.html.contains("<b>"), "{}", mail.html);
        assert_eq!(mail.subject, "Please <b>verify</b>");
    }
}
