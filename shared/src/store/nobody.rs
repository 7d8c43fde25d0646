//! What it costs to read an account, spent where there is none: to take a claim and a user apart is
//! a tenth of a millisecond after a hash, which has emptied every cache, and so would tell over
//! many tries which addresses have an account.

use std::collections::HashMap;
use std::hint::black_box;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Deserialize;

use super::claim::EmailClaim;
use super::item::from_item;
use super::key::Record;
use crate::model::User;

/// An address's claim and a user of the usual size, as the table answers them.
const CLAIM: &str = r#"{"PK":{"S":"EMAIL#ada.lovelace@example.com"},"SK":{"S":"CLAIM"},
"GSI1PK":{"S":"EMAILS"},"GSI1SK":{"S":"ada.lovelace@example.com#01a22a59-e9bb-7205-9c34-473b3ac1ce08"},
"user_id":{"S":"01a22a59-e9bb-7205-9c34-473b3ac1ce08"},"email":{"S":"ada.lovelace@example.com"}}"#;
const PROFILE: &str = r#"{"PK":{"S":"USER#01a22a59-e9bb-7205-9c34-473b3ac1ce08"},"SK":{"S":"PROFILE"},
"GSI1PK":{"S":"USERS"},"GSI1SK":{"S":"01a22a59-e9bb-7205-9c34-473b3ac1ce08"},
"id":{"S":"01a22a59-e9bb-7205-9c34-473b3ac1ce08"},"email":{"S":"ada.lovelace@example.com"},
"email_verified":{"BOOL":true},"username":{"S":"ada.lovelace"},"first_name":{"S":"Ada"},
"last_name":{"S":"Lovelace"},"last_login_at":{"S":"2026-11-30T02:47:45.339Z"},"role":{"S":"user"},"status":{"S":"active"},
"password_hash":{"S":"$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
"session_epoch":{"N":"0"},"ticket_epoch":{"N":"0"},"updated_at":{"S":"2026-11-30T02:47:45.339Z"}}"#;

/// A value as DynamoDB writes it, of the kinds that are in these two.
#[derive(Deserialize)]
enum Wire {
    S(String),
    N(String),
    #[serde(rename = "BOOL")]
    Bool(bool),
}

/// Spends it.
pub(super) fn spend(now: Timestamp) {
    black_box(read::<EmailClaim>(black_box(CLAIM), now));
    black_box(read::<User>(black_box(PROFILE), now));
}

fn read<R: Record>(text: &str, now: Timestamp) -> Option<R> {
    let attributes: HashMap<String, Wire> = serde_json::from_str(text).ok()?;
    let item = attributes.into_iter().map(|(name, value)| (name, value.into())).collect();
    from_item(item, now).ok()?
}

impl From<Wire> for AttributeValue {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::S(text) => Self::S(text),
            Wire::N(number) => Self::N(number),
            Wire::Bool(is) => Self::Bool(is),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{CLAIM, EmailClaim, PROFILE, User, read};

    #[test]
    fn nobodys_account_is_read_to_its_end() {
        let claim: EmailClaim = read(CLAIM, Timestamp::UNIX_EPOCH).unwrap();
        let user: User = read(PROFILE, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((claim.user_id, claim.email), (user.id, user.email));
    }
}
