//! How we talk to AWS. The SDK has no time limits of its own and waits a second
//! before its first retry, so both are set here, for everyone.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};

use crate::config::Config;
use crate::mail::Mailer;

/// The roots that AWS's services have certificates from: Amazon Root CA 1 to 4
/// and Starfield Services G2 (<https://www.amazontrust.com/repository/>). Reading
/// the 140 of the system instead takes half of a function's start.
const ROOTS: &str = include_str!("aws/amazon-roots.pem");

/// The time limits, retries and pinned behaviour that all our clients have.
#[must_use]
pub fn loader() -> ConfigLoader {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(3))
        .build();
    let retries =
        RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(25));
    aws_config::defaults(BehaviorVersion::v2026_01_12()).timeout_config(timeouts).retry_config(retries)
}

/// [`loader`], for a function: it trusts the certificates of AWS's services and
/// no others, and takes its credentials from the environment, where Lambda puts
/// those of its role. The chain of places where they may be elsewhere makes a
/// client for STS first: a seventh of the work before the first poll.
#[must_use]
pub fn function_loader() -> ConfigLoader {
    let roots = TrustStore::empty().with_pem_certificate(ROOTS);
    let Ok(tls) = TlsContext::builder().with_trust_store(roots).build() else { return loader() };
    let provider = Provider::Rustls(CryptoMode::AwsLc);
    let role = EnvironmentVariableCredentialsProvider::new();
    loader()
        .credentials_provider(role)
        .http_client(Builder::new().tls_provider(provider).tls_context(tls).build_https())
}

/// A function's configuration, as the environment wants it.
pub async fn sdk_config() -> SdkConfig {
    function_loader().load().await
}

/// The mailer over a configuration. SES may take longer than the table, and is
/// asked once: after an answer that was lost, a second try would send twice. The
/// stream tries again.
#[must_use]
pub fn mailer(sdk: &SdkConfig, config: &Config) -> Mailer {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(3))
        .operation_timeout(Duration::from_secs(3))
        .build();
    let once = RetryConfig::disabled();
    let sdk = sdk.to_builder().timeout_config(timeouts).retry_config(once).build();
    Mailer::new(aws_sdk_sesv2::Client::new(&sdk), &config.mail_from)
}
