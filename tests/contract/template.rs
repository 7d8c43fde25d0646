//! `template.yaml`: routes, table, stream and CORS are those of the code.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::store::schema::DEFINITION;
use tests::{Call, World};

use crate::{API, operations, pascal, read};

/// The template as JSON; an intrinsic function `!Ref X` is `{"!Ref": "X"}`.
pub(crate) fn template() -> Value {
    from_yaml(serde_yaml_ng::from_str(&read("template.yaml")).expect("template.yaml is YAML"))
}

fn from_yaml(yaml: serde_yaml_ng::Value) -> Value {
    use serde_yaml_ng::Value as Yaml;
    match yaml {
        Yaml::Tagged(tagged) => json!({ tagged.tag.to_string(): from_yaml(tagged.value) }),
        Yaml::Sequence(items) => items.into_iter().map(from_yaml).collect(),
        Yaml::Mapping(map) => {
            let name = |key: Yaml| key.as_str().expect("a key is a string").to_owned();
            map.into_iter().map(|(key, value)| (name(key), from_yaml(value))).collect()
        }
        other => serde_json::to_value(other).unwrap(),
    }
}

/// Each function's resource, by the name of its binary.
pub(crate) fn functions() -> BTreeMap<String, Value> {
    let template = template();
    let resources = template["Resources"].as_object().unwrap().values();
    let functions = resources.filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    let binary =
        |function: &Value| function["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap().to_owned();
    functions.map(|function| (binary(function), function.clone())).collect()
}

/// What API Gateway sends to a function, by event: `METHOD /path` or `$default`.
fn routes(function: &Value) -> BTreeMap<String, String> {
    let events = function["Properties"]["Events"].as_object().into_iter().flatten();
    let http = events.filter(|(_, event)| event["Type"] == "HttpApi");
    let route = |event: &Value| {
        let text = |name: &str| event["Properties"][name].as_str();
        let pair = text("Method").zip(text("Path"));
        pair.map_or("$default".to_owned(), |(method, path)| format!("{method} {path}"))
    };
    http.map(|(name, event)| (name.clone(), route(event))).collect()
}

#[test]
fn every_operation_is_an_event_of_its_function_and_every_event_an_operation() {
    let functions = functions();
    let mut left: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, function) in &functions {
        left.extend(routes(function).into_values().map(|route| (name.clone(), route)));
    }
    for (method, path, id) in operations() {
        let function = path.split('/').nth(1).unwrap();
        let quoted = if path.contains('{') { format!("'{path}'") } else { path.clone() };
        let event = format!(
            "{{ Type: HttpApi, Properties: {{ ApiId: !Ref Api, Method: {method}, Path: {quoted} }} }}"
        );
        let paste = format!("        {}: {event}", pascal(&id));
        let known = left.remove(&(function.to_owned(), format!("{method} {path}")));
        assert!(known, "template.yaml, Events of {}: paste\n{paste}", pascal(function));
        assert!(
            functions[function]["Properties"]["Events"][pascal(&id)].is_object(),
            "its name is {}",
            pascal(&id)
        );
    }
    let rest = BTreeSet::from([("docs".to_owned(), "$default".to_owned())]);
    assert_eq!(left, rest, "template.yaml: events that no operation has, or no $default route to docs");
}

/// A name misspelt here would quietly have the default limits.
#[test]
fn every_limit_of_a_route_is_for_an_operation() {
    let template = template();
    let limits = template["Resources"]["Api"]["Properties"]["RouteSettings"].as_object().unwrap();
    for route in limits.keys().filter(|route| *route != "$default") {
        let found = operations().iter().any(|(method, path, _)| *route == format!("{method} {path}"));
        assert!(found, "template.yaml, RouteSettings: there is no operation {route}");
    }
    assert!(limits.contains_key("$default"), "what no route matches is throttled most");
    for (_, path, id) in operations().iter().filter(|(method, ..)| method == "POST") {
        let open =
            path.starts_with("/auth/") && !["refresh", "logout", "verify_email"].contains(&id.as_str());
        let route = format!("POST {path}");
        assert!(
            !open || limits.contains_key(&route),
            "template.yaml: {route} hashes or mails; paste a limit into RouteSettings"
        );
    }
}

/// The example stays out of an installation unless somebody asks for it, with its role,
/// its log, its alarm and its limits, which the stage would refuse without the routes.
#[test]
fn posts_are_made_only_where_they_are_asked_for() {
    let template = template();
    assert_eq!(template["Parameters"]["CreatePosts"]["Default"], "false");
    assert_eq!(template["Conditions"]["HasPosts"]["!Equals"], json!([{ "!Ref": "CreatePosts" }, "true"]));
    for (name, resource) in template["Resources"].as_object().unwrap() {
        let is_of_posts = name.starts_with("Posts");
        assert_eq!(is_of_posts, resource["Condition"] == "HasPosts", "{name}");
        let metrics = resource["Properties"]["Metrics"].as_array().into_iter().flatten();
        for metric in metrics.filter(|metric| metric.to_string().contains(r#"{"!Ref":"Posts"}"#)) {
            assert_eq!(metric["!If"][0], "HasPosts", "{name}");
        }
    }
    let limits = template["Resources"]["Api"]["Properties"]["RouteSettings"].as_object().unwrap();
    for (route, limit) in limits.iter().filter(|(route, _)| route.contains(" /posts")) {
        assert_eq!(
            (&limit["!If"][0], &limit["!If"][2]["!Ref"]),
            (&json!("HasPosts"), &json!("AWS::NoValue")),
            "{route}"
        );
    }
    for route in ["GET /posts", "POST /posts", "GET /posts/{id}/comments", "POST /posts/{id}/comments"] {
        assert!(limits.contains_key(route), "{route} reads or writes much");
    }
    assert!(limits.contains_key("GET /users/me/export"), "it reads much");
}

#[test]
fn the_functions_are_those_of_the_workspace() {
    let others = ["mailer", "worker", "authorizer"];
    let mut expected: Vec<&str> = API.iter().map(|(name, _)| *name).chain(others).collect();
    expected.sort_unstable();
    assert_eq!(functions().into_keys().collect::<Vec<_>>(), expected);
    for (name, function) in functions() {
        assert_eq!(function["Properties"]["CodeUri"], format!("functions/{name}"));
    }
}

#[test]
fn the_table_is_the_codes() {
    let table = &template()["Resources"]["UserTable"]["Properties"];
    let key = |names: [&str; 2]| json!([{ "AttributeName": names[0], "KeyType": "HASH" }, { "AttributeName": names[1], "KeyType": "RANGE" }]);
    assert_eq!(table["KeySchema"], key(DEFINITION.key));
    let attributes = DEFINITION.key.into_iter().chain(DEFINITION.index_key);
    let attributes: Vec<Value> =
        attributes.map(|name| json!({ "AttributeName": name, "AttributeType": "S" })).collect();
    assert_eq!(table["AttributeDefinitions"], json!(attributes));
    let indexes = table["GlobalSecondaryIndexes"].as_array().unwrap();
    assert_eq!(indexes.len(), 1);
    assert_eq!(indexes[0]["IndexName"], DEFINITION.index);
    assert_eq!(indexes[0]["KeySchema"], key(DEFINITION.index_key));
    assert_eq!(
        indexes[0]["Projection"],
        json!({ "ProjectionType": "INCLUDE", "NonKeyAttributes": DEFINITION.projected })
    );
    assert_eq!(table["TimeToLiveSpecification"], json!({ "AttributeName": DEFINITION.ttl, "Enabled": true }));
    assert_eq!(table["StreamSpecification"], json!({ "StreamViewType": DEFINITION.stream }));
    assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
}

/// The local triggers stand for these mappings, so they have the same filters and batches.
#[test]
fn each_consumer_of_the_stream_is_brought_what_it_wants_in_batches_that_may_fail_in_part() {
    for (name, local) in [("mailer", local::stream::MAILER), ("worker", local::stream::WORKER)] {
        let functions = functions();
        let events = functions[name]["Properties"]["Events"].as_object().unwrap();
        let mapping = &events.values().find(|event| event["Type"] == "DynamoDB").unwrap()["Properties"];
        let filters = mapping["FilterCriteria"]["Filters"].as_array().unwrap();
        let pattern = |filter: &Value| serde_json::from_str(filter["Pattern"].as_str().unwrap()).unwrap();
        let expected: Vec<Value> = local.filters.iter().map(local::stream::Filter::pattern).collect();
        let paste: Vec<String> = expected.iter().map(|pattern| format!("- Pattern: '{pattern}'")).collect();
        assert_eq!(
            filters.iter().map(pattern).collect::<Vec<Value>>(),
            expected,
            "template.yaml, the {name}'s filters: paste\n{}",
            paste.join("\n")
        );
        assert!(filters.len() <= 5, "Lambda takes five filters");
        assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]));
        assert_eq!(mapping["BatchSize"], json!(local.batch_size));
        assert_eq!(mapping["StartingPosition"], "TRIM_HORIZON");
        assert_eq!(mapping["BisectBatchOnFunctionError"], true);
        assert!(mapping["DestinationConfig"]["OnFailure"]["Destination"].is_object(), "{name}");
    }
}

/// The prefixes are the store's.
#[test]
fn the_stores_keys_are_what_the_filters_let_through() {
    use shared::store::Touched;
    const ID: &str = "019530c2-8f4d-7c3e-9b1a-5d2f6e8a7b40";
    assert!(shared::store::mail_id(&format!("MAIL#{ID}")).is_some());
    for filter in local::stream::WORKER.filters {
        let (pk, sk) = (format!("{}{ID}", filter.pk), filter.sk);
        let sk = if sk.ends_with('#') { format!("{sk}{ID}") } else { sk.to_owned() };
        assert!(Touched::by_key(&pk, &sk).is_some(), "{pk} / {sk}");
    }
}

/// H09: a browser meets the same rules in AWS as on a laptop.
#[tokio::test]
async fn cors_in_aws_is_cors_on_a_laptop() {
    let world = World::with(&[("CORS_ORIGINS", "http://localhost:3000")]).await;
    let call = |method: &str| Call::new(method, "/docs/health").header("origin", "http://localhost:3000");
    let preflight = world.call(call("OPTIONS").header("access-control-request-method", "GET")).await.ok(200);
    let answer = world.call(call("GET")).await.ok(200);
    let list = |text: &str| text.split(',').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    let api = template()["Resources"]["Api"]["Properties"]["CorsConfiguration"].clone();
    let cors = &api["!If"][1];
    assert_eq!(cors["AllowMethods"], json!(list(preflight.header("access-control-allow-methods"))));
    assert_eq!(cors["AllowHeaders"], json!(list(preflight.header("access-control-allow-headers"))));
    assert_eq!(cors["ExposeHeaders"], json!(list(answer.header("access-control-expose-headers"))));
    assert_eq!(cors["MaxAge"].to_string(), preflight.header("access-control-max-age"));
    assert_eq!(cors["AllowCredentials"], true);
    // Whole origins, so no wildcard with credentials.
    let pattern = &template()["Parameters"]["CorsOrigins"]["AllowedPattern"];
    assert_eq!(*pattern, r"^$|^https?://[^\s,/*]+(,https?://[^\s,/*]+)*$");
}

/// L02: a metric is a count: it has no value and no dimension from a line.
#[test]
fn no_metric_takes_anything_from_a_line_of_the_log() {
    let template = template();
    let resources = template["Resources"].as_object().unwrap();
    let filters = resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::Logs::MetricFilter");
    let mut found = 0;
    for (name, filter) in filters {
        for metric in filter["Properties"]["MetricTransformations"].as_array().unwrap() {
            assert!(metric["MetricValue"] == "1" && metric["Dimensions"].is_null(), "{name}: {metric}");
            found += 1;
        }
    }
    assert!(found > 0);
}
