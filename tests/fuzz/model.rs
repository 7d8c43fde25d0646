//! Values that arrive checked: what passes the check once passes it again as it is,
//! or an item that was written could not be read. security.md H07.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use shared::model::{Email, Password, PersonName, UserId, Username};

use crate::{holds, text};

/// What is stored is read back as it was.
fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, text: &str) {
    let stored = serde_json::to_value(value).unwrap();
    assert_eq!(stored, text);
    assert_eq!(serde_json::from_value::<T>(stored).as_ref().unwrap(), value);
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

#[test]
fn an_address_is_normalized_once_and_for_all() {
    let likely = prop_oneof![
        " ?[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,70}@[A-Za-z0-9.-]{1,70}\\.[A-Za-z]{2,8} ?",
        "[ -~]{0,20}@[ -~]{0,20}",
        text(),
    ];
    holds(&likely, |typed| {
        let Ok(email) = typed.parse::<Email>() else { return };
        let text = email.as_str();
        comes_back(&email, text);
        assert_eq!(text.parse().as_ref(), Ok(&email));
        assert_eq!(text.to_uppercase().parse().as_ref(), Ok(&email));
        assert!(
            text.len() <= 254 && text.is_ascii() && !has_control(text) && !text.contains(' '),
            "{text:?}"
        );
        assert_eq!(text, text.to_lowercase());
        assert!(text.contains('@') && !email.local_part().is_empty());
    });
}

#[test]
fn a_username_stays_as_it_was_typed() {
    holds(&prop_oneof!["[A-Za-z0-9._-]{0,33}", text()], |typed| {
        let Ok(username) = typed.parse::<Username>() else { return };
        comes_back(&username, &typed);
        assert!((3..=30).contains(&typed.len()) && typed.is_ascii() && !typed.contains('@'));
        let lower: Username = username.lower().parse().unwrap();
        assert_eq!(lower.lower(), username.lower());
    });
}

#[test]
fn a_name_is_normalized_once_and_for_all() {
    let composed = prop::collection::vec(
        prop_oneof![
            any::<char>(),
            prop::char::range('\u{300}', '\u{36f}'),
            prop::char::range('\u{1100}', '\u{11ff}'),
            prop::char::range('\u{2000}', '\u{2030}'),
            prop::char::range('\u{fb1d}', '\u{fb4f}'),
            prop::char::range('a', 'z'),
        ],
        0..110,
    );
    let typed =
        prop_oneof![3 => composed.prop_map(|chars| chars.into_iter().collect::<String>()), 1 => text()];
    holds(&typed, |typed| {
        let Ok(name) = serde_json::from_value::<PersonName>(json!(typed)) else { return };
        let text = name.as_str();
        comes_back(&name, text);
        assert!(
            !has_control(text) && text == text.trim() && (1..=100).contains(&text.chars().count()),
            "{text:?}"
        );
    });
}

#[test]
fn a_password_is_the_same_however_its_letters_are_composed() {
    holds(&text(), |typed| {
        let Ok(password) = Password::try_from(typed.clone()) else {
            assert!(typed.is_empty() || typed.len() > 1024);
            return;
        };
        let once = password.expose().to_owned();
        assert!(!format!("{password:?}").contains(&typed) || "Password([REDACTED])".contains(&typed));
        if let Ok(again) = Password::try_from(once.clone()) {
            assert_eq!(again.expose(), once);
        }
    });
}

#[test]
fn an_id_has_one_spelling() {
    let typed =
        prop_oneof!["[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "[0-9a-f{}-]{30,40}", text()];
    holds(&typed, |typed| {
        if let Ok(id) = typed.parse::<UserId>() {
            assert_eq!(id.to_string(), typed);
            comes_back(&id, &typed);
        }
    });
}
