//! The operator's own words, without touching code.

use jiff::SignedDuration;
use serde_json::json;
use shared::model::Locale;
use shared::store::MailText;
use tests::World;

const ADA: &str = "ada@example.com";

async fn set(world: &World, locale: Locale, text: &str) {
    let text = MailText { locale, text: text.to_owned(), updated_at: world.now() };
    world.store.set_mail_text(&text).await.unwrap();
}

/// The mail that somebody gets who has forgotten its password.
async fn forgot(world: &World, email: &str) -> local::mailbox::Message {
    let _ = world.post("/auth/forgot-password", json!({ "email": email })).await.ok(202);
    world.mails_to(email).await.pop().unwrap()
}

const OURS: &str = "[reset_password]\nAcme: a new password\nHello from <Acme> & Co.\n{link}\n{ignore}\n";

async fn world() -> World {
    let world = World::new().await;
    world.make_user(ADA, |_| ()).await;
    world.make_user("bob@example.com", |user| user.locale = Some(Locale::De)).await;
    world
}

#[tokio::test]
async fn what_the_operator_sets_is_mailed_within_a_minute_and_what_it_leaves_out_is_built_in() {
    let world = world().await;
    assert_eq!(forgot(&world, ADA).await.subject, "Set a new password");
    set(&world, Locale::En, OURS).await;
    world.wait(SignedDuration::from_secs(60));
    let mail = forgot(&world, ADA).await;
    assert_eq!(mail.subject, "Acme: a new password");
    assert!(mail.text.contains("Hello from <Acme> & Co.\n\nhttps://app.example.com/reset-password#token="));
    assert!(mail.text.contains("If you did not ask for this"), "the part that it takes in is built in");
    assert!(mail.html.contains("Hello from &lt;Acme&gt; &amp; Co."), "{}", mail.html);
    assert_eq!(
        forgot(&world, "bob@example.com").await.subject,
        "Neues Passwort festlegen",
        "in no other language"
    );
    world.post("/auth/register", json!({ "email": ADA, "password": tests::PASSWORD })).await.ok(202);
    assert_eq!(world.mails_to(ADA).await.pop().unwrap().subject, "You already have an account");

    world.store.remove_mail_text(Locale::En).await.unwrap();
    world.wait(SignedDuration::from_secs(60));
    assert_eq!(forgot(&world, ADA).await.subject, "Set a new password");
}

/// As after an update that gave a mail another variable, or by a hand in the table.
#[tokio::test]
async fn a_section_that_will_not_do_is_the_built_in_one_and_the_others_are_the_operators() {
    let world = world().await;
    set(
        &world,
        Locale::En,
        "[reset_password]\nNo link at all\nHa.\n[already_registered]\nAcme knows you\nYes.",
    )
    .await;
    let mail = forgot(&world, ADA).await;
    assert_eq!(mail.subject, "Set a new password");
    assert!(mail.text.contains("token="));
    world.post("/auth/register", json!({ "email": ADA, "password": tests::PASSWORD })).await.ok(202);
    assert_eq!(world.mails_to(ADA).await.pop().unwrap().subject, "Acme knows you");
}

#[tokio::test]
async fn an_item_that_does_not_read_holds_up_no_mail() {
    let world = world().await;
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    let put = world.client.put_item().table_name(&world.table);
    put.item("PK", text("MAILTEXTS")).item("SK", text("en")).send().await.unwrap();
    assert_eq!(forgot(&world, ADA).await.subject, "Set a new password");
}

#[tokio::test]
async fn the_link_in_the_operators_words_works() {
    let world = world().await;
    set(&world, Locale::En, OURS).await;
    let _ = forgot(&world, ADA).await;
    let token = world.token_for(ADA).await;
    let body = json!({ "token": token, "new_password": tests::OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", body).await.ok(204);
}
