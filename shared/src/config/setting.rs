//! Each setting: its name and its rule.

use jiff::SignedDuration;

use super::parse::{duration, off_or, origin, rate, url};
use super::{AdminMfa, Config, EmailVerification, RegistrationMode};
use crate::token::AppSecret;

/// A setting that a function may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The table's name; required.
    TableName,
    /// The secret, `new` or `new,old`; required.
    AppSecret,
    /// `open`, `approval` or `closed`.
    Registration,
    /// `required` or `optional`.
    EmailVerification,
    /// At least 32 characters; unset: off.
    AdminRegistrationKey,
    /// `optional` or `required`.
    AdminMfa,
    /// The audience of access tokens.
    TokenAudience,
    /// 1m to 1d.
    AccessTokenTtl,
    /// 1 to 3650 days, or `off`.
    KeyRotationDays,
    /// How long an unused session lasts.
    RefreshIdleTtl,
    /// How long any session lasts.
    RefreshAbsoluteTtl,
    /// 0 to 60s.
    RefreshGrace,
    /// For how long who deleted itself can be restored; `off`: not at all.
    DeletionGrace,
    /// 8 to 64.
    PasswordMinLength,
    /// Whom to ask whether a new password is known from a breach; unset: nobody.
    HibpUrl,
    /// 1 to 100 wrong passwords before a lock, or `off`.
    LoginFailures,
    /// The longest lock, 1s to 1d; `off`: no lock at all.
    LoginLockMax,
    /// Failures to sign in, and requests of each other kind, from one source.
    SourceLimit,
    /// Mails to one address.
    MailLimit,
    /// Posts and comments of one user.
    WriteLimit,
    /// The API's address as clients know it.
    PublicUrl,
    /// Who may call from a browser, where API Gateway does not answer for it.
    CorsOrigins,
    /// The sender of all mails; required.
    MailFrom,
    /// Where the links in mails lead; unset: to our own pages.
    FrontendUrl,
}

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

impl Setting {
    /// The name in the environment.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TableName => "TABLE_NAME",
            Self::AppSecret => "APP_SECRET",
            Self::Registration => "REGISTRATION",
            Self::EmailVerification => "EMAIL_VERIFICATION",
            Self::AdminRegistrationKey => "ADMIN_REGISTRATION_KEY",
            Self::AdminMfa => "ADMIN_MFA",
            Self::TokenAudience => "TOKEN_AUDIENCE",
            Self::AccessTokenTtl => "ACCESS_TOKEN_TTL",
            Self::KeyRotationDays => "KEY_ROTATION_DAYS",
            Self::RefreshIdleTtl => "REFRESH_IDLE_TTL",
            Self::RefreshAbsoluteTtl => "REFRESH_ABSOLUTE_TTL",
            Self::RefreshGrace => "REFRESH_GRACE",
            Self::DeletionGrace => "DELETION_GRACE",
            Self::PasswordMinLength => "PASSWORD_MIN_LENGTH",
            Self::HibpUrl => "HIBP_URL",
            Self::LoginFailures => "LOGIN_FAILURES",
            Self::LoginLockMax => "LOGIN_LOCK_MAX",
            Self::SourceLimit => "SOURCE_LIMIT",
            Self::MailLimit => "MAIL_LIMIT",
            Self::WriteLimit => "WRITE_LIMIT",
            Self::PublicUrl => "PUBLIC_URL",
            Self::CorsOrigins => "CORS_ORIGINS",
            Self::MailFrom => "MAIL_FROM",
            Self::FrontendUrl => "FRONTEND_URL",
        }
    }

    /// Whether a function that uses it does not start without it.
    #[must_use]
    pub fn is_required(self) -> bool {
        matches!(self, Self::TableName | Self::AppSecret | Self::MailFrom)
    }

    /// Sets it in `config`, or says what is wrong with `value`: never the value.
    pub(super) fn apply(self, value: &str, config: &mut Config) -> Result<(), String> {
        match self {
            Self::TableName => value.clone_into(&mut config.table_name),
            Self::AppSecret => config.app_secret = Some(app_secret(value)?),
            Self::Registration => {
                config.registration = match value {
                    "open" => RegistrationMode::Open,
                    "approval" => RegistrationMode::Approval,
                    "closed" => RegistrationMode::Closed,
                    _ => return Err("must be open, approval or closed".to_owned()),
                }
            }
            Self::EmailVerification => {
                config.email_verification = match value {
                    "required" => EmailVerification::Required,
                    "optional" => EmailVerification::Optional,
                    _ => return Err("must be required or optional".to_owned()),
                }
            }
            Self::AdminRegistrationKey => {
                if value.chars().count() < 32 {
                    return Err("must have at least 32 characters".to_owned());
                }
                config.admin_registration_key = Some(value.to_owned().into());
            }
            Self::AdminMfa => {
                config.admin_mfa = match value {
                    "optional" => AdminMfa::Optional,
                    "required" => AdminMfa::Required,
                    _ => return Err("must be optional or required".to_owned()),
                }
            }
            Self::TokenAudience => value.clone_into(&mut config.token_audience),
            Self::AccessTokenTtl => config.access_token_ttl = within(value, MINUTE, DAY, "1m to 1d")?,
            Self::KeyRotationDays => config.key_rotation = days_or_off(value)?,
            Self::RefreshIdleTtl => config.sessions.idle = within(value, MINUTE, 3650 * DAY, "1m to 3650d")?,
            Self::RefreshAbsoluteTtl => {
                config.sessions.absolute = within(value, MINUTE, 3650 * DAY, "1m to 3650d")?;
            }
            Self::RefreshGrace => config.sessions.grace = within(value, 0, 60, "0s to 60s")?,
            Self::DeletionGrace => {
                let grace =
                    |value: &str| within(value, 0, 365 * DAY, "0 to 365d").map_err(|rule| rule + ", or off");
                config.deletion_grace = off_or(value, grace)?.unwrap_or_default();
            }
            Self::PasswordMinLength => {
                let length = value.parse().ok().filter(|length| (8..=64).contains(length));
                config.passwords.min_length =
                    length.ok_or_else(|| "must be a number from 8 to 64".to_owned())?;
            }
            Self::HibpUrl => config.hibp_url = Some(url(value)?),
            Self::LoginFailures => {
                config.limits.login_failures = off_or(value, |value| {
                    let number = value.parse().ok().filter(|number| (1..=100).contains(number));
                    number.ok_or_else(|| "must be a number from 1 to 100, or off".to_owned())
                })?;
            }
            Self::LoginLockMax => {
                let lock = |value: &str| within(value, 1, DAY, "1s to 1d").map_err(|rule| rule + ", or off");
                config.limits.login_lock_max = off_or(value, lock)?;
            }
            Self::SourceLimit => config.limits.source = off_or(value, rate)?,
            Self::WriteLimit => config.limits.write = off_or(value, rate)?,
            Self::MailLimit => {
                let rates = off_or(value, |value| value.split(',').map(rate).collect::<Result<_, _>>())?;
                config.limits.mail = rates.unwrap_or_default();
            }
            Self::PublicUrl => config.public_url = Some(url(value)?),
            Self::CorsOrigins => {
                config.cors_origins = value.split(',').map(origin).collect::<Result<_, _>>()?;
            }
            Self::MailFrom => {
                let plain = value.is_ascii() && !value.chars().any(char::is_control);
                if !plain || !value.contains('@') {
                    return Err("must be an ASCII address such as Usher <no-reply@example.com>".to_owned());
                }
                value.clone_into(&mut config.mail_from);
            }
            Self::FrontendUrl => config.frontend_url = Some(url(value)?),
        }
        Ok(())
    }
}

fn app_secret(value: &str) -> Result<AppSecret, String> {
    AppSecret::parse(value).ok_or_else(|| {
        format!("must be one value, or new,old, of at least {} characters each", AppSecret::MIN_LENGTH)
    })
}

fn days_or_off(value: &str) -> Result<Option<SignedDuration>, String> {
    if value == "off" {
        return Ok(None);
    }
    let days = Some(value).filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
    let days = days.and_then(|value| value.parse::<i64>().ok()).filter(|days| (1..=3650).contains(days));
    let days = days.ok_or_else(|| "must be a number of days from 1 to 3650, or off".to_owned())?;
    Ok(Some(SignedDuration::from_secs(days * DAY)))
}

fn within(value: &str, from: i64, to: i64, range: &str) -> Result<SignedDuration, String> {
    duration(value)
        .filter(|seconds| (from..=to).contains(seconds))
        .map(SignedDuration::from_secs)
        .ok_or_else(|| format!("must be a duration such as 90s, 15m, 12h or 1d, from {range}"))
}
