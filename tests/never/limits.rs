//! 10. Unthrottled hashing; lists that return the whole table.

use serde_json::json;
use serde_yaml_ng::Value as Yaml;
use shared::model::Password;
use tests::{PASSWORD, Person, World};

/// Whoever adds an operation that hashes a password adds it to the template, too.
#[test]
fn the_template_throttles_every_route_that_hashes() {
    let template: Yaml = serde_yaml_ng::from_str(&crate::file("template.yaml")).unwrap();
    let properties = &untagged(&template)["Resources"]["Api"]["Properties"];
    let limits = |settings: &Yaml| {
        ["ThrottlingRateLimit", "ThrottlingBurstLimit"].map(|name| text(&template, &settings[name]))
    };
    let [default_rate, default_burst] = limits(&properties["DefaultRouteSettings"]);
    assert!(default_rate > 0.0 && default_burst > 0.0, "every route has a limit");
    let document = crate::document();
    let mut hashing = 0;
    for (method, path, id) in tests::openapi::operations(&document) {
        let takes_a_password = crate::body_schema(&document, &method, &path).is_some_and(|schema| {
            schema["properties"].as_object().unwrap().keys().any(|field| field.contains("password"))
        });
        if takes_a_password {
            let [rate, burst] = limits(&properties["RouteSettings"][format!("{method} {path}")]);
            assert!(rate > 0.0 && rate < default_rate, "{id}: give {method} {path} a limit in RouteSettings");
            assert!(burst > 0.0 && burst < default_burst, "{id}");
            hashing += 1;
        }
    }
    assert!(
        hashing >= 7,
        "register, confirm, login, reset, removal of a factor, change of password: {hashing}"
    );
}

/// The number, or the default of the parameter that is referred to.
fn text(template: &Yaml, value: &Yaml) -> f64 {
    if let Yaml::Tagged(tagged) = value {
        let name = tagged.value.as_str().unwrap();
        return text(template, &template["Parameters"][name]["Default"]);
    }
    value.as_f64().unwrap_or(0.0)
}

fn untagged(value: &Yaml) -> &Yaml {
    if let Yaml::Tagged(tagged) = value { &tagged.value } else { value }
}

/// A02: the hasher takes a `Password`, and there is none of that size.
#[tokio::test]
async fn an_oversize_password_is_refused_before_it_could_be_hashed() {
    assert!(Password::try_from("x".repeat(1024)).is_ok());
    assert!(Password::try_from("x".repeat(1025)).is_err());
    let world = World::new().await;
    let ada = Person::user(&world, "ada@example.com").await;
    let huge = "x".repeat(10_000);
    for (path, body) in [
        ("/auth/register", json!({ "email": "bob@example.com", "password": huge })),
        ("/auth/login", json!({ "email": ada.email, "password": huge })),
        ("/auth/reset-password", json!({ "token": "x", "new_password": huge })),
        ("/auth/confirm-registration", json!({ "token": "x", "password": huge })),
        ("/users/me/change-password", json!({ "current_password": huge, "new_password": PASSWORD })),
        ("/users/me/change-password", json!({ "current_password": PASSWORD, "new_password": huge })),
        ("/users/me/change-email", json!({ "new_email": "b@example.com", "current_password": huge })),
    ] {
        let refused = ada.post(&world, path, body).await;
        refused.refused(422, "invalid_body");
        assert_eq!(refused.body["errors"][0]["code"], "invalid_password_length", "{path}");
    }
    let body = json!({ "email": ada.email, "password": "x".repeat(65_536) });
    world.post("/auth/login", body).await.refused(413, "body_too_large");
}

/// H15
#[tokio::test]
async fn no_list_returns_more_than_a_page() {
    let world = World::new().await;
    let eve = Person::an_admin(&world, "eve@example.com").await;
    for n in 0..130 {
        let email = format!("user-{n}@example.com");
        let name = format!("user-{n}").parse().unwrap();
        world.make_user(&email, |user| user.username = Some(name)).await;
    }
    for query in
        ["", "status=active", "role=user&order=oldest", "email=user", "username=user", "email=user&role=user"]
    {
        for (limit, expected) in [("", 25), ("limit=1&", 1), ("limit=100&", 100)] {
            let page = eve.get(&world, &format!("/admin/users?{limit}{query}")).await.ok(200).body;
            assert_eq!(page["data"].as_array().unwrap().len(), expected, "{limit}{query}");
            assert_eq!(page["has_more"], true);
        }
    }
}

/// Every operation that answers with a list answers with a page.
#[test]
fn every_list_is_a_page() {
    let document = crate::document();
    let mut pages = 0;
    for (method, path, id) in tests::openapi::operations(&document) {
        let schema = &document["paths"][&path][method.to_lowercase()]["responses"]["200"]["content"]["application/json"]
            ["schema"];
        let resolved =
            schema["$ref"].as_str().and_then(|reference| document.pointer(&reference[1..])).unwrap_or(schema);
        assert_ne!(resolved["type"], "array", "{id} answers with a bare list");
        if resolved["properties"]["data"]["type"] == "array" {
            let fields: Vec<&String> = resolved["properties"].as_object().unwrap().keys().collect();
            assert_eq!(fields, ["data", "has_more", "next_cursor"], "{id}");
            pages += 1;
        }
    }
    assert_eq!(pages, 8, "users; sessions, mine and a user's; the audit, mine and a user's; posts; comments");
}
