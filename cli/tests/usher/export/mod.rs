//! `usher export`: everything that `usher import` has to get back.

mod output;
mod round_trip;

use shared::model::{PasswordHash, Role, Status};
use tests::{APP_SECRET, Factor, Person, World};

use super::import::{BCRYPT, Temporary, installation};
use super::{Said, run_with};

async fn usher(world: &World, arguments: &[&str]) -> Said {
    usher_with(world, arguments, &[]).await
}

async fn usher_with(world: &World, arguments: &[&str], env: &[(&str, &str)]) -> Said {
    let endpoint = tests::endpoint().await;
    let target = ["--table", &world.table, "--endpoint-url", &endpoint];
    run_with(&[&target, arguments].concat(), "", env)
}

/// The environment of who knows the installation's secret.
const SECRET: [(&str, &str); 1] = [("APP_SECRET", APP_SECRET)];

/// The export, as it comes on standard output.
async fn exported(world: &World) -> String {
    let said = usher(world, &["export"]).await;
    assert!(said.ok && said.err.contains("accounts exported"), "{}", said.err);
    said.out
}

/// An installation with users of every kind, and the app of the one with a factor.
async fn full() -> (World, Factor) {
    let world = installation().await;
    world.make_user("root@example.com", |user| user.role = Role::Admin).await;
    world.make_user("out@example.com", |user| user.status = Status::Deactivated).await;
    world
        .make_user("boss@example.com", |user| (user.role, user.status) = (Role::Admin, Status::Deactivated))
        .await;
    world.make_user("new@example.com", |user| user.status = Status::Pending).await;
    world.make_user("unverified@example.com", |user| user.email_verified = false).await;
    world.make_user("foreign@example.com", |user| BCRYPT.clone_into(&mut user.password_hash.0)).await;
    world.make_user("nobody@example.com", |user| user.password_hash = PasswordHash::none()).await;
    world.make_user("leaked@example.com", |user| user.password_change_required = true).await;
    let names = |user: &mut shared::model::User| {
        user.username = Some("Bjork.G".parse().unwrap());
        user.name = Some("Björk Guðmundsdóttir \u{1F3B5}".to_owned().try_into().unwrap());
        user.first_name = Some("\u{5f20}".to_owned().try_into().unwrap());
        user.last_name = Some("\u{645}\u{62d}\u{645}\u{62f}".to_owned().try_into().unwrap());
        user.locale = Some(shared::model::Locale::Ar);
        user.external_id = Some("auth0|64f0".to_owned());
    };
    world.make_user("bjork@example.com", names).await;
    let ada = Person::user(&world, "ada@example.com").await;
    let mut factor = Factor::enrolled(&world, &ada).await;
    world.wait(jiff::SignedDuration::from_secs(-60));
    let spent = factor.recovery.pop().unwrap();
    let _ = Person::sign_in_with_code(&world, "ada@example.com", tests::PASSWORD, &spent).await;
    Person::sign_in(&world, "root@example.com", tests::PASSWORD).await;
    (world, factor)
}

fn nowhere(name: &str) -> Temporary {
    let file = Temporary::new(name, "");
    std::fs::remove_file(file.path()).unwrap();
    file
}
