//! Authorization headers that are none. security.md J10.

use tests::{Call, Person, World};

/// Section 4.1: repeated headers arrive joined by a comma, or as two in other cases.
#[tokio::test]
async fn a_token_that_is_no_single_short_jwt_signs_nobody_in() {
    let world = World::new().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let good = &ada.access_token;
    let values = [
        format!("Bearer {good},Bearer {good}"),
        format!("Bearer {good}, Basic eDp5"),
        format!("Bearer {good} {good}"),
        format!("Bearer {good}."),
        format!("Bearer \u{feff}{good}"),
        format!("Bearer {}", "a".repeat(10_240)),
        format!("Bearer {}", format!("{}.", "e30".repeat(1_100)).repeat(3)),
        format!("Basic {good}"),
        good.clone(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        String::new(),
    ];
    for value in values {
        let reply = world.call(Call::new("GET", "/users/me").header("authorization", &value)).await;
        assert_eq!(reply.status, 401, "{value}: {}", reply.body);
    }
    let mut twice = Call::new("GET", "/users/me").token(good).event();
    twice["headers"]["Authorization"] = twice["headers"]["authorization"].clone();
    world.send("users", &twice).await.refused(401, "unauthenticated");
}
