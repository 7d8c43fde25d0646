//! The way to the table.

use aws_config::Region;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials;
use http::Uri;
use shared::clock::Clock;
use shared::store::Store;

use crate::args::Target;
use crate::failure::Failure;

/// A client as the AWS CLI would make one; for a loopback endpoint, one that
/// looks for neither credentials nor region.
pub(crate) async fn client(target: &Target) -> Result<Client, Failure> {
    let mut loader = shared::aws::loader();
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
    Ok(Client::new(&sdk))
}

/// The store in the table.
pub(crate) async fn store(target: &Target) -> Result<Store, Failure> {
    Ok(Store::new(client(target).await?, &target.table, Clock::system()))
}

fn is_loopback(url: &str) -> Result<bool, Failure> {
    let uri: Uri = url.parse().map_err(|_| Failure::new(format!("--endpoint-url: {url} is not a URL")))?;
    let host = uri.host().filter(|_| uri.scheme().is_some());
    let host = host.ok_or_else(|| Failure::new(format!("--endpoint-url: {url} is not a whole URL")))?;
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    Ok(host == "localhost" || address.is_ok_and(|address| address.is_loopback()))
}

/// What went wrong on the way to the table, with what to do about it.
pub(crate) fn explain(target: &Target, error: &shared::store::StoreError) -> Failure {
    let text = error.to_string();
    let hint = if text.contains("ResourceNotFound") {
        "there is no such table there: check --table, --region and --endpoint-url"
    } else if text.contains("no connection") {
        "nothing answers there: check the network and --endpoint-url, and that there are credentials"
    } else if text.contains("AccessDenied") || text.contains("Unrecognized") || text.contains("ExpiredToken")
    {
        "the credentials may not do this, or have expired"
    } else {
        "try again"
    };
    Failure::new(format!("table {}: {text}; {hint}", target.table))
}
