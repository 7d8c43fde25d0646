//! The mailer when the table fails: each kind of mail under every fault. None is
//! lost, and none goes out with two different links.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use shared::model::MailId;
use tests::faults::Fault;
use tests::invariants::Checker;
use tests::{PASSWORD, Person};

use crate::lanes::{Lane, in_lanes};
use crate::scene::is_of_interest;
use crate::trial::clean;

/// What makes the mailer say something else.
pub(crate) const KINDS: [&str; 7] = [
    "a link to confirm a registration",
    "word that there is an account already",
    "a link to reset a password",
    "a link to verify an address",
    "a link to move to an address, and a notice",
    "word that the address is another's, and a notice",
    "nothing, for nobody has the address",
];

/// Mails that wait, and the event that brings them.
pub(crate) struct Post {
    pub(crate) event: Value,
    /// To whom a mail has to go.
    recipients: Vec<&'static str>,
    /// Mails that were sent before.
    before: usize,
}

impl Post {
    /// Mails of a kind, in an emptied world.
    pub(crate) async fn new(lane: &Lane, kind: &'static str) -> Self {
        lane.empty().await;
        let world = &lane.world;
        // So that the operator's words are asked for each time.
        world.wait(jiff::SignedDuration::from_secs(61));
        let post = async |path: &str, email: &str| {
            let path = format!("/auth/{path}");
            let _ = world.post(&path, json!({ "email": email })).await.ok(202);
        };
        let register = async || {
            let body = json!({ "email": "ada@example.com", "password": PASSWORD });
            let _ = world.post("/auth/register", body).await.ok(202);
        };
        let move_to_new = async || {
            let ada = Person::user(world, "ada@example.com").await;
            let body = json!({ "new_email": "new@example.com", "current_password": PASSWORD });
            let _ = ada.post(world, "/users/me/change-email", body).await.ok(202);
        };
        let recipients = match kind {
            "a link to confirm a registration" => {
                register().await;
                vec!["ada@example.com"]
            }
            "word that there is an account already" => {
                world.make_user("ada@example.com", |_| ()).await;
                register().await;
                vec!["ada@example.com"]
            }
            "a link to reset a password" => {
                world.make_user("ada@example.com", |_| ()).await;
                post("forgot-password", "ada@example.com").await;
                vec!["ada@example.com"]
            }
            "a link to verify an address" => {
                world.make_user("ada@example.com", |user| user.email_verified = false).await;
                post("resend-verification", "ada@example.com").await;
                vec!["ada@example.com"]
            }
            "a link to move to an address, and a notice" => {
                move_to_new().await;
                vec!["new@example.com", "ada@example.com"]
            }
            "word that the address is another's, and a notice" => {
                world.make_user("new@example.com", |_| ()).await;
                move_to_new().await;
                vec!["new@example.com", "ada@example.com"]
            }
            _ => {
                post("forgot-password", "nobody@example.com").await;
                vec![]
            }
        };
        let mut mails = world.store.waiting_mails().await.unwrap();
        // Their ids are of one moment: each time in another order.
        mails.sort_by(|one, other| one.to.as_str().cmp(other.to.as_str()));
        let event = batch(&mails.iter().map(|mail| mail.id).collect::<Vec<_>>());
        let _ = lane.faults.seen();
        Self { event, recipients, before: world.mailbox.messages().len() }
    }

    /// What is wrong after the event was brought under a fault: with the table,
    /// and with the mails when the stream brings it again.
    pub(crate) async fn aftermath(
        &self,
        lane: &Lane,
        checker: &mut Checker,
        may_repeat: bool,
    ) -> Result<(), String> {
        clean("after the fault", &checker.check(&lane.world).await)?;
        let again = lane.world.bring(&self.event).await;
        if again["batchItemFailures"] != json!([]) {
            return Err(format!("brought again: {again}"));
        }
        clean("after the same again", &checker.check(&lane.world).await)?;
        let waiting = lane.world.store.waiting_mails().await.unwrap();
        if !waiting.is_empty() {
            return Err(format!("still waiting: {waiting:?}"));
        }
        let sent = lane.world.mailbox.messages().split_off(self.before);
        for recipient in &self.recipients {
            let mut texts: Vec<&str> =
                sent.iter().filter(|mail| mail.to == [*recipient]).map(|mail| mail.text.as_str()).collect();
            let times = texts.len();
            texts.dedup();
            if times == 0 || times > 1 + usize::from(may_repeat) || texts.len() != 1 {
                return Err(format!("{recipient} got {times} mails, {} different ones", texts.len()));
            }
        }
        let strangers = sent.iter().filter(|mail| !self.recipients.contains(&mail.to[0].as_str())).count();
        if strangers == 0 { Ok(()) } else { Err(format!("{strangers} mails to others")) }
    }
}

/// A stream's batch that names these mails.
fn batch(ids: &[MailId]) -> Value {
    let record = |id: &MailId| {
        let keys = json!({ "PK": { "S": format!("MAIL#{id}") }, "SK": { "S": "MAIL" } });
        json!({ "eventName": "INSERT", "dynamodb": { "Keys": keys, "SequenceNumber": id.to_string() } })
    };
    json!({ "Records": ids.iter().map(record).collect::<Vec<_>>() })
}

async fn under_every_fault(lane: &Lane, kind: &'static str, tried: &AtomicUsize) -> Result<(), String> {
    let post = Post::new(lane, kind).await;
    lane.world.bring(&post.event).await;
    let requests: Vec<String> = lane.faults.seen().into_iter().map(|seen| seen.operation).collect();
    for fault in Fault::ALL {
        for (place, operation) in requests.iter().enumerate() {
            if !is_of_interest(fault, operation) {
                continue;
            }
            for times in [1, usize::MAX] {
                let post = Post::new(lane, kind).await;
                let mut checker = Checker::new();
                clean("before", &checker.check(&lane.world).await)?;
                lane.faults.after(place, times, fault);
                lane.world.bring(&post.event).await;
                lane.faults.heal();
                tried.fetch_add(1, Ordering::Relaxed);
                // The second of two is sent under the fault of the first, and not taken out.
                let may_repeat = operation == "DeleteItem" || (times > 1 && post.recipients.len() > 1);
                let after = post.aftermath(lane, &mut checker, may_repeat).await;
                after.map_err(|wrong| format!("{fault:?} at {operation}, {times} times: {wrong}"))?;
            }
        }
    }
    Ok(())
}

/// P10
#[test]
fn every_mail_bears_every_fault() {
    let tried = AtomicUsize::new(0);
    let outcomes = in_lanes(KINDS.len(), KINDS.to_vec(), async |lane: &Lane, kind: &'static str| {
        under_every_fault(lane, kind, &tried).await.map_err(|wrong| format!("{kind}: {wrong}"))
    });
    println!("fault matrix: {} kinds of mail x {:?}: {} cells", KINDS.len(), Fault::ALL, tried.into_inner());
    let wrong: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
