//! `template.yaml`: what keeps the table, the functions and the logs safe.
//! security.md P02, P03, P04, P11, L05, C04.

use serde_json::{Value, json};

use crate::template::{functions, template};

fn resources(kind: &str) -> Vec<(String, Value)> {
    let template = template();
    let all = template["Resources"].as_object().unwrap().clone();
    all.into_iter().filter(|(_, resource)| resource["Type"] == kind).collect()
}

/// P02
#[test]
fn the_table_survives_the_stack_and_its_cost_has_a_cap() {
    let table = &template()["Resources"]["UserTable"];
    assert_eq!(
        (&table["DeletionPolicy"], &table["UpdateReplacePolicy"]),
        (&json!("Retain"), &json!("Retain"))
    );
    let properties = &table["Properties"];
    assert_eq!(properties["DeletionProtectionEnabled"], true);
    assert_eq!(properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    assert_eq!(properties["SSESpecification"], json!({ "SSEEnabled": true, "SSEType": "KMS" }));
    assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST");
    let index = &properties["GlobalSecondaryIndexes"][0];
    for throughput in [&properties["OnDemandThroughput"], &index["OnDemandThroughput"]] {
        assert_eq!(throughput["MaxReadRequestUnits"]["!Ref"], "TableMaxReadUnits");
        assert_eq!(throughput["MaxWriteRequestUnits"]["!Ref"], "TableMaxWriteUnits");
    }
}

/// P03, J11
#[test]
fn the_stage_is_throttled_and_its_log_holds_neither_query_nor_address() {
    let api = &template()["Resources"]["Api"]["Properties"];
    assert_eq!(api["StageName"], "$default");
    assert!(api["DefaultRouteSettings"]["ThrottlingRateLimit"].is_object());
    let metrics = &api["DefaultRouteSettings"]["DetailedMetricsEnabled"];
    assert_eq!(metrics["!Ref"], "RouteMetrics");
    let format = api["AccessLogSettings"]["Format"].as_str().unwrap();
    let fields: Value = serde_json::from_str(format).expect("a line of the access log is JSON");
    assert!(fields.as_object().unwrap().contains_key("request_id"));
    for leak in ["sourceIp", "ip\"", "path\"", "queryString", "userAgent", "header", "authorizer"] {
        assert!(!format.contains(leak), "{leak}: {format}");
    }
}

/// P04
#[test]
fn each_function_has_a_fuse_a_trace_and_a_log_of_its_own_and_no_url() {
    let globals = &template()["Globals"]["Function"];
    assert_eq!(globals["Runtime"], "provided.al2023");
    assert_eq!(globals["LoggingConfig"]["LogFormat"], "JSON");
    // Whoever looks for something turns it on; by default it costs more than what it watches.
    let parameters = &template()["Parameters"];
    for (used, name, default, on) in [
        (&globals["Tracing"], "Tracing", "PassThrough", "Active"),
        (&globals["LoggingConfig"]["SystemLogLevel"], "LambdaLogLevel", "WARN", "INFO"),
    ] {
        assert_eq!((&used["!Ref"], &parameters[name]["Default"]), (&json!(name), &json!(default)));
        assert!(parameters[name]["AllowedValues"].as_array().unwrap().contains(&json!(on)), "{name}");
    }
    for (name, function) in functions() {
        let properties = &function["Properties"];
        let or_global = |key: &str| properties.get(key).unwrap_or(&globals[key]).as_u64().unwrap();
        assert!(or_global("Timeout") <= 30 && or_global("MemorySize") >= 512, "{name}");
        assert!(properties["FunctionUrlConfig"].is_null(), "{name}");
        assert!(properties["LoggingConfig"]["LogGroup"]["!Ref"].is_string(), "{name}");
    }
    assert!(functions()["auth"]["Properties"]["ReservedConcurrentExecutions"].is_object());
    assert!(resources("AWS::Lambda::Url").is_empty());
}

/// L05
#[test]
fn logs_are_kept_for_a_set_time_and_no_function_may_delete_them() {
    let groups = resources("AWS::Logs::LogGroup");
    assert_eq!(groups.len(), functions().len() + 1, "one per function and one for the stage");
    for (name, group) in groups {
        assert_eq!(group["Properties"]["RetentionInDays"]["!Ref"], "LogRetentionDays", "{name}");
    }
    assert!(!template().to_string().contains("logs:Delete"));
}

/// C04: by dynamic reference, which `CloudFormation` resolves and never shows.
#[test]
fn two_functions_get_the_secret_and_no_parameter_or_output_shows_it() {
    let secret = json!({ "!Sub": "{{resolve:secretsmanager:${AppSecret}:SecretString}}" });
    for (name, function) in functions() {
        let variables = &function["Properties"]["Environment"]["Variables"];
        let expected = if ["auth", "mailer"].contains(&name.as_str()) { secret.clone() } else { Value::Null };
        assert_eq!(variables["APP_SECRET"], expected, "{name}");
    }
    let template = template();
    assert_eq!(template["Parameters"]["AdminRegistrationKey"]["NoEcho"], true);
    assert!(template["Resources"]["AppSecret"]["Properties"]["SecretString"].is_null());
    assert!(!template["Outputs"].to_string().contains("resolve:"));
}

/// P11
#[test]
fn an_alarm_stands_for_each_thing_that_must_not_go_unseen() {
    let alarms = resources("AWS::CloudWatch::Alarm");
    let watched = |metric: &str| alarms.iter().any(|(_, alarm)| alarm.to_string().contains(metric));
    for metric in [
        "5xx",
        "Latency",
        "\"Errors\"",
        "\"Throttles\"",
        "ReadThrottleEvents",
        "WriteThrottleEvents",
        "Reputation.BounceRate",
        "Reputation.ComplaintRate",
        "TokensReused",
        "MailRefused",
        "IteratorAge",
        "ApproximateNumberOfMessagesVisible",
    ] {
        assert!(watched(metric), "no alarm watches {metric}");
    }
    for (name, alarm) in alarms {
        assert_eq!(alarm["Properties"]["AlarmActions"][0]["!Ref"], "AlarmTopic", "{name}");
    }
}

/// Of each function, errors and throttles; where it is made by choice, on the same condition.
#[test]
fn each_function_has_an_alarm_for_its_errors_and_a_line_among_the_throttles() {
    let throttles = &template()["Resources"]["FunctionThrottles"]["Properties"]["Metrics"];
    let lines: Vec<String> = throttles.as_array().unwrap().iter().map(Value::to_string).collect();
    let alarms = resources("AWS::CloudWatch::Alarm");
    for (name, function) in resources("AWS::Serverless::Function") {
        let dimension = json!([{ "Name": "FunctionName", "Value": { "!Ref": name } }]);
        let alarm = alarms.iter().find(|(_, alarm)| {
            alarm["Properties"]["MetricName"] == "Errors" && alarm["Properties"]["Dimensions"] == dimension
        });
        let (_, alarm) = alarm.unwrap_or_else(|| panic!("no alarm watches the errors of {name}"));
        assert_eq!(alarm["Condition"], function["Condition"], "{name}");
        let line = lines.iter().find(|line| line.contains(&dimension.to_string()));
        let line = line.unwrap_or_else(|| panic!("throttles of {name} are not in FunctionThrottles"));
        let condition = function["Condition"].as_str();
        assert!(condition.is_none_or(|condition| line.contains(condition)), "{name}: {line}");
    }
}
