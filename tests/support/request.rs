//! Requests as API Gateway sends them: payload format 2.0 events.

use serde_json::{Value, json};

/// A request to be.
#[derive(Clone, Debug)]
pub struct Call {
    method: String,
    path: String,
    query: String,
    token: Option<String>,
    body: Option<String>,
    headers: Vec<(String, String)>,
    cookies: Vec<String>,
    source_ip: String,
}

impl Call {
    /// A request without token and body. What follows a `?` is the query.
    #[must_use]
    pub fn new(method: &str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            token: None,
            body: None,
            headers: Vec::new(),
            cookies: Vec::new(),
            source_ip: "203.0.113.7".to_owned(),
        }
    }

    /// With an access token.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.raw(&body.to_string()).header("content-type", "application/json")
    }

    /// With a body as it is, and no media type.
    #[must_use]
    pub fn raw(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a cookie, `name=value`.
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Self {
        self.cookies.push(cookie.to_owned());
        self
    }

    /// From another address.
    #[must_use]
    pub fn from(mut self, source_ip: &str) -> Self {
        source_ip.clone_into(&mut self.source_ip);
        self
    }

    /// The first segment of the path: the function that serves it.
    #[must_use]
    pub fn function(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default()
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> Value {
        let mut event = event(&self.method, &self.path, &self.query);
        let mut headers: Vec<(String, String)> = self.headers.clone();
        if let Some(token) = &self.token {
            headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        for (name, value) in headers {
            event["headers"][name] = json!(value);
        }
        if !self.cookies.is_empty() {
            event["cookies"] = json!(self.cookies);
        }
        event["body"] = json!(self.body);
        event["requestContext"]["http"]["sourceIp"] = json!(self.source_ip);
        event
    }
}

/// An event without headers of interest and without a body.
#[must_use]
pub fn event(method: &str, path: &str, query: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "host": "abc123.execute-api.eu-central-1.amazonaws.com",
            "user-agent": "tests/1.0",
            "accept": "*/*",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.eu-central-1.amazonaws.com",
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "tests/1.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1_773_342_238_000_i64,
        },
        "isBase64Encoded": false,
    })
}
