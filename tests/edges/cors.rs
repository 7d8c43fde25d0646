//! CORS where no API Gateway answers for it. security.md H09.

use serde_json::Value;
use shared::config::{Config, Setting};
use tests::{Call, Reply, World};

const APP: &str = "http://localhost:3000";
const ORIGINS: (&str, &str) = ("CORS_ORIGINS", "http://localhost:3000,http://localhost:5173");

fn preflight(path: &str, origin: &str) -> Call {
    let call = Call::new("OPTIONS", path).header("origin", origin);
    let call = call.header("access-control-request-method", "PATCH");
    call.header("access-control-request-headers", "authorization,content-type,idempotency-key")
}

fn cors_headers(reply: &Reply) -> Vec<&String> {
    let names = reply.headers.as_object().into_iter().flatten().map(|(name, _): (_, &Value)| name);
    names.filter(|name| name.starts_with("access-control-")).collect()
}

#[tokio::test]
async fn an_origin_of_the_list_may_call_with_credentials_and_read_problems_too() {
    let world = World::with(&[ORIGINS]).await;
    for (path, status) in [("/docs/health", 200), ("/users/me", 401), ("/auth/login", 405), ("/nothing", 404)]
    {
        for origin in [APP, "http://localhost:5173"] {
            let reply = world.call(Call::new("GET", path).header("origin", origin)).await.ok(status);
            assert_eq!(reply.header("access-control-allow-origin"), origin, "{path}");
            assert_eq!(reply.header("access-control-allow-credentials"), "true");
            assert!(reply.header("access-control-expose-headers").contains("retry-after"));
            assert!(reply.header("vary").contains("origin"), "{:?}", reply.headers);
        }
    }
}

#[tokio::test]
async fn a_foreign_origin_is_told_nothing() {
    let world = World::with(&[ORIGINS]).await;
    for origin in
        ["https://evil.example", "null", "http://localhost:3000.evil.example", "http://localhost", "HTTP://x"]
    {
        for call in
            [Call::new("GET", "/docs/health").header("origin", origin), preflight("/users/me", origin)]
        {
            let reply = world.call(call).await;
            assert!(cors_headers(&reply).is_empty(), "{origin}: {:?}", reply.headers);
            assert!(reply.header("vary").contains("origin"), "{origin}: {:?}", reply.headers);
        }
    }
}

#[tokio::test]
async fn a_preflight_is_answered_for_every_function() {
    let world = World::with(&[ORIGINS]).await;
    for path in ["/auth/login", "/users/me", "/admin/users", "/docs/health"] {
        let reply = world.call(preflight(path, APP)).await.ok(200);
        assert_eq!(reply.header("access-control-allow-origin"), APP);
        assert_eq!(reply.header("access-control-allow-credentials"), "true");
        assert_eq!(reply.header("access-control-allow-methods"), "GET,POST,PUT,PATCH,DELETE");
        assert_eq!(
            reply.header("access-control-allow-headers"),
            "authorization,content-type,idempotency-key"
        );
        assert_eq!(reply.header("access-control-max-age"), "600");
    }
}

/// In AWS the setting is empty, and API Gateway says it all.
#[tokio::test]
async fn without_the_setting_nothing_is_said() {
    let world = World::new().await;
    let reply = world.call(Call::new("GET", "/docs/health").header("origin", APP)).await.ok(200);
    assert!(cors_headers(&reply).is_empty(), "{:?}", reply.headers);
    let reply = world.call(preflight("/users/me", APP)).await;
    reply.refused(405, "method_not_allowed");
    assert!(cors_headers(&reply).is_empty(), "{:?}", reply.headers);
}

/// A wildcard would let every page in, with the credentials of whoever looks at it.
#[test]
fn a_wildcard_is_no_origin() {
    for origins in ["*", "https://*.example.com", "https://app.example.com,*", "null"] {
        let read = Config::read(&[Setting::CorsOrigins], |_| Some(origins.to_owned()));
        assert_eq!(read.is_err(), !origins.contains("*."), "{origins}");
    }
}
