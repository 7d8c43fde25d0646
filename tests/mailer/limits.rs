//! How many mails one address gets. security.md A22.

use jiff::SignedDuration;
use local::mailbox::Failure;
use serde_json::json;
use tests::{OTHER_PASSWORD, PASSWORD, Person, World};

use crate::{batch, failures, register, waiting};

const ADA: &str = "ada@example.com";

/// A world with the product's `MAIL_LIMIT`.
async fn world() -> World {
    World::with(&[("MAIL_LIMIT", "")]).await
}

async fn forgot(world: &World, email: &str) {
    let _ = world.post("/auth/forgot-password", json!({ "email": email })).await.ok(202);
}

async fn count(world: &World, email: &str) -> usize {
    world.mails_to(email).await.len()
}

/// How many links for a new password and how many other mails there were.
async fn links_and_words(world: &World) -> (usize, usize) {
    let mails = world.mails_to(ADA).await;
    let links = mails.iter().filter(|mail| mail.text.contains("token=")).count();
    (links, mails.len() - links)
}

/// A22: the answer is the same each time.
#[tokio::test]
async fn ten_requests_at_once_are_one_mail() {
    let world = world().await;
    world.make_user(ADA, |_| ()).await;
    for _ in 0..10 {
        forgot(&world, ADA).await;
    }
    assert_eq!(count(&world, ADA).await, 1);
    assert!(world.store.waiting_mails().await.unwrap().is_empty(), "the others are gone");
}

/// A22: of any minute and of any hour, not of those of the clock.
#[tokio::test]
async fn an_address_gets_one_mail_a_minute_and_five_an_hour() {
    let world = world().await;
    world.make_user(ADA, |_| ()).await;
    let mut sent = Vec::new();
    for second in 0..=3660 {
        if second % 20 == 19 {
            forgot(&world, ADA).await;
            let before = world.mailbox.messages().len();
            if count(&world, ADA).await > before {
                sent.push(second);
            }
        }
        world.wait(SignedDuration::from_secs(1));
    }
    assert_eq!(sent, [19, 79, 139, 199, 259, 3619]);
}

#[tokio::test]
async fn the_link_of_the_mail_before_stays_good() {
    let world = world().await;
    register(&world, ADA).await;
    let token = world.token_for(ADA).await;
    register(&world, ADA).await;
    assert_eq!(count(&world, ADA).await, 1);
    let body = json!({ "token": token, "password": PASSWORD });
    let _ = world.post("/auth/confirm-registration", body).await.ok(200);
}

#[tokio::test]
async fn another_address_is_not_concerned() {
    let world = world().await;
    register(&world, ADA).await;
    register(&world, "bob@example.com").await;
    assert_eq!((count(&world, ADA).await, count(&world, "bob@example.com").await), (1, 1));
}

/// A11: whoever is locked out can set a new password, whatever strangers ask for.
#[tokio::test]
async fn nobody_can_use_up_the_mails_for_a_new_password() {
    let world = world().await;
    world.make_user(ADA, |_| ()).await;
    for _ in 0..6 {
        register(&world, ADA).await;
        world.deliver().await;
        world.wait(SignedDuration::from_mins(1));
    }
    assert_eq!(count(&world, ADA).await, 3);
    forgot(&world, ADA).await;
    let token = world.token_for(ADA).await;
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", body).await.ok(204);
}

/// A22: of all that strangers can cause.
#[tokio::test]
async fn mails_of_any_kind_are_five_an_hour_together() {
    let world = world().await;
    world.make_user(ADA, |_| ()).await;
    for _ in 0..5 {
        register(&world, ADA).await;
        world.deliver().await;
        world.wait(SignedDuration::from_secs(30));
        forgot(&world, ADA).await;
        world.deliver().await;
        world.wait(SignedDuration::from_secs(60));
    }
    assert_eq!(links_and_words(&world).await, (2, 3), "three have the minute before them, then two are left");
    world.wait(SignedDuration::from_mins(60));
    forgot(&world, ADA).await;
    assert_eq!(links_and_words(&world).await, (3, 3));
}

/// Word of what happened to an account is not held back by anything that strangers
/// ask for; but not even its owner can have mails sent without end.
#[tokio::test]
async fn notices_go_out_up_to_twenty_an_hour() {
    let world = world().await;
    let ada = Person::user(&world, ADA).await;
    let passwords = [PASSWORD, OTHER_PASSWORD];
    for _ in 0..5 {
        forgot(&world, ADA).await;
    }
    for n in 0..24 {
        let body = json!({ "current_password": passwords[n % 2], "new_password": passwords[(n + 1) % 2] });
        let _ = ada.post(&world, "/users/me/change-password", body).await.ok(204);
    }
    assert_eq!(links_and_words(&world).await, (1, 20));
}

/// A mail that could not be sent for now is brought again, and is the same one.
#[tokio::test]
async fn a_mail_that_is_brought_again_counts_once() {
    for again in [0, 30, 90] {
        let world = world().await;
        world.mailbox.fail_for(ADA, Failure::Throttled);
        register(&world, ADA).await;
        let id = waiting(&world).await;
        for _ in 0..3 {
            assert_eq!(world.bring(&batch(&[id])).await, failures(&[id]));
        }
        world.wait(SignedDuration::from_secs(again));
        world.mailbox.heal(ADA);
        assert_eq!(world.bring(&batch(&[id, id])).await, failures(&[]));
        assert_eq!(world.mailbox.messages().len(), 1);
        world.wait(SignedDuration::from_mins(1));
        register(&world, ADA).await;
        assert_eq!(count(&world, ADA).await, 2);
    }
}

/// The same, for a mail that has no ticket to tell by.
#[tokio::test]
async fn word_to_who_has_an_account_counts_once_too() {
    let world = world().await;
    world.make_user(ADA, |_| ()).await;
    world.mailbox.fail_for(ADA, Failure::ServerError);
    register(&world, ADA).await;
    world.deliver().await;
    world.mailbox.heal(ADA);
    assert_eq!(count(&world, ADA).await, 1);
}

/// What is not sent is not counted: nothing in the table tells who was asked for.
#[tokio::test]
async fn an_address_without_an_account_is_not_counted() {
    let world = world().await;
    forgot(&world, "nobody@example.com").await;
    world.deliver().await;
    assert!(world.items().await.is_empty());
}

/// P10.
#[tokio::test]
async fn what_the_operator_sends_again_is_not_held_back() {
    let world = world().await;
    world.mailbox.fail_for(ADA, Failure::Rejected);
    register(&world, ADA).await;
    world.deliver().await;
    world.mailbox.heal(ADA);
    let marked = world.store.mail(waiting(&world).await).await.unwrap().unwrap();
    assert!(world.store.retry_mail(&marked).await.unwrap());
    assert_eq!(count(&world, ADA).await, 1);
}

/// Two invocations at once.
#[tokio::test]
async fn of_two_mails_delivered_at_once_one_is_sent() {
    let world = world().await;
    register(&world, ADA).await;
    register(&world, ADA).await;
    let ids: Vec<_> = world.store.waiting_mails().await.unwrap().iter().map(|mail| mail.id).collect();
    let (one, other) = (batch(&ids[..1]), batch(&ids[1..]));
    let (one, other) = tokio::join!(world.bring(&one), world.bring(&other));
    assert_eq!((one, other), (failures(&[]), failures(&[])));
    assert_eq!(count(&world, ADA).await, 1);
}

#[tokio::test]
async fn without_a_limit_all_are_sent() {
    let world = World::with(&[("MAIL_LIMIT", "off")]).await;
    for _ in 0..7 {
        register(&world, ADA).await;
    }
    assert_eq!(count(&world, ADA).await, 7);
}
