//! The way to the table.

use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use http::Uri;
use shared::clock::Clock;
use shared::store::{Store, StoreError};

use crate::args::Target;
use crate::failure::Failure;

/// A configuration as the AWS CLI would make one; for a loopback endpoint, one that
/// looks for neither credentials nor region.
async fn config(target: &Target) -> Result<SdkConfig, Failure> {
    let mut loader = shared::aws::loader().timeout_config(patience());
    let mut region = target.region.clone();
    if let Some(url) = &target.endpoint_url {
        if is_loopback(url)? {
            loader = loader.credentials_provider(Credentials::new("local", "local", None, None, "local"));
            region = region.or_else(|| Some("us-east-1".to_owned()));
        }
        loader = loader.endpoint_url(url);
    }
    if let Some(profile) = &target.profile {
        let credentials = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
        loader = loader.profile_name(profile).credentials_provider(credentials);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region));
    }
    let sdk = loader.load().await;
    if sdk.region().is_none() {
        return Err(Failure::new("no region: give --region, or set one in the profile or in AWS_REGION"));
    }
    Ok(sdk)
}

/// A function has to answer within seconds, a command may wait: for an engine that
/// is busy, or a table on the other side of the world.
fn patience() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(10))
        .operation_timeout(Duration::from_secs(30))
        .build()
}

/// A client for what the store has no verb for.
pub(crate) async fn client(target: &Target) -> Result<Client, Failure> {
    Ok(Client::new(&config(target).await?))
}

/// The store in the table.
pub(crate) async fn store(target: &Target) -> Result<Store, Failure> {
    Ok(Store::new(&config(target).await?, &target.table, Clock::system()))
}

fn is_loopback(url: &str) -> Result<bool, Failure> {
    let uri: Uri = url.parse().map_err(|_| Failure::new(format!("--endpoint-url: {url} is not a URL")))?;
    let host = uri.host().filter(|_| uri.scheme().is_some());
    let host = host.ok_or_else(|| Failure::new(format!("--endpoint-url: {url} is not a whole URL")))?;
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    Ok(host == "localhost" || address.is_ok_and(|address| address.is_loopback()))
}

/// What went wrong on the way to the table, with what to do about it.
pub(crate) fn explain(target: &Target, error: &StoreError) -> Failure {
    let hint = match kind(error) {
        Kind::NoTable => "there is no such table there: check --table, --region and --endpoint-url",
        Kind::NoConnection => {
            "nothing answers there: check the network and --endpoint-url, and that there are credentials"
        }
        Kind::Denied => "the credentials may not do this, or have expired",
        Kind::Other => "try again",
    };
    Failure::new(format!("table {}: {error}; {hint}", target.table))
}

/// Whether the same call may succeed a moment later. A connection that is not there
/// has been there before, if `has_answered`: else there is nothing to wait for.
pub(crate) fn may_pass(error: &StoreError, has_answered: bool) -> bool {
    let is_outside = matches!(error, StoreError::Unavailable(_));
    is_outside
        && match kind(error) {
            Kind::Other => true,
            Kind::NoConnection => has_answered,
            Kind::NoTable | Kind::Denied => false,
        }
}

/// Whether nothing answered at all.
pub(crate) fn is_no_connection(error: &StoreError) -> bool {
    matches!(kind(error), Kind::NoConnection)
}

/// What is to be done about an error.
enum Kind {
    NoTable,
    NoConnection,
    Denied,
    Other,
}

fn kind(error: &StoreError) -> Kind {
    let text = error.to_string();
    if text.contains("ResourceNotFound") {
        Kind::NoTable
    } else if text.contains("no connection") {
        Kind::NoConnection
    } else if ["AccessDenied", "Unrecognized", "ExpiredToken"].iter().any(|code| text.contains(code)) {
        Kind::Denied
    } else {
        Kind::Other
    }
}
