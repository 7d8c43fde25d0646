//! Notices to an address that nobody has verified: whoever reads them may be a stranger,
//! to whom a slip of the keyboard led.

use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::revoke::{change_password, move_to};
use crate::steps::{optional_world, unverified};

const STRANGER: &str = "ada@exmaple.com";
const ADA: &str = "ada@example.com";

async fn undoes_nothing(world: &World, address: &str, notices: &[&str]) {
    let mails = world.mails_to(address).await;
    for notice in notices {
        let told = mails.iter().find(|mail| mail.subject == *notice);
        assert!(told.is_some(), "{notice}: {mails:?}");
    }
    assert!(mails.iter().all(|mail| !mail.text.contains("revoke=")), "{mails:?}");
}

#[tokio::test]
async fn a_mistyped_address_gets_no_way_into_the_account() {
    let world = optional_world().await;
    let ada = unverified(&world, STRANGER).await;
    change_password(&world, &ada, OTHER_PASSWORD).await;
    move_to(&world, STRANGER, OTHER_PASSWORD, ADA).await;
    let told = [
        "Your password was changed",
        "A new e-mail address was asked for",
        "Your e-mail address was changed",
    ];
    undoes_nothing(&world, STRANGER, &told).await;
    // The right one is verified: from now on what happens can be undone there.
    let ada = Person::sign_in(&world, ADA, OTHER_PASSWORD).await;
    change_password(&world, &ada, PASSWORD).await;
    world.undo_for(ADA).await;
}

/// As after an import that says `email_verified: false`.
#[tokio::test]
async fn nor_does_an_address_that_came_unverified() {
    let world = World::new().await;
    world.make_user(STRANGER, |user| user.email_verified = false).await;
    move_to(&world, STRANGER, PASSWORD, ADA).await;
    undoes_nothing(&world, STRANGER, &["Your e-mail address was changed"]).await;
}
