//! What Lambda's environment says of AWS
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html>).

use aws_config::Region;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// The process's environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment;

impl Environment {
    /// The region of the function.
    pub fn region(self) -> Option<Region> {
        self.get("AWS_REGION").or_else(|| self.get("AWS_DEFAULT_REGION")).map(Region::new)
    }

    /// Whether a setting is `true`.
    pub fn says(self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    #[expect(clippy::disallowed_methods, reason = "these are the SDK's settings, and none of ours")]
    fn get(self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }
}

impl LoadServiceConfig for Environment {
    /// `AWS_ENDPOINT_URL_DYNAMODB` before `AWS_ENDPOINT_URL`.
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        self.get(&format!("{}_{service}", key.env())).or_else(|| self.get(key.env()))
    }
}
