//! One account, checked.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::model::{Email, Invalid, PasswordHash, PersonName, Role, Status, Undone, User, UserId, Username};
use shared::password::{Unfit, recognize};
use shared::store::{Account, Totp};
use shared::token::AppSecret;

use super::source::Fields;
use crate::factor::Factor;

/// An account's fields before they are checked.
pub(super) struct Raw {
    pub fields: Fields,
    /// Whether an unknown name is a mistake.
    pub is_strict: bool,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub account: Account,
    /// Whether the file says which account it is: else its address does.
    pub has_own_id: bool,
}

const NAMES: [&str; 17] = [
    "id",
    "external_id",
    "email",
    "email_verified",
    "username",
    "name",
    "first_name",
    "last_name",
    "locale",
    "role",
    "status",
    "created_at",
    "updated_at",
    "last_login_at",
    "password_hash",
    "totp",
    "password_change_required",
];

impl Row {
    /// Whether `other`, who has the same address, is the account that this one became.
    pub fn is(&self, other: &User) -> bool {
        let user = &self.account.user;
        let same_origin = user.external_id.is_some() && user.external_id == other.external_id;
        user.id == other.id || same_origin || !self.has_own_id
    }

    /// The account, or everything that is wrong with it.
    pub fn read(raw: Raw, secret: Option<&AppSecret>, now: Timestamp) -> Result<Self, Vec<String>> {
        let mut reader = Reader { fields: raw.fields, secret, problems: Vec::new() };
        if raw.is_strict {
            reader.refuse_unknown();
        }
        let row = reader.row(now);
        match row {
            Some(row) if reader.problems.is_empty() => Ok(row),
            _ => Err(reader.problems),
        }
    }
}

/// Whether it may be shown: where the header of a file is wanting, a hash stands for a name.
fn is_plain(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// Takes fields, and keeps what is wrong with them.
struct Reader<'a> {
    fields: Fields,
    secret: Option<&'a AppSecret>,
    problems: Vec<String>,
}

impl Reader<'_> {
    fn row(&mut self, now: Timestamp) -> Option<Row> {
        let created_at = self.time("created_at", now);
        let given = self.name("id");
        let kept = given.as_deref().and_then(|id| id.parse().ok()).filter(UserId::is_v7);
        let external_id = self.name("external_id").or_else(|| given.filter(|_| kept.is_none()));
        if external_id.as_ref().is_some_and(|id| id.len() > 255) {
            self.problems.push("external_id: has more than 255 bytes".to_owned());
        }
        if kept.is_some_and(|id| id.created_at() > now) {
            self.problems.push("id: its time is yet to come".to_owned());
        }
        let email = self.text("email", |text| text.parse::<Email>());
        if email.is_none() && self.problems.iter().all(|problem| !problem.starts_with("email:")) {
            self.problems.push("email: is wanting".to_owned());
        }
        let name = external_id.as_deref().or(email.as_ref().map(Email::as_str)).unwrap_or_default();
        let id = kept.unwrap_or_else(|| UserId::derived(created_at.unwrap_or(now), name));
        let factor = self.factor(id, kept.is_some(), now);
        let password_hash = self.password_hash();
        if factor.is_some() && password_hash.is_none() {
            self.problems.push("totp: is of no use without password_hash".to_owned());
        }
        // Sessions and tickets that an account of that id once had stay void, and so do its
        // links to undo something: each names a version that is less than this one's.
        let epoch = u64::try_from(now.as_second()).unwrap_or_default();
        let undone = Undone::default().and(0, (2 * epoch).saturating_sub(1));
        let user = User {
            id,
            email_verified: self.flag("email_verified"),
            username: self.text("username", |text| text.parse::<Username>()),
            name: self.text("name", PersonName::try_from),
            first_name: self.text("first_name", PersonName::try_from),
            last_name: self.text("last_name", PersonName::try_from),
            role: self.value("role", "user or admin").unwrap_or(Role::User),
            status: self.status(),
            password_hash,
            password_change_required: self.flag("password_change_required"),
            undone,
            session_epoch: epoch,
            ticket_epoch: epoch,
            updated_at: self.time("updated_at", now).unwrap_or(now),
            last_login_at: self.time("last_login_at", now),
            mfa_since: factor.as_ref().and_then(|factor| factor.confirmed_at),
            locale: self.value("locale", "a language that mails are written in"),
            external_id,
            deletion: None,
            // Last, so that what is wrong with the others is found, too.
            email: email?,
        };
        let has_own_id = kept.is_some() || user.external_id.is_some();
        Some(Row { account: Account { user, factor }, has_own_id })
    }

    fn refuse_unknown(&mut self) {
        let unknown = self.fields.keys().filter(|name| !NAMES.contains(&name.as_str()));
        let (named, others): (Vec<_>, Vec<_>) = unknown.partition(|name| is_plain(name));
        self.problems.extend(named.iter().map(|name| format!("{name}: is no field of an account")));
        if !others.is_empty() {
            let count = others.len();
            self.problems.push(format!("{count} more, not repeated here: no fields of an account"));
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null() && *value != "")
    }

    fn value<T: DeserializeOwned>(&mut self, name: &str, what: &str) -> Option<T> {
        let value = self.take(name)?;
        let read = serde_json::from_value(value).ok();
        if read.is_none() {
            self.problems.push(format!("{name}: must be {what}"));
        }
        read
    }

    /// What some system calls an account, often a number.
    fn name(&mut self, name: &str) -> Option<String> {
        if let Some(Value::Number(number)) = self.fields.get(name) {
            let text = number.to_string();
            self.fields.insert(name.to_owned(), Value::String(text));
        }
        self.value(name, "a text or a number")
    }

    fn status(&mut self) -> Status {
        let what = "active, pending or deactivated";
        match self.value("status", what) {
            Some(Status::Deleted) => self.problems.push(format!("status: must be {what}")),
            Some(status) => return status,
            None => {}
        }
        Status::Active
    }

    fn text<T>(&mut self, name: &str, read: impl Fn(String) -> Result<T, Invalid>) -> Option<T> {
        let text: String = self.value(name, "a text")?;
        match read(text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.problems.push(format!("{name}: {}", invalid.message));
                None
            }
        }
    }

    /// `true`, `false`, or the same as a text, as CSV has it.
    fn flag(&mut self, name: &str) -> bool {
        match self.take(name) {
            None | Some(Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => true,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => false,
            Some(_) => {
                self.problems.push(format!("{name}: must be true or false"));
                false
            }
        }
    }

    /// RFC 3339, in the past.
    fn time(&mut self, name: &str, now: Timestamp) -> Option<Timestamp> {
        let time: Timestamp = self.value(name, "a time like 2024-05-01T12:00:00Z")?;
        if !(Timestamp::UNIX_EPOCH..=now).contains(&time) {
            self.problems.push(format!("{name}: must be from 1970 until now"));
        }
        Some(time)
    }

    fn factor(&mut self, id: UserId, is_own: bool, now: Timestamp) -> Option<Totp> {
        let factor: Factor = self.value("totp", "a second factor as an export has it")?;
        let read = factor.read(id, is_own, self.secret, now);
        read.map_err(|why| self.problems.push(format!("totp: {why}"))).ok()
    }

    fn password_hash(&mut self) -> PasswordHash {
        let none = PasswordHash::none();
        let Some(text) = self.value::<String>("password_hash", "a text, or a credential of Keycloak") else {
            return none;
        };
        match recognize(&text) {
            Ok(hash) => hash,
            Err(unfit) => {
                let why = match unfit {
                    Unfit::Unknown => "is of no known form",
                    Unfit::Malformed => "is not as its form has it",
                    Unfit::TooCostly => "asks for more time or memory than a sign-in has",
                };
                self.problems.push(format!("password_hash: {why}"));
                none
            }
        }
    }
}

/// What earlier lines of the file took.
#[derive(Default)]
pub(super) struct Seen(HashMap<String, u64>);

impl Seen {
    /// The row, if no line before has its address, username or id. A line that is refused
    /// takes none of them.
    pub fn take(&mut self, line: u64, row: Row) -> Result<Row, Vec<String>> {
        let user = &row.account.user;
        let mut names = vec![("email", user.email.to_string()), ("id", user.id.to_string())];
        names.extend(user.username.as_ref().map(|name| ("username", name.lower())));
        let names: Vec<_> =
            names.into_iter().map(|(field, name)| (field, format!("{field} {name}"))).collect();
        let same = |(field, name): &(&str, String)| {
            let first = self.0.get(name)?;
            Some(format!("{field}: line {first} has the same"))
        };
        let problems: Vec<String> = names.iter().filter_map(same).collect();
        if problems.is_empty() {
            self.0.extend(names.into_iter().map(|(_, name)| (name, line)));
            Ok(row)
        } else {
            Err(problems)
        }
    }
}
