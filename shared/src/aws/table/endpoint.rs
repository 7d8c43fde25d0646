//! Where the table is: found out once by the SDK's rules, which its own client goes through anew for each call.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::config::ConfigBag;
use aws_sdk_dynamodb::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::endpoint::{EndpointFuture, EndpointResolverParams, ResolveEndpoint};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_types::endpoint::Endpoint;
use aws_types::service_config::ServiceConfigKey;

/// The endpoint by a configuration.
#[derive(Debug)]
pub(super) struct FoundOnce {
    sdk: SdkConfig,
    found: OnceLock<Endpoint>,
}

impl FoundOnce {
    pub fn new(sdk: &SdkConfig) -> Self {
        Self { sdk: sdk.clone(), found: OnceLock::new() }
    }

    async fn find(&self) -> Result<Endpoint, BoxError> {
        let params = Params::builder()
            .set_region(self.sdk.region().map(ToString::to_string))
            .set_use_fips(self.sdk.use_fips())
            .set_use_dual_stack(self.sdk.use_dual_stack())
            .set_endpoint(url(&self.sdk))
            .build()?;
        let found = DefaultResolver::new().resolve_endpoint(&params).await?;
        Ok(self.found.get_or_init(|| found).clone())
    }
}

impl ResolveEndpoint for FoundOnce {
    fn resolve_endpoint<'a>(&'a self, _: &'a EndpointResolverParams) -> EndpointFuture<'a> {
        match self.found.get() {
            Some(found) => EndpointFuture::ready(Ok(found.clone())),
            None => EndpointFuture::new(self.find()),
        }
    }
}

/// What the code says, else what the environment says of DynamoDB, else of all services.
fn url(sdk: &SdkConfig) -> Option<String> {
    let of_all = || sdk.endpoint_url().map(str::to_owned);
    if sdk.get_origin("endpoint_url").is_client_config() {
        return of_all();
    }
    let key =
        ServiceConfigKey::builder().service_id("DynamoDB").env("AWS_ENDPOINT_URL").profile("endpoint_url");
    let own = key.build().ok().and_then(|key| sdk.service_config()?.load_config(key));
    own.or_else(of_all)
}

/// Nothing of a request has a say in where it goes. The SDK wants to be told.
#[derive(Debug)]
pub(super) struct NoParams;

#[dyn_dispatch_hint]
impl Intercept for NoParams {
    fn name(&self) -> &'static str {
        "NoParams"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        config.interceptor_state().store_put(EndpointResolverParams::new(()));
        Ok(())
    }
}
