//! Requests as API Gateway sends them: the samples in `events/`, with other people in them.

use std::fs;

use serde_json::{Value, json};

use crate::Failure;

/// A request to be.
#[derive(Clone, Debug)]
pub struct Request {
    event: Value,
}

impl Request {
    /// The sample of an operation.
    ///
    /// # Errors
    /// There is none.
    pub fn of(operation: &str) -> Result<Self, Failure> {
        let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../events/{}.json"), operation);
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        Ok(Self { event: serde_json::from_str(&text)? })
    }

    /// `GET /users/me` and so on.
    #[must_use]
    pub fn route(&self) -> &str {
        self.event["routeKey"].as_str().unwrap_or_default()
    }

    /// With an access token.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.event["headers"]["authorization"] = json!(format!("Bearer {token}"));
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn body(mut self, body: &Value) -> Self {
        self.event["body"] = json!(body.to_string());
        self.event["headers"]["content-type"] = json!("application/json");
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.event["headers"][name] = json!(value);
        self
    }

    /// At the sample's route with these in the place of its parameters, in their order.
    #[must_use]
    pub fn at(mut self, parameters: &[&str]) -> Self {
        let mut rest = parameters.iter();
        let route = self.route().split(' ').nth(1).unwrap_or_default().to_owned();
        let fill = |part: &str| match part.starts_with('{').then(|| rest.next()).flatten() {
            Some(value) => (*value).to_owned(),
            None => part.to_owned(),
        };
        let path = route.split('/').map(fill).collect::<Vec<_>>().join("/");
        self.event["requestContext"]["http"]["path"] = json!(path);
        self.event["rawPath"] = json!(path);
        self
    }

    /// With this query.
    #[must_use]
    pub fn query(mut self, query: &str) -> Self {
        self.event["rawQueryString"] = json!(query);
        self
    }

    /// From another address than all before it, so that nobody's requests are counted together.
    #[must_use]
    pub fn from(mut self, number: u64) -> Self {
        let [.., a, b, c] = number.to_be_bytes();
        let address = json!(format!("10.{a}.{b}.{c}"));
        self.event["headers"]["x-forwarded-for"] = address.clone();
        self.event["requestContext"]["http"]["sourceIp"] = address;
        self
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> &Value {
        &self.event
    }
}
