//! How we talk to AWS. The SDK has no time limits of its own and waits a second
//! before its first retry, so both are set here, for everyone.

mod environment;
mod table;

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_sdk_dynamodb::config::{
    HttpClient as _, SharedCredentialsProvider, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::http_client_fn;

use self::environment::Environment;
pub use self::table::{Request, TableClient};
use crate::config::Config;
use crate::mail::Mailer;

/// The roots that AWS's services have certificates from: Amazon Root CA 1 to 4
/// and Starfield Services G2 (<https://www.amazontrust.com/repository/>). Reading
/// the 140 of the system instead takes half of a function's start.
const ROOTS: &str = include_str!("aws/amazon-roots.pem");

/// The behaviour that all our clients are pinned to.
fn behavior() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// The time limits that all our clients have, unless they say otherwise.
fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_secs(1))
        .operation_timeout(Duration::from_secs(3))
        .build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(25))
}

/// The configuration of somebody's machine: from the environment, profiles and what else
/// the AWS CLI would ask, with our time limits and retries.
#[must_use]
pub fn loader() -> ConfigLoader {
    aws_config::defaults(behavior()).timeout_config(timeouts()).retry_config(retries())
}

/// A function's configuration: what Lambda puts into its environment, and nothing else. The
/// SDK's loader, which asks profiles and the instance it runs on as well, brings clients of STS
/// and IMDS with it: a tenth of the work before the first poll, and more to load.
#[must_use]
pub fn sdk_config() -> SdkConfig {
    let environment = Environment::of_process();
    builder()
        .credentials_provider(SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new()))
        .region(environment.region())
        .use_fips(environment.says("AWS_USE_FIPS_ENDPOINT"))
        .use_dual_stack(environment.says("AWS_USE_DUALSTACK_ENDPOINT"))
        .service_config(environment)
        .build()
}

/// What every function's configuration has, whatever the environment says. No body is so long that
/// it could stall within an attempt's time limit, so none is watched.
#[must_use]
pub fn builder() -> aws_types::sdk_config::Builder {
    SdkConfig::builder()
        .behavior_version(behavior())
        .timeout_config(timeouts())
        .retry_config(retries())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(connections())
}

/// Connections to AWS's services: the certificates of no others are trusted. A client asks an
/// HTTP client to make one ahead, with other time limits than its own: that one would be thrown
/// away, and with it the reading of all roots.
fn connections() -> SharedHttpClient {
    let provider = Provider::Rustls(CryptoMode::AwsLc);
    let builder = Builder::new().tls_provider(provider);
    let roots = TrustStore::empty().with_pem_certificate(ROOTS);
    let https = match TlsContext::builder().with_trust_store(roots).build() {
        Ok(tls) => builder.tls_context(tls).build_https(),
        Err(_) => builder.build_https(),
    };
    http_client_fn(move |settings, components| https.http_connector(settings, components))
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::builder;

    #[test]
    fn no_call_of_a_function_outlasts_a_request() {
        let sdk = builder().build();
        let limits = sdk.timeout_config().unwrap();
        assert_eq!(limits.connect_timeout(), Some(Duration::from_millis(500)));
        assert_eq!(limits.operation_attempt_timeout(), Some(Duration::from_secs(1)));
        assert_eq!(limits.operation_timeout(), Some(Duration::from_secs(3)));
        let retries = sdk.retry_config().unwrap();
        assert_eq!((retries.max_attempts(), retries.initial_backoff()), (3, Duration::from_millis(25)));
        assert!(sdk.http_client().is_some() && sdk.service_config().is_none());
    }
}
