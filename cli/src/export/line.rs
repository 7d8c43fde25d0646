//! An account as a line: the fields that `usher import` knows.

use jiff::Timestamp;
use serde::Serialize;
use shared::model::{Email, Locale, PersonName, Role, Status, User, UserId, Username};
use shared::store::Totp;
use shared::token::AppSecret;

use crate::factor::Factor;
use crate::failure::Failure;

/// What is absent is left out.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    id: UserId,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    email: &'a Email,
    email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a Username>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<Locale>,
    role: Role,
    status: Status,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    password_change_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp: Option<Factor>,
}

/// The line; with `secret`, the second factor is opened.
pub(super) fn line<'a>(
    user: &'a User,
    factor: Option<&Totp>,
    secret: Option<&AppSecret>,
) -> Result<Line<'a>, Failure> {
    // Named one by one, so that nobody adds a field to an account without a decision here.
    let User {
        id,
        email,
        email_verified,
        username,
        name,
        first_name,
        last_name,
        role,
        status,
        password_hash,
        password_change_required,
        // Number sessions and tickets, which stay behind.
        session_epoch: _,
        ticket_epoch: _,
        updated_at,
        last_login_at,
        // The factor's own time is the same.
        mfa_since: _,
        locale,
        external_id,
        // Who deleted itself is left out.
        deletion: _,
        undone: _,
    } = user;
    Ok(Line {
        id: *id,
        external_id: external_id.as_deref(),
        email,
        email_verified: *email_verified,
        username: username.as_ref(),
        name: name.as_ref(),
        first_name: first_name.as_ref(),
        last_name: last_name.as_ref(),
        locale: *locale,
        role: *role,
        status: *status,
        created_at: id.created_at(),
        updated_at: *updated_at,
        last_login_at: *last_login_at,
        password_hash: (!password_hash.is_none()).then_some(password_hash.0.as_str()),
        password_change_required: *password_change_required,
        totp: factor.map(|factor| Factor::of(factor, secret)).transpose()?,
    })
}
