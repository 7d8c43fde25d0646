//! Cold starts: each function beside the empty one, start by start.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::model::UserId;

use crate::Failure;
use crate::copies::Copies;
use crate::memory::{mebibytes, megabytes, page_faults};
use crate::operations::{Floor, OPERATIONS, Operation};
use crate::series::{median, percentile};
use crate::stage::{House, Stage};

/// How often each function is started from one copy of its binary.
pub const STARTS: usize = 10;
/// So many copies, of the function and of the empty one.
pub const COPIES: usize = 8;
/// Before each start. With three times as much the ratio of `users` is the same, with a quarter it is not.
const PAUSE: Duration = Duration::from_millis(40);

/// The functions, and what each is asked first.
pub const FUNCTIONS: [(&str, &str); 8] = [
    ("auth", "login"),
    ("users", "get_me"),
    ("admin", "admin_get_user"),
    ("posts", "get_post"),
    ("docs", "health"),
    ("mailer", "mailer"),
    ("worker", "worker"),
    ("authorizer", "authorizer"),
];

/// A function's cold start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cold {
    /// Which.
    pub function: String,
    /// The size of its binary, in millions of bytes.
    pub binary_mb: f64,
    /// From the process's start to its first poll, the median.
    pub first_poll_ms: f64,
    /// The empty function's in the same run.
    pub empty_first_poll_ms: f64,
    /// Writing once to as much memory as a hash needs, in the same run; nothing where none is hashed.
    pub buffer_ms: f64,
    /// The start to twice the empty function's and the buffer before or after it, the median.
    pub to_least: f64,
    /// The first request after the start.
    pub first_request_ms: f64,
    /// The one after it.
    pub second_request_ms: f64,
    /// The most memory that it had by then.
    pub peak_mib: f64,
}

/// What was found at each start.
#[derive(Debug, Default)]
struct Starts {
    polls: Vec<Duration>,
    empty: Vec<Duration>,
    buffers: Vec<Duration>,
    firsts: Vec<Duration>,
    seconds: Vec<Duration>,
    peaks: Vec<u64>,
}

impl Starts {
    fn to_least(&self) -> f64 {
        let least = self.empty.iter().zip(&self.buffers).map(|(empty, buffer)| *empty * 2 + *buffer);
        median(self.polls.iter().zip(least).map(|(poll, least)| poll.div_duration_f64(least)).collect())
    }
}

/// The starts of all functions, in rounds that are spread over a run: a machine has minutes in which
/// a start takes a tenth longer, and one with much to load longer still.
#[derive(Debug)]
pub struct Colds {
    functions: Vec<Function>,
    rounds: usize,
}

/// A function that is started again and again.
#[derive(Debug)]
struct Function {
    name: &'static str,
    first: &'static Operation,
    house: House,
    stage: Stage,
    starts: Starts,
}

impl Colds {
    /// The functions, or this one, each on an engine of its own.
    ///
    /// # Errors
    /// An engine did not start.
    pub async fn new(binaries: &Path, only: Option<&str>) -> Result<Self, Failure> {
        let mut functions = Vec::new();
        for (name, first) in FUNCTIONS.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
            let first = OPERATIONS.iter().find(|one| one.id == *first).ok_or("no such operation")?;
            let house = House::new(binaries).await?;
            let stage = Stage::new(&house).await?;
            functions.push(Function { name, first, house, stage, starts: Starts::default() });
        }
        Ok(Self { functions, rounds: 0 })
    }

    /// Starts each from a new copy, the empty function before each start, until so many parts `of` all
    /// are done.
    ///
    /// # Errors
    /// A function did not start, or answered otherwise than it should.
    pub async fn go_on(&mut self, done: usize, of: usize) -> Result<(), Failure> {
        while self.rounds * of < done * COPIES {
            for function in &mut self.functions {
                function.round().await?;
            }
            self.rounds += 1;
        }
        Ok(())
    }

    /// What was found.
    ///
    /// # Errors
    /// A binary is not there.
    pub fn found(self) -> Result<Vec<Cold>, Failure> {
        self.functions.into_iter().map(Function::found).collect()
    }
}

impl Function {
    async fn round(&mut self) -> Result<(), Failure> {
        let copies = Copies::of(&self.house.binaries, &[self.name, &Floor::Empty.binary()])?;
        self.stage.house = self.house.with(copies.path());
        // The first start from a copy is not counted; the very first one makes the signing key as well.
        start(&mut self.stage, self.name, self.first, true, &mut Starts::default()).await?;
        for number in 0..STARTS {
            start(&mut self.stage, self.name, self.first, number % 2 == 0, &mut self.starts).await?;
        }
        Ok(())
    }

    fn found(self) -> Result<Cold, Failure> {
        let Self { name, starts, house, .. } = self;
        Ok(Cold {
            function: name.to_owned(),
            binary_mb: megabytes(&house.binaries.join(name))?,
            first_poll_ms: percentile(&starts.polls, 50),
            empty_first_poll_ms: percentile(&starts.empty, 50),
            buffer_ms: percentile(&starts.buffers, 50),
            to_least: starts.to_least(),
            first_request_ms: percentile(&starts.firsts, 50),
            second_request_ms: percentile(&starts.seconds, 50),
            peak_mib: mebibytes(starts.peaks.into_iter().max().unwrap_or_default()),
        })
    }
}

/// One start of this, with its first two requests, and one of the empty function before or after it.
async fn start(
    stage: &mut Stage,
    function: &str,
    operation: &Operation,
    empty_first: bool,
    starts: &mut Starts,
) -> Result<(), Failure> {
    if empty_first {
        least(stage, function, starts).await?;
    }
    let [one, other] = [operation.event(stage).await?, operation.event(stage).await?];
    settle(stage).await?;
    let endpoint = stage.house.engine.endpoint.clone();
    let mut instance = stage.function(function, &endpoint).await?;
    let answers = [instance.invoke(&one).await?, instance.invoke(&other).await?];
    if let Some(wrong) = answers.iter().find(|answer| answer.status != operation.status) {
        return Err(format!("{function} answered {}: {}", wrong.status, wrong.body).into());
    }
    starts.polls.push(instance.first_poll());
    starts.firsts.push(answers[0].elapsed);
    starts.seconds.push(answers[1].elapsed);
    starts.peaks.push(instance.peak_memory()?);
    instance.end().await?;
    if !empty_first {
        least(stage, function, starts).await?;
    }
    Ok(())
}

/// What the start is held against: the empty function's, and the buffer where one is made.
async fn least(stage: &Stage, function: &str, starts: &mut Starts) -> Result<(), Failure> {
    starts.empty.push(first_poll(stage, &Floor::Empty.binary()).await?);
    // `users` makes its buffer when it first needs it.
    let mut buffer = Duration::ZERO;
    if function == "auth" {
        settle(stage).await?;
        buffer = page_faults();
    }
    starts.buffers.push(buffer);
    Ok(())
}

/// Starts a function, and ends it.
///
/// # Errors
/// It did not start.
pub async fn first_poll(stage: &Stage, function: &str) -> Result<Duration, Failure> {
    settle(stage).await?;
    let instance = stage.function(function, &stage.house.engine.endpoint).await?;
    let first_poll = instance.first_poll();
    instance.end().await?;
    Ok(first_poll)
}

/// Lets what was before come to its end, then has the table answer somebody else. What the kernel does after a process
/// has ended would share the processors with the next start; after a pause
/// the embedded engine is slow to its first question, which `DynamoDB`, asked by others all the time, is not.
///
/// # Errors
/// The table did not answer.
pub async fn settle(stage: &Stage) -> Result<(), Failure> {
    tokio::time::sleep(PAUSE).await;
    stage.app.store.user(UserId::NOBODY).await?;
    Ok(())
}
