//! Answers, checked for what holds for every answer.

use serde_json::Value;
use shared::http::Problem;

/// What every answer's headers say, whatever it is.
const ALWAYS: [(&str, &str); 4] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-robots-tag", "noindex, nofollow"),
];

/// The policy of every answer that is no page.
pub const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, by lower-case name.
    pub headers: Value,
    /// What it sets as cookies.
    pub cookies: Vec<String>,
    /// The body: JSON where it is, else a string.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Reply {
    /// Reads an answer in API Gateway's form. Panics where it breaks a rule that
    /// holds for every answer.
    #[must_use]
    pub fn read(answer: &Value) -> Self {
        let text = answer["body"].as_str().unwrap_or_default();
        let reply = Self {
            status: u16::try_from(answer["statusCode"].as_u64().unwrap()).unwrap(),
            headers: answer["headers"].clone(),
            cookies: serde_json::from_value(answer["cookies"].clone()).unwrap_or_default(),
            body: serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
            text: text.to_owned(),
        };
        reply.check();
        reply
    }

    /// A header's value, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].as_str().unwrap_or_default()
    }

    /// The problem's code, or nothing.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The reply, if it has this status; else panics.
    #[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "it asserts")]
    #[track_caller]
    pub fn ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Panics unless it is this problem.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
    }

    fn check(&self) {
        assert_eq!(self.header("content-length"), "", "the length is the gateway's to say: {self:?}");
        for (name, value) in ALWAYS {
            assert_eq!(self.header(name), value, "{name}: {self:?}");
        }
        assert!(!self.header("cache-control").is_empty(), "{self:?}");
        assert!(self.header("content-security-policy").starts_with("default-src 'none'; "), "{self:?}");
        for leak in
            ["arn:aws", "panicked", "src/", "DynamoDb", "ResourceNotFound", "$argon2", "password_hash"]
        {
            assert!(!self.body.to_string().contains(leak), "{leak}: {}", self.body);
        }
        if self.status < 400 {
            return;
        }
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.header("cache-control"), "no-store", "{self:?}");
        assert_eq!(self.header("content-security-policy"), NOTHING, "{self:?}");
        assert_eq!(self.status == 405, !self.header("allow").is_empty(), "{self:?}");
        assert_eq!(self.body["status"], self.status, "{}", self.body);
        for member in ["type", "title", "detail", "instance", "code", "request_id"] {
            assert!(self.body[member].is_string(), "{member}: {}", self.body);
        }
        let known = Problem::ALL.iter().find(|(code, ..)| *code == self.code());
        assert_eq!(known.map(|(_, status, _)| status.as_u16()), Some(self.status), "{}", self.body);
        assert_eq!(self.status == 401, !self.header("www-authenticate").is_empty(), "{self:?}");
        let later = [429, 503].contains(&self.status);
        assert_eq!(later, !self.header("retry-after").is_empty(), "{self:?}");
    }
}
