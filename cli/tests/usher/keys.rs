//! `usher keys`, in an installation whose clock is the command's.

use shared::clock::Clock;
use tests::{PASSWORD, Person, World};

use super::{Said, run};

const JWKS: &str = "/auth/.well-known/jwks.json";

async fn installation() -> (World, Person) {
    let world = World::new().await;
    world.wait(Clock::system().now().duration_since(world.now()));
    let ada = Person::user(&world, "ada@example.com").await;
    (world, ada)
}

async fn keys(world: &World, arguments: &[&str]) -> Said {
    let endpoint = tests::endpoint().await;
    let target = ["--table", &world.table, "--endpoint-url", &endpoint, "keys"];
    run(&[&target, arguments].concat(), "")
}

async fn kids(world: &World) -> Vec<String> {
    let _ = world.get(JWKS).await.ok(200);
    let list = world.store.public_keys().await.unwrap();
    list.keys.into_iter().map(|key| key.kid).collect()
}

/// J12, C05.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_asked_for_is_shown_until_it_is_done() {
    let (world, _) = installation().await;
    let first = kids(&world).await.remove(0);
    let said = keys(&world, &["list"]).await;
    assert!(said.ok && said.out.lines().count() == 2, "{}{}", said.out, said.err);
    assert!(said.out.contains(&first) && said.out.contains("signing"));

    let said = keys(&world, &["rotate"]).await;
    assert!(said.ok && said.out.contains("within 5 minutes") && said.out.contains(&first), "{}", said.err);
    assert!(keys(&world, &["list"]).await.out.contains("was asked for at"));
    let again = keys(&world, &["rotate"]).await;
    assert!(again.ok && again.out.contains("nothing to do: asked for"), "{}", again.out);

    world.wait(jiff::SignedDuration::from_mins(5));
    let two = kids(&world).await;
    assert_eq!((two.len(), &two[0]), (2, &first));
    let list = keys(&world, &["list"]).await.out;
    let state = |kid: &str| list.lines().find(|line| line.starts_with(kid)).unwrap().to_owned();
    assert!(state(&first).ends_with("signing") && state(&two[1]).ends_with("next"), "{list}");
    assert!(!list.contains("asked for"));
    assert!(keys(&world, &["rotate"]).await.out.contains(&format!("the next key, {}", two[1])));
    let secrets = world.store.private_key(&first).await.unwrap().unwrap();
    assert!(!list.contains(&secrets.sealed[..16]));
}

/// J12: the signing key is revoked while another one is published.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_gone_and_the_next_one_signs() {
    let (world, ada) = installation().await;
    let first = kids(&world).await.remove(0);
    assert!(keys(&world, &["rotate"]).await.ok);
    world.wait(jiff::SignedDuration::from_mins(5));
    let next = kids(&world).await.remove(1);

    let said = keys(&world, &["revoke", &first, "--yes"]).await;
    assert!(said.ok && said.out.contains(&format!("{next} signs")), "{}{}", said.out, said.err);
    assert!(said.out.contains("within 5 minutes"));
    assert!(world.store.private_key(&first).await.unwrap().is_none());
    world.wait(jiff::SignedDuration::from_mins(5));
    ada.get(&world, "/users/me").await.refused(401, "invalid_access_token");
    let ada = Person::sign_in(&world, &ada.email, PASSWORD).await;
    let _ = ada.get(&world, "/users/me").await.ok(200);
    assert_eq!(kids(&world).await, std::slice::from_ref(&next));

    let said = keys(&world, &["revoke", &next, "--yes"]).await;
    assert!(said.ok && said.out.contains("auth makes a key"), "{}", said.out);
    assert!(keys(&world, &["list"]).await.out.contains("there is no key"));
    assert!(keys(&world, &["rotate"]).await.err.contains("no key signs now"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_revoked_by_mistake() {
    let (world, _) = installation().await;
    let before = kids(&world).await;
    let unasked = keys(&world, &["revoke", &before[0]]).await;
    assert!(!unasked.ok && unasked.err.contains("--yes"), "{}", unasked.err);
    for kid in ["", "-x", "0195518c-3c00-7e31-a1f0-5b0d6a1c2f3e", &before[0].to_uppercase()] {
        let unknown = keys(&world, &["revoke", kid, "--yes"]).await;
        assert!(!unknown.ok && unknown.err.contains("no such key"), "{}", unknown.err);
    }
    assert_eq!(kids(&world).await, before);
    let nowhere = run(&["--table", "none", "--endpoint-url", "http://127.0.0.1:1", "keys", "list"], "");
    assert!(nowhere.err.contains("nothing answers"));
}
