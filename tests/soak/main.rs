//! `make soak`: many clients for many minutes over a table that fails now and
//! then, and a mail service that does, too; then the whole table is checked.
#![allow(clippy::allow_attributes, clippy::unwrap_used, clippy::expect_used, reason = "a test")]

mod account;
mod admin;
mod inbox;
mod person;
mod tally;

use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use local::stream::Trigger;
use shared::clock::Clock;
use tests::faults::Faults;
use tests::invariants::{Checker, Snapshot};
use tests::{Outside, Person, World};

use account::Account;
use inbox::Inbox;
use tally::Tally;

/// Usher under load and faults.
#[derive(Debug, Parser)]
struct Options {
    /// How long the clients go on.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// How many there are; every eighth is an admin.
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Of 100 requests to the table, and of 100 mails, so many fail.
    #[arg(long, default_value_t = 2.0)]
    faults: f64,
    /// Which requests fail, and what the clients do.
    #[arg(long, default_value_t = fastrand::u64(..))]
    seed: u64,
}

/// Limits are not what is tried here, and all clients share one machine.
const SETTINGS: [(&str, &str); 3] =
    [("LOGIN_FAILURES", "off"), ("SOURCE_LIMIT", "off"), ("MAIL_LIMIT", "off")];

/// What all clients share.
struct Hall {
    options: Options,
    endpoint: String,
    settings: std::collections::HashMap<String, String>,
    outside: Outside,
    until: Instant,
    tally: Tally,
    inbox: Inbox,
}

impl Hall {
    /// Processes of one's own, as Lambda gives each request that runs beside another.
    async fn world(&self) -> World {
        World::join(&self.endpoint, self.settings.clone(), self.outside.clone()).await
    }

    fn is_open(&self) -> bool {
        Instant::now() < self.until
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let faults = Faults::seeded(options.seed).await;
    let quiet = World::at(&SETTINGS, &faults.endpoint).await;
    let outside = Outside { clock: Clock::system(), ..quiet.outside.clone() };
    let world = World::join(&faults.endpoint, quiet.settings.clone(), outside.clone()).await;
    // The first sign-in, and an admin that nobody touches.
    let root = Person::an_admin(&world, "root@example.com").await;
    let mut checker = Checker::new();
    let before = checker.check(&world).await;
    assert!(before.is_empty(), "{before:?}");
    faults.storm(options.faults / 100.0);
    println!("soak: {options:?}");
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let (endpoint, settings) = (faults.endpoint.clone(), quiet.settings.clone());
    let (tally, inbox) = (Tally::default(), Inbox::default());
    let hall = Hall { options, endpoint, settings, outside, until, tally, inbox };
    let hall = &*Box::leak(Box::new(hall));
    let trigger = world.trigger().await.with_max_retries(10_000);
    let ended = tokio::task::spawn_blocking(move || run(hall, trigger));
    ended.await.unwrap();
    faults.heal();
    let waiting = hall.inbox.drain(hall).await;
    let violations = checker.judge(&Snapshot::of(&world, hall.inbox.tokens()).await);
    drop(root);
    report(hall, &faults, &waiting, &violations)
}

/// All clients and the post, until the time is over.
fn run(hall: &'static Hall, trigger: Trigger) {
    thread::scope(|scope| {
        for n in 0..hall.options.clients {
            scope.spawn(move || {
                block_on(async {
                    let world = hall.world().await;
                    let account = Account::new(hall, &world, n);
                    if n % 8 == 7 { admin::live(account).await } else { person::live(account).await }
                });
            });
        }
        scope.spawn(|| block_on(hall.inbox.deliver(hall, trigger)));
    });
}

fn block_on(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
}

fn report(hall: &Hall, faults: &Faults, waiting: &[String], violations: &[String]) -> ExitCode {
    let is_good = hall.tally.print();
    let injected: usize = faults.injected().values().sum();
    println!(
        "requests to the table: {}, faults injected: {injected}: {:?}",
        faults.arrived(),
        faults.injected()
    );
    println!("mails: {} links sent, {} marked as refused", hall.inbox.tokens().len(), waiting.len());
    println!("violations: {}", violations.len());
    for violation in violations.iter().take(50) {
        println!("  {violation}");
    }
    if is_good && violations.is_empty() {
        println!("soak: clean");
        ExitCode::SUCCESS
    } else {
        println!("soak: NOT clean; --seed {} again", hall.options.seed);
        ExitCode::FAILURE
    }
}
