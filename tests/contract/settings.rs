//! Each function's environment in `template.yaml` holds the settings that it
//! reads, and each parameter's default is the code's.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use shared::config::{Config, Setting};

use crate::template::{functions, template};
use crate::{API, pascal};

/// Made by the stack, not given.
const MADE: [&str; 2] = ["TABLE_NAME", "APP_SECRET"];

/// API Gateway answers for CORS in AWS. Who may use the refresh cookie is for `auth`
/// to say.
const NOT_IN_AWS: &str = "CORS_ORIGINS";

/// Whether the function has the setting in AWS, too.
fn is_given(function: &str, setting: &str) -> bool {
    function == "auth" || setting != NOT_IN_AWS
}

/// Every function with its settings.
fn all() -> impl Iterator<Item = (&'static str, &'static [Setting])> {
    let others =
        [("mailer", mailer::SETTINGS), ("worker", worker::SETTINGS), ("authorizer", authorizer::SETTINGS)];
    API.into_iter().chain(others)
}

/// The settings that are the template's parameters.
fn parameters() -> Vec<Setting> {
    let mut all: Vec<Setting> = all().flat_map(|(_, settings)| settings.iter().copied()).collect();
    all.sort_by_key(|setting| setting.name());
    all.dedup();
    all.retain(|setting| !MADE.contains(&setting.name()));
    all
}

/// `REFRESH_IDLE_TTL` as `RefreshIdleTtl`.
fn parameter(setting: Setting) -> String {
    pascal(&setting.name().to_lowercase())
}

#[test]
fn a_functions_environment_names_its_settings_and_no_others() {
    let functions = functions();
    for (name, settings) in all() {
        let wanted: BTreeSet<&str> =
            settings.iter().map(|setting| setting.name()).filter(|setting| is_given(name, setting)).collect();
        let environment = &functions[name]["Properties"]["Environment"]["Variables"];
        let given: BTreeSet<&str> =
            environment.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let missing = wanted
            .difference(&given)
            .map(|name| format!("          {name}: !Ref {}\n", pascal(&name.to_lowercase())));
        let missing: String = missing.collect();
        assert!(missing.is_empty(), "template.yaml, Environment of {}: paste\n{missing}", pascal(name));
        let other: Vec<_> = given.difference(&wanted).collect();
        assert!(
            other.is_empty(),
            "template.yaml, Environment of {}: {other:?} is not in {name}::SETTINGS",
            pascal(name)
        );
    }
}

#[test]
fn a_functions_environment_takes_each_setting_from_its_parameter() {
    let functions = functions();
    for (name, settings) in all() {
        let environment = &functions[name]["Properties"]["Environment"]["Variables"];
        let given =
            settings.iter().filter(|setting| is_given(name, setting.name()) && setting.name() != "MAIL_FROM");
        // API Gateway tells each function of Usher its address, but not one that another API asks.
        let is_told = |setting: &Setting| name != "authorizer" || *setting != Setting::PublicUrl;
        for setting in given.filter(|setting| is_told(setting) && !MADE.contains(&setting.name())) {
            assert_eq!(
                environment[setting.name()],
                json!({ "!Ref": parameter(*setting) }),
                "template.yaml, {}",
                pascal(name)
            );
        }
    }
}

/// The issuer of the tokens, whatever API asks.
#[test]
fn the_authorizer_knows_the_address_in_any_case() {
    let environment = functions()["authorizer"]["Properties"]["Environment"]["Variables"].clone();
    let own = json!({ "!Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}" });
    assert_eq!(environment["PUBLIC_URL"], json!({ "!If": ["HasPublicUrl", { "!Ref": "PublicUrl" }, own] }));
}

/// Only those who sign or mail hold it (design.md section 4).
#[test]
fn the_secret_goes_to_the_functions_that_need_it_by_dynamic_reference() {
    let holders: Vec<&str> =
        all().filter(|(_, settings)| settings.contains(&Setting::AppSecret)).map(|(name, _)| name).collect();
    assert_eq!(holders, ["auth", "mailer"]);
    for (name, function) in functions() {
        let secret = &function["Properties"]["Environment"]["Variables"]["APP_SECRET"];
        let expected = json!({ "!Sub": "{{resolve:secretsmanager:${AppSecret}:SecretString}}" });
        assert_eq!(*secret, if holders.contains(&name.as_str()) { expected } else { json!(null) }, "{name}");
    }
}

#[test]
fn every_setting_is_a_parameter_with_the_codes_default() {
    let template = template();
    let nothing = Config::default();
    for setting in parameters() {
        let (name, found) = (parameter(setting), &template["Parameters"][parameter(setting)]);
        assert!(
            found.is_object(),
            "template.yaml: {} has no parameter; paste\n  {name}:\n    Type: String",
            setting.name()
        );
        let default = text(&found["Default"]);
        assert_eq!(default.is_none(), setting.is_required(), "template.yaml, {name}: Default");
        let Some(default) = default else { continue };
        let read = Config::read(&[setting], |_| Some(default.clone()))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            format!("{read:?}"),
            format!("{nothing:?}"),
            "template.yaml, {name}: Default is not the code's"
        );
        let unset = ["ADMIN_REGISTRATION_KEY", "HIBP_URL", "PUBLIC_URL", "FRONTEND_URL", NOT_IN_AWS]
            .contains(&setting.name());
        assert_eq!(default.is_empty(), unset, "template.yaml, {name}: write the default out");
    }
}

/// A value that the template accepts and the code refuses would stop a function's
/// start after a deployment that seemed to work.
#[test]
fn what_the_template_allows_the_code_takes() {
    let template = template();
    for setting in parameters() {
        let (name, found) = (parameter(setting), &template["Parameters"][parameter(setting)]);
        let bounds = [&found["MinValue"], &found["MaxValue"]].into_iter().filter_map(text);
        let values = found["AllowedValues"].as_array().into_iter().flatten().filter_map(text);
        for value in bounds.chain(values) {
            let read = Config::read(&[setting], |_| Some(value.clone()));
            assert!(read.is_ok(), "template.yaml, {name} allows {value}: {read:?}");
        }
    }
    assert_eq!(template["Parameters"]["AdminRegistrationKey"]["NoEcho"], true);
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
