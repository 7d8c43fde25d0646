//! How many mails one address gets.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::parse;
use super::key::{Key, TTL};
use super::terms::Terms;
use super::transaction::{ATTEMPTS, pause};
use super::{Rate, Store, StoreError};
use crate::model::MailId;

/// What an address got lately. `count` is of all, ever: each change raises it.
#[derive(Debug, Default, Deserialize)]
struct Lately {
    count: Option<u64>,
    #[serde(default)]
    mails: Vec<Allowed>,
}

/// A mail, and when it was allowed, in milliseconds since the epoch.
#[derive(Debug, Serialize, Deserialize)]
struct Allowed {
    id: MailId,
    at: i64,
    #[serde(default)]
    priority: Priority,
}

/// What is left for a mail of what an address may get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// At most half, rounded up: 3 of 5.
    #[default]
    Normal,
    /// All: what is somebody's only way in.
    High,
}

impl Priority {
    /// Whether `rate` has room for one more of this priority beside `mails`.
    fn fits(self, rate: Rate, mails: &[&Allowed]) -> bool {
        let most = rate.most as usize;
        let normal = mails.iter().filter(|mail| mail.priority == Self::Normal).count();
        mails.len() < most && (self == Self::High || normal < most.div_ceil(2))
    }
}

impl Store {
    /// Whether one more mail of this priority may go to whom `name` stands for, by all
    /// `rates`, in any span of their length. One that was allowed is allowed again, and counted
    /// once, so that one that could not be sent is not lost.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn allow_mail(
        &self,
        name: &str,
        id: MailId,
        priority: Priority,
        rates: &[Rate],
    ) -> Result<bool, StoreError> {
        let Some(longest) = rates.iter().map(|rate| rate.period).max() else {
            return Ok(true);
        };
        let key = Key::attempts("mail", name, None);
        for attempt in 0..ATTEMPTS {
            let now = self.now();
            let since = |period| now.saturating_sub(period).unwrap_or(Timestamp::MIN).as_millisecond();
            let item = self.get_item(&key).await?.unwrap_or_default();
            let Lately { count, mut mails } = parse(item)?;
            if mails.iter().any(|mail| mail.id == id) {
                return Ok(true);
            }
            let later = |time: i64| mails.iter().filter(|mail| mail.at > time).collect::<Vec<_>>();
            if !rates.iter().all(|rate| priority.fits(*rate, &later(since(rate.period)))) {
                return Ok(false);
            }
            mails.retain(|mail| mail.at > since(longest));
            mails.push(Allowed { id, at: now.as_millisecond(), priority });
            let forgotten = now.saturating_add(longest).unwrap_or(Timestamp::MAX).as_second() + 1;
            let terms = Terms::new()
                .set("mails", &mails)
                .set("count", count.unwrap_or(0) + 1)
                .set(TTL, forgotten)
                .when_same("count", count);
            if self.update(&key, terms).await?.is_ok() {
                return Ok(true);
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(StoreError::Unavailable("too many mails at once".into()))
    }
}
