//! What a call is made of, put together once: the SDK's defaults, the configuration, and of what the SDK's own client has
//! for DynamoDB, that which is needed.

use aws_config::SdkConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::service_clock_skew::{DisableClockSkewCorrection, ServiceClockSkewInterceptor};
use aws_sdk_dynamodb::config::auth::{DefaultAuthSchemeResolver, ResolveAuthScheme as _};
use aws_smithy_runtime::client::defaults::{DefaultPluginParams, default_plugins};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::orchestrator::AuthSchemeAndEndpointOrchestrationV2;
use aws_smithy_runtime::client::retries::classifiers::HttpStatusCodeClassifier;
use aws_smithy_runtime_api::client::interceptors::SharedInterceptor;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{
    Order, RuntimePlugin, RuntimePlugins, StaticRuntimePlugin,
};
use aws_smithy_types::config_bag::{FrozenLayer, Layer};
use aws_types::SigningName;
use aws_types::region::SigningRegion;

use super::super::behavior;
use super::endpoint::{FoundOnce, NoParams};
use super::headers::Headers;

const NAME: &str = "TableClient";

static NONE: RuntimeComponentsBuilder = RuntimeComponentsBuilder::new(NAME);

/// What all calls have in common.
#[derive(Debug)]
pub(super) struct Parts {
    defaults: Vec<FrozenLayer>,
    settings: FrozenLayer,
    components: RuntimeComponentsBuilder,
}

impl Parts {
    pub fn new(sdk: &SdkConfig) -> Self {
        let partition = sdk.region().map_or("dynamodb".to_owned(), |region| format!("dynamodb-{region}"));
        let params = DefaultPluginParams::new()
            .with_retry_partition_name(partition)
            .with_behavior_version(sdk.behavior_version().unwrap_or_else(behavior))
            .with_is_aws_sdk(true);
        let (mut defaults, mut components) = (Vec::new(), NONE.clone());
        for plugin in default_plugins(params) {
            components = components.merge_from(&plugin.runtime_components(&NONE));
            defaults.extend(plugin.config());
        }
        let components = components.merge_from(&configured(sdk)).merge_from(&service(sdk));
        Self { defaults, settings: settings(sdk), components }
    }

    /// The same with what the SDK has of an operation: how its messages are written and read, and which refusals
    /// may be tried again. What else it has of it is not needed
    /// (decision 20).
    pub fn with(&self, operation: &impl RuntimePlugin) -> RuntimePlugins {
        let mut of_operation = NONE.clone();
        of_operation.set_retry_classifiers(operation.runtime_components(&NONE).retry_classifiers());
        let components = self.components.clone().merge_from(&of_operation);
        let mut plugins = RuntimePlugins::new();
        for layer in &self.defaults {
            plugins = plugins.with_client_plugin(configuration(layer.clone()).with_order(Order::Defaults));
        }
        let own = configuration(self.settings.clone()).with_runtime_components(components);
        plugins = plugins.with_client_plugin(own);
        match operation.config() {
            Some(layer) => plugins.with_operation_plugin(configuration(layer)),
            None => plugins,
        }
    }
}

fn configuration(layer: FrozenLayer) -> StaticRuntimePlugin {
    StaticRuntimePlugin::new().with_config(layer)
}

fn settings(sdk: &SdkConfig) -> FrozenLayer {
    let mut layer = Layer::new(NAME);
    layer.store_put(AuthSchemeAndEndpointOrchestrationV2);
    layer.store_put(SigningName::from_static("dynamodb"));
    if let Some(region) = sdk.region() {
        layer.store_put(region.clone());
        layer.store_put(SigningRegion::from(region.clone()));
    }
    if let Some(timeouts) = sdk.timeout_config() {
        layer.store_put(timeouts.clone());
    }
    if let Some(retries) = sdk.retry_config() {
        layer.store_put(retries.clone());
    }
    if let Some(disabled) = sdk.disable_clock_skew_correction() {
        layer.store_put(DisableClockSkewCorrection::from(disabled));
    }
    layer.freeze()
}

/// The parts that the configuration brings.
fn configured(sdk: &SdkConfig) -> RuntimeComponentsBuilder {
    let components = NONE
        .clone()
        .with_http_client(sdk.http_client())
        .with_identity_cache(sdk.identity_cache())
        .with_sleep_impl(sdk.sleep_impl())
        .with_time_source(sdk.time_source());
    match sdk.credentials_provider() {
        Some(credentials) => components.with_identity_resolver(SCHEME_ID, credentials),
        None => components,
    }
}

/// The parts that DynamoDB asks for: where it is, how a request is signed, what may be tried again.
fn service(sdk: &SdkConfig) -> RuntimeComponentsBuilder {
    NONE.clone()
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(DefaultAuthSchemeResolver::default().into_shared_resolver()))
        .with_endpoint_resolver(Some(FoundOnce::new(sdk)))
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_interceptor(SharedInterceptor::permanent(NoParams))
        .with_interceptor(SharedInterceptor::permanent(ConnectionPoisoningInterceptor::new()))
        .with_interceptor(SharedInterceptor::permanent(ServiceClockSkewInterceptor::new()))
        .with_interceptor(SharedInterceptor::permanent(Headers))
}
