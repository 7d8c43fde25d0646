//! A second factor as a line of JSON has it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::model::UserId;
use shared::store::Totp;
use shared::token::{AppSecret, TotpSecret};

use crate::failure::Failure;

/// The field `totp` of an account.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Factor {
    /// The secret as the table has it: for this user, under this `APP_SECRET`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sealed: Option<String>,
    /// The secret as an authenticator app has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    last_step: i64,
    /// Hashes, sorted.
    recovery: Vec<String>,
    confirmed_at: Timestamp,
}

/// SHA-256 in base64url without padding.
const HASH_LENGTH: usize = 43;

impl Factor {
    /// For a line; opened if there is an `APP_SECRET` to do so.
    pub(crate) fn of(factor: &Totp, secret: Option<&AppSecret>) -> Result<Self, Failure> {
        // Whoever adds something to a factor decides here whether it has to come along.
        let Totp { user_id, sealed, last_step, recovery, confirmed_at, tries: _, expires_at: _, purge_at: _ } =
            factor;
        let open = |app_secret| {
            let opened = TotpSecret::open(sealed, app_secret, *user_id).map(|secret| secret.base32());
            opened.ok_or_else(|| {
                Failure::new(format!("the second factor of {user_id} does not open under this APP_SECRET"))
            })
        };
        let secret = secret.map(open).transpose()?;
        let mut recovery = recovery.clone();
        recovery.sort();
        Ok(Self {
            sealed: secret.is_none().then(|| sealed.clone()),
            secret,
            last_step: *last_step,
            recovery,
            confirmed_at: confirmed_at.unwrap_or_default(),
        })
    }

    /// Of a line, for the user of that id. `is_own`: the file says it is its id.
    pub(crate) fn read(
        self,
        user_id: UserId,
        is_own: bool,
        app_secret: Option<&AppSecret>,
        now: Timestamp,
    ) -> Result<Totp, &'static str> {
        let sealed = match (self.sealed, self.secret) {
            (Some(_), None) if !is_own => return Err("is sealed for the id that the account had"),
            (Some(sealed), None) => {
                let opens = |secret| TotpSecret::open(&sealed, secret, user_id).is_some();
                if !app_secret.is_none_or(opens) {
                    return Err("does not open under this APP_SECRET");
                }
                sealed
            }
            (None, Some(secret)) => {
                let app_secret = app_secret.ok_or("is open: give APP_SECRET, to seal it")?;
                let secret = TotpSecret::from_base32(&secret).ok_or("has a secret of another form")?;
                secret.seal(app_secret, user_id).ok_or("cannot be sealed")?
            }
            _ => return Err("must have either sealed or secret"),
        };
        let is_hash = |text: &String| {
            let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            text.len() == HASH_LENGTH && text.bytes().all(is_digit)
        };
        if self.recovery.len() > 100 || !self.recovery.iter().all(is_hash) {
            return Err("has recovery codes that are no hashes of ours");
        }
        if !(Timestamp::UNIX_EPOCH..=now).contains(&self.confirmed_at) || self.last_step < 0 {
            return Err("has times that cannot be");
        }
        let mut recovery = self.recovery;
        recovery.sort();
        recovery.dedup();
        let (last_step, confirmed_at) = (self.last_step, Some(self.confirmed_at));
        Ok(Totp {
            user_id,
            sealed,
            last_step,
            recovery,
            confirmed_at,
            tries: 0,
            expires_at: None,
            purge_at: None,
        })
    }
}
