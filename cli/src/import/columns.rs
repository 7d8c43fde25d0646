//! What other systems' exports call the fields of an account.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::keycloak;
use super::row::Raw;
use super::source::Fields;
use crate::args::{Import, Origin};
use crate::failure::Failure;

/// How a file's fields become an account's.
pub(super) enum Map {
    /// They have the account's own names.
    Usher,
    Cognito,
    Auth0,
    /// With what is between `$fbscrypt$` and the salt.
    Firebase(String),
}

impl Map {
    pub fn new(options: &Import) -> Result<Self, Failure> {
        Ok(match options.from {
            Origin::Usher => Self::Usher,
            Origin::Cognito => Self::Cognito,
            Origin::Auth0 => Self::Auth0,
            Origin::Firebase => {
                let signer = options.firebase_signer_key.as_ref().ok_or_else(|| {
                    Failure::new(
                        "give --firebase-signer-key: the console shows it under \"Password hash parameters\"",
                    )
                })?;
                let Import {
                    firebase_salt_separator: separator,
                    firebase_mem_cost: n,
                    firebase_rounds: r,
                    ..
                } = options;
                Self::Firebase(format!("v=1,n={n},r={r},p=1,ss={separator},sk={signer}"))
            }
        })
    }

    /// The account's fields. Those that another system has besides are left out.
    pub fn apply(&self, fields: Fields) -> Raw {
        match self {
            Self::Usher => usher(fields),
            Self::Cognito => cognito(&fields),
            Self::Auth0 => auth0(&fields),
            Self::Firebase(settings) => firebase(&fields, settings),
        }
    }
}

fn usher(mut fields: Fields) -> Raw {
    if let Some(hash) = fields.get("password_hash").and_then(keycloak::password_hash) {
        fields.insert("password_hash".to_owned(), hash);
    }
    Raw { fields, is_strict: true }
}

/// Takes `pairs` of a name here and a name there.
fn take(fields: &Fields, pairs: &[(&str, &str)]) -> Fields {
    let found = pairs.iter().filter_map(|(ours, theirs)| {
        let value = fields.get(*theirs).filter(|value| !value.is_null() && *value != "")?;
        Some(((*ours).to_owned(), value.clone()))
    });
    found.collect()
}

/// The CSV of a user pool: "Downloading user information" writes no password hashes.
fn cognito(fields: &Fields) -> Raw {
    let mut taken = take(
        fields,
        &[
            ("external_id", "cognito:username"),
            ("email", "email"),
            ("email_verified", "email_verified"),
            ("username", "preferred_username"),
            ("name", "name"),
            ("first_name", "given_name"),
            ("last_name", "family_name"),
        ],
    );
    if let Some(sub) = fields.get("sub").filter(|sub| *sub != "") {
        taken.insert("external_id".to_owned(), sub.clone());
    }
    Raw { fields: taken, is_strict: false }
}

/// A user export job's JSON Lines, and the file with hashes that the support makes.
fn auth0(fields: &Fields) -> Raw {
    let mut taken = take(
        fields,
        &[
            ("external_id", "user_id"),
            ("email", "email"),
            ("email_verified", "email_verified"),
            ("username", "username"),
            ("name", "name"),
            ("first_name", "given_name"),
            ("last_name", "family_name"),
            ("created_at", "created_at"),
            ("updated_at", "updated_at"),
            ("last_login_at", "last_login"),
            ("password_hash", "passwordHash"),
        ],
    );
    if let Some(id) = fields.get("_id").and_then(|id| id["$oid"].as_str()) {
        taken.entry("external_id").or_insert_with(|| json!(format!("auth0|{id}")));
    }
    if fields.get("blocked") == Some(&Value::Bool(true)) {
        taken.insert("status".to_owned(), json!("deactivated"));
    }
    // Where nobody gave a name, the address stands for it.
    if taken.get("name") == taken.get("email") {
        taken.remove("name");
    }
    Raw { fields: taken, is_strict: false }
}

/// `firebase auth:export users.json`.
fn firebase(fields: &Fields, settings: &str) -> Raw {
    let mut taken = take(
        fields,
        &[
            ("external_id", "localId"),
            ("email", "email"),
            ("email_verified", "emailVerified"),
            ("name", "displayName"),
        ],
    );
    for (ours, theirs) in [("created_at", "createdAt"), ("last_login_at", "lastSignedInAt")] {
        let millis = fields.get(theirs).and_then(Value::as_str).and_then(|text| text.parse().ok());
        if let Some(time) = millis.and_then(|millis| Timestamp::from_millisecond(millis).ok()) {
            taken.insert(ours.to_owned(), json!(time));
        }
    }
    let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(hash) = text("passwordHash") {
        let salt = text("salt").unwrap_or_default();
        taken.insert("password_hash".to_owned(), json!(format!("$fbscrypt${settings}${salt}${hash}")));
    }
    if fields.get("disabled") == Some(&Value::Bool(true)) {
        taken.insert("status".to_owned(), json!("deactivated"));
    }
    Raw { fields: taken, is_strict: false }
}
