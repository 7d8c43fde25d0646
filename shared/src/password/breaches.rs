//! The range check of Pwned Passwords (<https://haveibeenpwned.com/API/v3#PwnedPasswords>):
//! of a password's SHA-1 the first 5 of 40 digits leave the process, and the answer
//! holds all that begin so. Where it cannot be asked, a password passes.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use axum::body::{Body, to_bytes};

use crate::model::Password;

/// For all of it: a name, a connection, TLS, the answer.
const LIMIT: Duration = Duration::from_secs(1);
const CONNECT: Duration = Duration::from_millis(500);
/// A padded range has about 50 KB.
const MAX_BODY: usize = 128 * 1024;
/// How much of the hash is sent.
const PREFIX: usize = 5;
const AGENT: &str = concat!("usher/", env!("CARGO_PKG_VERSION"));

/// The passwords that breaches made public, where somebody is to be asked for them.
#[derive(Debug)]
pub struct Breaches(Option<Service>);

#[derive(Debug)]
struct Service {
    url: String,
    connector: OnceLock<Connector>,
}

/// Why there was no answer that can be used, as it is logged.
type Reason = &'static str;

impl Breaches {
    /// The service at `url`, without a slash at its end; `None`: nobody is asked.
    /// Opens nothing.
    #[must_use]
    pub fn new(url: Option<String>) -> Self {
        Self(url.map(|url| Service { url, connector: OnceLock::new() }))
    }

    /// Whether a password is known from a breach. Takes at most a second; without a
    /// good answer by then it logs the event `breach_check_failed` and is false.
    pub async fn know(&self, password: &Password) -> bool {
        let Some(service) = &self.0 else { return false };
        let asked = tokio::time::timeout(LIMIT, service.knows(password)).await;
        asked.unwrap_or(Err("timeout")).unwrap_or_else(|reason| {
            tracing::warn!(event = "breach_check_failed", reason, "a new password was not looked up");
            false
        })
    }
}

impl Service {
    async fn knows(&self, password: &Password) -> Result<bool, Reason> {
        let hash = sha1(password.expose());
        let (prefix, suffix) = hash.split_at(PREFIX);
        let mut request = HttpRequest::get(format!("{}/range/{prefix}", self.url)).map_err(|_| "url")?;
        request.headers_mut().insert("add-padding", "true");
        request.headers_mut().insert("user-agent", AGENT);
        let response = self.connector().call(request).await.map_err(|_| "connection")?;
        if response.status().as_u16() != 200 {
            return Err("status");
        }
        let body = to_bytes(Body::new(response.into_body()), MAX_BODY).await.map_err(|_| "body")?;
        std::str::from_utf8(&body).ok().and_then(|range| is_listed(range, suffix)).ok_or("format")
    }

    /// Made when it is first needed, for it reads the system's roots. No connection
    /// is kept: it would not outlive the pauses between two new passwords.
    fn connector(&self) -> &Connector {
        self.connector.get_or_init(|| {
            let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).build();
            Connector::builder()
                .connector_settings(settings)
                .pool_max_idle_per_host(0)
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .build()
        })
    }
}

/// 40 capital hexadecimal digits.
fn sha1(text: &str) -> String {
    let mut hex = String::with_capacity(40);
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref() {
        let _ = write!(hex, "{byte:02X}");
    }
    hex
}

/// Whether a range, lines of `SUFFIX:COUNT`, lists `suffix`. What was counted 0
/// times is padding. `None` when it is not a range.
fn is_listed(range: &str, suffix: &str) -> Option<bool> {
    let mut listed = false;
    for line in range.lines() {
        let (hash, count) = line.split_once(':')?;
        let is_hash = hash.len() == suffix.len() && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash || !count.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let count: u64 = count.parse().ok()?;
        listed |= count > 0 && hash.eq_ignore_ascii_case(suffix);
    }
    Some(listed)
}

#[cfg(test)]
mod tests {
    use super::{is_listed, sha1};

    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
    const OTHER: &str = "003D68EB55068C33ACE09247EE4C639306B";

    #[test]
    fn the_hash_is_sha_1_in_capitals() {
        assert_eq!(sha1("password"), format!("5BAA6{SUFFIX}"));
    }

    #[test]
    fn a_range_lists_what_was_counted_at_least_once() {
        for (range, listed) in [
            (format!("{OTHER}:3\r\n{SUFFIX}:10434004"), true),
            (format!("{}:1\r\n", SUFFIX.to_lowercase()), true),
            (format!("{OTHER}:3\r\n{SUFFIX}:0\r\n"), false),
            (format!("{OTHER}:3\n"), false),
            (String::new(), false),
        ] {
            assert_eq!(is_listed(&range, SUFFIX), Some(listed), "{range}");
        }
    }

    #[test]
    fn what_is_not_a_range_is_not_read_as_one() {
        for line in [
            "<html>",
            SUFFIX,
            "1E4C9:4",
            &format!("{SUFFIX}:"),
            &format!("{SUFFIX}:-1"),
            &format!("{SUFFIX}:+1"),
            &format!("{SUFFIX}: 1"),
            &format!("{SUFFIX}0:1"),
            &format!("{SUFFIX}:99999999999999999999999"),
            &format!("{}:1", SUFFIX.replace('E', "Z")),
            "\r\n",
        ] {
            assert_eq!(is_listed(&format!("{OTHER}:3\r\n{line}\r\n{SUFFIX}:7"), SUFFIX), None, "{line}");
        }
    }
}
