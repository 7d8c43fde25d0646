//! The post: brings the stream's records to the mailer, and the mails to the clients.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fastrand::Rng;
use local::mailbox::{Failure, Mailbox};
use local::stream::Trigger;
use serde_json::Value;
use tests::invariants::token;

use crate::Hall;

/// Where every mail ends up.
#[derive(Debug, Default)]
pub(crate) struct Inbox(Mutex<Mails>);

#[derive(Debug, Default)]
struct Mails {
    tokens: HashSet<String>,
    /// The tokens of each address and page, the oldest first.
    links: HashMap<(String, String), Vec<String>>,
}

/// So long a client waits for a mail before it asks again.
const PATIENCE: Duration = Duration::from_secs(20);

impl Inbox {
    /// How many links to a page an address was mailed.
    pub(crate) fn count(&self, address: &str, page: &str) -> usize {
        let key = (address.to_owned(), page.to_owned());
        self.0.lock().unwrap().links.get(&key).map_or(0, Vec::len)
    }

    /// The newest token for a page, once more than `known` have come.
    pub(crate) async fn token(&self, address: &str, page: &str, known: usize) -> Option<String> {
        let key = (address.to_owned(), page.to_owned());
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(links) = self.0.lock().unwrap().links.get(&key)
                && links.len() > known
            {
                return links.last().cloned();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// Every token that was mailed.
    pub(crate) fn tokens(&self) -> HashSet<String> {
        self.0.lock().unwrap().tokens.clone()
    }

    fn collect(&self, mailbox: &Mailbox) {
        let mut mails = self.0.lock().unwrap();
        for mail in mailbox.take() {
            let Some(token) = token(&mail.text) else { continue };
            let link = ["#token=", "#revoke="].iter().find_map(|mark| mail.text.split_once(mark)).unwrap().0;
            let page = link.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
            // A mail that goes out twice is one link.
            if mails.tokens.insert(token.clone()) {
                mails.links.entry((mail.to[0].clone(), page)).or_default().push(token);
            }
        }
    }

    /// Delivers until the time is over, over a mail service that fails at times.
    pub(crate) async fn deliver(&self, hall: &Hall, mut trigger: Trigger) {
        let world = hall.world().await;
        let mut rng = Rng::with_seed(hall.options.seed);
        while hall.is_open() {
            let mut invoke = |event: Value| {
                let mails = event["Records"].as_array().map_or(0, Vec::len);
                for _ in 0..mails {
                    spoil(hall, &world.mailbox, &mut rng);
                }
                let world = &world;
                async move { Ok(world.bring(&event).await) }
            };
            trigger.poll_once(&mut invoke).await.expect("the engine's stream is not behind the faults");
            self.collect(&world.mailbox);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Delivers what still waits, and returns what was refused for good.
    pub(crate) async fn drain(&self, hall: &Hall) -> Vec<String> {
        let world = hall.world().await;
        let mut waiting = world.store.waiting_mails().await.unwrap();
        for _ in 0..10 {
            if waiting.iter().all(|mail| mail.failure.is_some()) {
                break;
            }
            world.deliver().await;
            waiting = world.store.waiting_mails().await.unwrap();
        }
        self.collect(&world.mailbox);
        for mail in waiting.iter().filter(|mail| mail.failure.is_none()) {
            hall.tally.unexpected(format!("a mail still waits: {}", mail.id));
        }
        waiting.into_iter().filter_map(|mail| mail.failure).collect()
    }
}

/// Has the next mail fail, as often as the options say.
fn spoil(hall: &Hall, mailbox: &Mailbox, rng: &mut Rng) {
    if rng.f64() * 100.0 < hall.options.faults {
        let failures = [Failure::Throttled, Failure::ServerError, Failure::Lost, Failure::Rejected];
        hall.tally.note("mail faults");
        mailbox.fail_next(1, failures[rng.usize(..failures.len())]);
    }
}
