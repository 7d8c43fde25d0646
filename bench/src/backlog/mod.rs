//! A hundred thousand records of the stream that waited while nobody read it, drained by `worker`
//! and `mailer` with batches that come twice, answers that are lost, instances that end at their
//! work and a SES that throttles: no mail is lost, and every number of the statistics is right.

mod drain;
mod history;
mod queue;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use local::mailbox::{Failure as Refusal, Mailbox};
use local::stream::{MAILER, Mapping, WORKER};
use serde::{Deserialize, Serialize};
use shared::clock::Clock;
use shared::password::Hasher;
use shared::store::{Store, schema};
use tokio::task::JoinSet;

use self::drain::{Consumer, Drained};
use self::history::History;
use crate::scale::engine::Apart;
use crate::scale::fill::{TABLE, folder};
use crate::scale::grouped;
use crate::scale::people::Population;
use crate::scale::town::environment;
use crate::{Failure, results};

/// Shards of the stream: as many instances of each function work at once.
const SHARDS: usize = 4;
/// SES throttles one mail after so many milliseconds.
const THROTTLED_MS: u64 = 150;

/// What was found, as in `backlog.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// Records.
    pub records: usize,
    /// Shards.
    pub shards: usize,
    /// What `worker` took.
    pub worker: Drained,
    /// In so many seconds.
    pub worker_seconds: f64,
    /// What `mailer` took.
    pub mailer: Drained,
    /// In so many seconds.
    pub mailer_seconds: f64,
    /// The engine's own processor time in seconds.
    pub engine_cpu_seconds: f64,
    /// Mails that waited.
    pub mails: usize,
    /// Mails that came more than once, because an instance ended between sending and noting it.
    pub mails_twice: usize,
    /// Mails that never came.
    pub mails_lost: usize,
}

/// Makes the backlog, drains it, checks what came of it, prints and writes `backlog.json` and the
/// table of `docs/scale.md`. Whether nothing was lost.
///
/// # Errors
/// A function did not start or does not get on; a number of the statistics is wrong.
pub async fn run(binaries: &Path, records: usize) -> Result<bool, Failure> {
    std::fs::create_dir_all(folder())?;
    let file = folder().join("backlog.sqlite");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", file.display()));
    }
    let engine = Apart::start(&file, true).await?;
    schema::creation(&engine.client, TABLE)?.send().await?;
    let clock = Clock::system();
    let now = clock.now();
    let store = Store::new(&local::client::config(&engine.endpoint), TABLE, clock);
    let hash = Hasher::new().hash(&"correct horse battery".to_owned().try_into().map_err(|_| "no password")?);
    let history = History::make(&store, &Population::new(100_000, now, hash), records, now).await?;
    let mailbox = Mailbox::new();
    let ses = mailbox.serve().await?.endpoint;
    let busy = tokio::spawn(throttle(mailbox.clone()));
    let mut environment = environment(&engine.endpoint);
    environment.push(("AWS_ENDPOINT_URL_SESV2".to_owned(), ses));
    let before = engine.own_cpu()?;
    let consumer = |name: &str, mapping: &Mapping| Consumer {
        binary: binaries.join(name),
        environment: environment.clone(),
        batch: mapping.batch_size,
        second: now.as_second(),
    };
    let (worker, worker_seconds) = drain(&consumer("worker", &WORKER), &history, &WORKER).await?;
    let (mailer, mailer_seconds) = drain(&consumer("mailer", &MAILER), &history, &MAILER).await?;
    busy.abort();
    history.check(&store, now).await?;
    let (mails_lost, mails_twice) = mailed(&history, &mailbox);
    let waiting = store.waiting_mails().await?.len();
    let found = Results {
        records: history.records.len(),
        shards: SHARDS,
        worker,
        worker_seconds,
        mailer,
        mailer_seconds,
        engine_cpu_seconds: engine.own_cpu()?.saturating_sub(before).as_secs_f64(),
        mails: history.mailed.len(),
        mails_twice,
        mails_lost: mails_lost + waiting,
    };
    println!("{}", table(&found));
    results::write("backlog", &found)?;
    results::place("docs/scale.md", "backlog", &table(&found))?;
    Ok(found.mails_lost == 0)
}

async fn drain(consumer: &Consumer, history: &History, mapping: &Mapping) -> Result<(Drained, f64), Failure> {
    let started = Instant::now();
    let mut running = JoinSet::new();
    for (seed, shard) in (0..).zip(queue::shards(&history.records, mapping, SHARDS)) {
        running.spawn(consumer.clone().drain(shard, seed));
    }
    let mut all = Drained::default();
    while let Some(one) = running.join_next().await {
        all = all.and(one??);
    }
    Ok((all, started.elapsed().as_secs_f64()))
}

/// SES has enough of it now and then.
async fn throttle(mailbox: Mailbox) {
    loop {
        tokio::time::sleep(Duration::from_millis(THROTTLED_MS)).await;
        mailbox.fail_next(1, Refusal::Throttled);
    }
}

/// How many addresses got no mail, and how many more than one.
fn mailed(history: &History, mailbox: &Mailbox) -> (usize, usize) {
    let mut came: BTreeMap<String, usize> = BTreeMap::new();
    for message in mailbox.messages() {
        message.to.iter().for_each(|to| *came.entry(to.clone()).or_default() += 1);
    }
    let lost = history.mailed.iter().filter(|address| !came.contains_key(*address)).count();
    (lost, came.values().filter(|number| **number > 1).count())
}

#[expect(clippy::cast_precision_loss, reason = "a hundred thousand")]
fn table(found: &Results) -> String {
    let row = |name: &str, drained: &Drained, seconds: f64| {
        format!(
            "| `{name}` | {} | {} | {:.0} | {} | {} | {} | {} | {:.0} |",
            grouped(drained.records as u64),
            grouped(drained.batches as u64),
            seconds,
            drained.twice,
            drained.lost,
            drained.ended,
            drained.partial,
            drained.records as f64 / seconds,
        )
    };
    [
        "| function | records | invocations | seconds | brought twice | answers lost | instances ended | partly failed | records/s |",
        "|---|---|---|---|---|---|---|---|---|",
        &row("worker", &found.worker, found.worker_seconds),
        &row("mailer", &found.mailer, found.mailer_seconds),
        "",
        &format!(
            "{} shards, one instance for each. The engine used {:.0} s of its processor. Of {} mails {} were lost and {} came \
             twice; every number of the statistics was right, and `recount` found no difference.",
            found.shards,
            found.engine_cpu_seconds,
            grouped(found.mails as u64),
            found.mails_lost,
            found.mails_twice,
        ),
    ]
    .join("\n")
}
