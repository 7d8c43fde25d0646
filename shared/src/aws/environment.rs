//! What Lambda's environment says of AWS
//! (<https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html>).

use aws_config::Region;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

/// An environment: the value of a variable. An empty one counts as absent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment(fn(&str) -> Option<String>);

impl Environment {
    /// The process's.
    #[expect(clippy::disallowed_methods, reason = "these are the SDK's settings, and none of ours")]
    pub fn of_process() -> Self {
        Self(|name| std::env::var(name).ok())
    }

    /// The region of the function.
    pub fn region(self) -> Option<Region> {
        self.get("AWS_REGION").or_else(|| self.get("AWS_DEFAULT_REGION")).map(Region::new)
    }

    /// Whether a setting is `true`.
    pub fn says(self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    fn get(self, name: &str) -> Option<String> {
        self.0(name).filter(|value| !value.is_empty())
    }
}

impl LoadServiceConfig for Environment {
    /// `AWS_ENDPOINT_URL_DYNAMODB` before `AWS_ENDPOINT_URL`.
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace(' ', "_");
        self.get(&format!("{}_{service}", key.env())).or_else(|| self.get(key.env()))
    }
}

#[cfg(test)]
mod tests {
    use aws_types::service_config::{LoadServiceConfig as _, ServiceConfigKey};

    use super::Environment;

    fn endpoint(environment: Environment, service: &str) -> Option<String> {
        let key =
            ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url");
        environment.load_config(key.build().unwrap())
    }

    #[test]
    fn a_services_own_endpoint_goes_before_that_of_all() {
        let environment = Environment(|name| match name {
            "AWS_ENDPOINT_URL_DYNAMODB" => Some("http://table".to_owned()),
            "AWS_ENDPOINT_URL_SESV2" => Some(String::new()),
            "AWS_ENDPOINT_URL" => Some("http://all".to_owned()),
            _ => None,
        });
        assert_eq!(endpoint(environment, "DynamoDB").as_deref(), Some("http://table"));
        assert_eq!(endpoint(environment, "SESv2").as_deref(), Some("http://all"));
        assert_eq!(endpoint(Environment(|_| None), "DynamoDB"), None);
    }

    #[test]
    fn the_region_is_the_functions_else_the_default_one() {
        let both = Environment(|name| name.contains("REGION").then(|| name.to_lowercase()));
        assert_eq!(both.region().unwrap().as_ref(), "aws_region");
        let default = Environment(|name| (name == "AWS_DEFAULT_REGION").then(|| "eu-central-1".to_owned()));
        assert_eq!(default.region().unwrap().as_ref(), "eu-central-1");
        assert!(Environment(|_| Some(String::new())).region().is_none());
    }

    #[test]
    fn a_setting_is_on_if_it_is_true() {
        let environment = Environment(|name| Some(name.to_owned()));
        assert!(environment.says("TRUE") && environment.says("true"));
        assert!(!environment.says("false") && !environment.says("1") && !environment.says(""));
        assert!(!Environment(|_| None).says("true"));
    }
}
