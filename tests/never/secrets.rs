//! 6. Running on a default secret, or with a required setting missing: refuse to
//!    start, naming every bad setting.

use shared::config::{Config, Setting};
use tests::APP_SECRET;

const FUNCTIONS: [(&str, &[Setting]); 7] = [
    ("auth", auth::SETTINGS),
    ("users", users::SETTINGS),
    ("admin", admin::SETTINGS),
    ("posts", posts::SETTINGS),
    ("docs", docs::SETTINGS),
    ("mailer", mailer::SETTINGS),
    ("worker", worker::SETTINGS),
];

fn complete(name: &str) -> Option<String> {
    let value = match name {
        "TABLE_NAME" => "usher",
        "APP_SECRET" => APP_SECRET,
        "MAIL_FROM" => "Usher <no-reply@example.com>",
        "FRONTEND_URL" => "https://app.example.com",
        _ => return None,
    };
    Some(value.to_owned())
}

#[test]
fn no_function_starts_while_a_required_setting_is_missing_or_empty() {
    for (function, settings) in FUNCTIONS {
        let required: Vec<_> = settings.iter().filter(|setting| setting.is_required()).collect();
        for empty in [None, Some(String::new()), Some("  ".to_owned())] {
            let Err(error) = Config::read(settings, |_| empty.clone()) else {
                assert!(required.is_empty(), "{function} starts on nothing");
                continue;
            };
            let expected: Vec<_> =
                required.iter().map(|setting| format!("{} is not set", setting.name())).collect();
            assert_eq!(error.0, expected, "{function}");
        }
        assert!(Config::read(settings, complete).is_ok(), "{function}");
    }
}

#[test]
fn only_who_signs_and_mails_has_the_secret() {
    for (function, settings) in FUNCTIONS {
        let has = settings.contains(&Setting::AppSecret);
        assert_eq!(has, matches!(function, "auth" | "mailer"), "{function}");
    }
}

/// J08, C04
#[test]
fn nothing_runs_on_a_default_secret() {
    let config = Config::default();
    assert!(config.app_secret.is_none() && config.admin_registration_key.is_none());
    let nothing_but_a_table = |name: &str| (name == "TABLE_NAME").then(|| "usher".to_owned());
    let error = Config::read(auth::SETTINGS, nothing_but_a_table).unwrap_err();
    assert_eq!(error.0, ["APP_SECRET is not set"]);
    for secret in [
        "secret",
        "change-me",
        &"x".repeat(31),
        ",",
        &format!("{APP_SECRET},short"),
        &format!("{APP_SECRET},"),
    ] {
        let read = |name: &str| if name == "APP_SECRET" { Some(secret.to_owned()) } else { complete(name) };
        let error = Config::read(auth::SETTINGS, read).unwrap_err().to_string();
        assert!(error.contains("APP_SECRET must"), "{secret}: {error}");
    }
}

#[test]
fn one_error_names_every_bad_setting_and_shows_none_of_their_values() {
    let bad = |name: &str| {
        let value = match name {
            "TABLE_NAME" | "TOKEN_AUDIENCE" => return None,
            "REFRESH_GRACE" => "61s",
            "ACCESS_TOKEN_TTL" => "30s",
            "PASSWORD_MIN_LENGTH" => "7",
            _ => "b4d-value",
        };
        Some(value.to_owned())
    };
    let error = Config::read(auth::SETTINGS, bad).unwrap_err();
    let expected = [
        "TABLE_NAME",
        "APP_SECRET",
        "REGISTRATION",
        "EMAIL_VERIFICATION",
        "ADMIN_REGISTRATION_KEY",
        "ACCESS_TOKEN_TTL",
        "KEY_ROTATION_DAYS",
        "REFRESH_IDLE_TTL",
        "REFRESH_ABSOLUTE_TTL",
        "REFRESH_GRACE",
        "PASSWORD_MIN_LENGTH",
        "HIBP_URL",
        "LOGIN_FAILURES",
        "LOGIN_LOCK_MAX",
        "SOURCE_LIMIT",
        "PUBLIC_URL",
        "CORS_ORIGINS",
    ];
    let named: Vec<&str> = error.0.iter().map(|error| error.split(' ').next().unwrap()).collect();
    assert_eq!(named, expected);
    assert!(!error.to_string().contains("b4d-value"));
}

/// C07
#[test]
fn a_secret_cannot_be_printed() {
    let config = Config::read(auth::SETTINGS, |name| match name {
        "ADMIN_REGISTRATION_KEY" => Some(APP_SECRET.to_owned()),
        name => complete(name),
    });
    assert!(!format!("{config:?}").contains(APP_SECRET));
}
