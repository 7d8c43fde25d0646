//! Tables of every size, each in a file of its own that is kept.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use shared::clock::Clock;
use shared::model::{Password, PasswordHash};
use shared::password::Hasher;
use shared::store::{Seed, Store, schema};

use super::engine::Apart;
use super::people::Population;
use crate::Failure;

/// The password of every user.
pub const PASSWORD: &str = "correct horse battery";
/// The table's name.
pub const TABLE: &str = "scale";
/// Accounts in one go, and goes at once.
const CHUNK: u64 = 100;
const AT_ONCE: usize = 12;

/// What a table was filled with.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Filled {
    /// Users.
    pub users: u64,
    /// Items.
    pub items: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// As of when the users are what they are.
    pub at: Timestamp,
}

/// Where the files are: `target/bench`.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench"))
}

/// The file of a table of so many users.
#[must_use]
pub fn file(users: u64) -> PathBuf {
    folder().join(format!("{users}.sqlite"))
}

/// The population of a table that is filled, and is filled now if it was not.
///
/// # Errors
/// The engine does not take it.
pub async fn filled(users: u64) -> Result<(Population, Filled), Failure> {
    let note = folder().join(format!("{users}.json"));
    if let Ok(text) = fs::read_to_string(&note) {
        let filled: Filled = serde_json::from_str(&text)?;
        return Ok((population(users, filled.at, PasswordHash::none()), filled));
    }
    fs::create_dir_all(folder())?;
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", file(users).display()));
    }
    let engine = Apart::start(&file(users), true).await?;
    // Without the stream and the time to live: local engines go through both in every write.
    schema::creation(&engine.client, TABLE)?.send().await?;
    let clock = Clock::system();
    let store = Store::new(&local::client::config(&engine.endpoint), TABLE, clock.clone());
    let hash =
        Hasher::new().hash(&Password::try_from(PASSWORD.to_owned()).map_err(|error| error.to_string())?);
    let (at, started) = (clock.now(), Instant::now());
    let population = population(users, at, hash);
    let items = fill(&store, &population).await?;
    let seconds = started.elapsed().as_secs_f64();
    let filled = Filled { users, items, seconds, at };
    fs::write(note, serde_json::to_string(&filled)?)?;
    Ok((population, filled))
}

fn population(users: u64, at: Timestamp, hash: PasswordHash) -> Population {
    Population::new(users, at, hash)
}

async fn fill(store: &Store, population: &Population) -> Result<usize, Failure> {
    let chunks = (0..population.number).step_by(usize::try_from(CHUNK)?);
    let write = |from: u64| {
        let (store, population) = (store.clone(), population.clone());
        tokio::spawn(async move { write(&store, &population, from).await.map_err(|error| error.to_string()) })
    };
    let mut written = stream::iter(chunks).map(write).buffer_unordered(AT_ONCE);
    let (mut items, mut done) = (0, 0);
    while let Some(more) = written.try_next().await? {
        items += more?;
        done += CHUNK;
        if done % 100_000 == 0 {
            eprintln!("bench: {done} of {} users, {items} items", population.number);
        }
    }
    Ok(items)
}

async fn write(store: &Store, population: &Population, from: u64) -> Result<usize, Failure> {
    let to = population.number.min(from + CHUNK);
    let accounts: Vec<Seed> = (from..to).map(|at| population.account(at)).collect::<Result<_, _>>()?;
    Ok(store.seed(&accounts).await?)
}
