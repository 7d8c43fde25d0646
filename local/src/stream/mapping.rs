//! What each function wants of the stream: the event source mappings of `template.yaml`.

use aws_sdk_dynamodbstreams::types::{OperationType, Record};
use serde_json::{Value, json};

/// What a function wants of the stream, and how much at a time.
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    /// A record comes that one of them lets through.
    pub filters: &'static [Filter],
    /// The records in one invocation, at most: `BatchSize`.
    pub batch_size: usize,
}

/// Lets through what happens to items whose keys begin so.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// What happened, as `eventName` has it; none: whatever it is.
    pub events: &'static [&'static str],
    /// What `PK` begins with.
    pub pk: &'static str,
    /// What `SK` begins with; nothing: any.
    pub sk: &'static str,
}

/// The mapping of `mailer`: new mails.
pub const MAILER: Mapping =
    Mapping { filters: &[Filter { events: &["INSERT"], pk: "MAIL#", sk: "" }], batch_size: 10 };

/// The mapping of `worker`: whatever happens to accounts, sessions that come and are refreshed, posts
/// that go.
pub const WORKER: Mapping = Mapping {
    filters: &[
        Filter { events: &[], pk: "USER#", sk: "PROFILE" },
        Filter { events: &["INSERT", "MODIFY"], pk: "USER#", sk: "SESSION#" },
        Filter { events: &["REMOVE"], pk: "POST#", sk: "POST" },
    ],
    batch_size: 100,
};

impl Mapping {
    /// Whether a filter lets `record` through.
    pub(super) fn wants(&self, record: &Record) -> bool {
        self.filters.iter().any(|filter| filter.admits(record))
    }
}

impl Filter {
    fn admits(&self, record: &Record) -> bool {
        let event = record.event_name.as_ref().map(OperationType::as_str);
        let keys = record.dynamodb.as_ref().and_then(|inner| inner.keys.as_ref());
        let begins = |name: &str, prefix: &str| {
            let key = keys.and_then(|keys| keys.get(name)).and_then(|key| key.as_s().ok());
            key.is_some_and(|key| key.starts_with(prefix))
        };
        let happened = self.events.is_empty() || event.is_some_and(|event| self.events.contains(&event));
        happened && begins("PK", self.pk) && begins("SK", self.sk)
    }

    /// As `FilterCriteria` has it.
    #[must_use]
    pub fn pattern(&self) -> Value {
        let mut pattern = json!({ "dynamodb": { "Keys": { "PK": { "S": [{ "prefix": self.pk }] } } } });
        if !self.sk.is_empty() {
            pattern["dynamodb"]["Keys"]["SK"] = json!({ "S": [{ "prefix": self.sk }] });
        }
        if !self.events.is_empty() {
            pattern["eventName"] = json!(self.events);
        }
        pattern
    }
}
