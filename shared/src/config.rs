//! The settings, from the environment. A function reads the ones it uses; what
//! is missing or bad stops the start with one error that names it all.

mod limits;
mod parse;
mod setting;

pub use limits::Limits;
pub use setting::Setting;

use jiff::SignedDuration;
use secrecy::SecretString;

use crate::password::Policy;
use crate::store::Lifetimes;
use crate::token::AppSecret;

/// Who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Everyone; accounts are active at once.
    Open,
    /// Everyone; accounts wait until an admin activates them.
    Approval,
    /// Nobody.
    Closed,
}

/// Whether an address has to be shown to be one's own before there is an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerification {
    /// It has: the account is made when the mailed link is used.
    Required,
    /// It has not: the account is made at once.
    Optional,
}

/// Whether admins need a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminMfa {
    /// They may have one.
    Optional,
    /// Without one they administer nothing.
    Required,
}

/// The settings of a function. Those it does not use have their defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// `TABLE_NAME`.
    pub table_name: String,
    /// `APP_SECRET`.
    pub app_secret: Option<AppSecret>,
    /// `REGISTRATION`.
    pub registration: RegistrationMode,
    /// `EMAIL_VERIFICATION`.
    pub email_verification: EmailVerification,
    /// `ADMIN_REGISTRATION_KEY`; `None`: nobody registers as an admin.
    pub admin_registration_key: Option<SecretString>,
    /// `ADMIN_MFA`.
    pub admin_mfa: AdminMfa,
    /// `TOKEN_AUDIENCE`.
    pub token_audience: String,
    /// `ACCESS_TOKEN_TTL`.
    pub access_token_ttl: SignedDuration,
    /// `KEY_ROTATION_DAYS`; `None`: the operator rotates the signing keys.
    pub key_rotation: Option<SignedDuration>,
    /// `REFRESH_IDLE_TTL`, `REFRESH_ABSOLUTE_TTL` and `REFRESH_GRACE`.
    pub sessions: Lifetimes,
    /// `DELETION_GRACE`; zero: who deletes itself is gone at once.
    pub deletion_grace: SignedDuration,
    /// `PASSWORD_MIN_LENGTH`.
    pub passwords: Policy,
    /// `HIBP_URL`, without a slash at its end; `None`: no breaches are asked for.
    pub hibp_url: Option<String>,
    /// `LOGIN_FAILURES`, `LOGIN_LOCK_MAX`, `SOURCE_LIMIT`, `MAIL_LIMIT` and `WRITE_LIMIT`.
    pub limits: Limits,
    /// `PUBLIC_URL`, without a slash at its end; `None`: what API Gateway says.
    pub public_url: Option<String>,
    /// `CORS_ORIGINS`; none: API Gateway answers for CORS.
    pub cors_origins: Vec<String>,
    /// `MAIL_FROM`.
    pub mail_from: String,
    /// `FRONTEND_URL`, without a slash at its end; `None`: links lead to our own pages.
    pub frontend_url: Option<String>,
}

/// Where the pages are that mailed links lead to without a front end.
#[must_use]
pub fn pages_of(public_url: &str) -> String {
    format!("{public_url}/auth/pages")
}

/// Everything that is wrong with the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot start: {}", self.0.join("; "))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads `settings` from the environment of the process.
    ///
    /// # Errors
    /// Names every setting that is missing or bad.
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn from_env(settings: &[Setting]) -> Result<Self, ConfigError> {
        Self::read(settings, |name| std::env::var(name).ok())
    }

    /// Reads `settings` from wherever `get` looks. An empty value counts as unset.
    ///
    /// # Errors
    /// Names every setting that is missing or bad.
    pub fn read(settings: &[Setting], get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        let mut errors = Vec::new();
        for setting in settings {
            let name = setting.name();
            let value = get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
            match value {
                None if setting.is_required() => errors.push(format!("{name} is not set")),
                None => {}
                Some(value) => {
                    if let Err(rule) = setting.apply(&value, &mut config) {
                        errors.push(format!("{name} {rule}"));
                    }
                }
            }
        }
        let idle = Setting::RefreshIdleTtl.name();
        if get(idle).is_none_or(|value| value.trim().is_empty()) {
            config.sessions.idle = config.sessions.idle.min(config.sessions.absolute);
        }
        if config.sessions.idle > config.sessions.absolute {
            errors.push("REFRESH_IDLE_TTL must not exceed REFRESH_ABSOLUTE_TTL".to_owned());
        }
        if errors.is_empty() { Ok(config) } else { Err(ConfigError(errors)) }
    }
}

impl Default for Config {
    /// The documented defaults; what has none is empty.
    fn default() -> Self {
        Self {
            table_name: String::new(),
            app_secret: None,
            registration: RegistrationMode::Open,
            email_verification: EmailVerification::Required,
            admin_registration_key: None,
            admin_mfa: AdminMfa::Optional,
            token_audience: "usher".to_owned(),
            access_token_ttl: SignedDuration::from_mins(15),
            key_rotation: Some(SignedDuration::from_hours(24 * 90)),
            sessions: Lifetimes {
                idle: SignedDuration::from_hours(24 * 30),
                absolute: SignedDuration::from_hours(24 * 90),
                grace: SignedDuration::from_secs(30),
            },
            deletion_grace: SignedDuration::from_hours(24 * 7),
            passwords: Policy { min_length: 8 },
            hibp_url: None,
            limits: Limits::default(),
            public_url: None,
            cors_origins: Vec::new(),
            mail_from: String::new(),
            frontend_url: None,
        }
    }
}
