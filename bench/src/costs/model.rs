//! What is supposed beside what was measured: `bench/model.yaml`.

use serde::Deserialize;

use super::memory::Supposed;
use super::settings::Choices;
use crate::Failure;

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Of processor and waiting.
    pub supposed: Supposed,
    /// What a user does in a month.
    pub mix: Vec<Habit>,
    /// Days on which a user comes.
    pub active_days: f64,
    /// What follows from a change.
    pub worker: Worker,
    /// What follows from a mail.
    pub mailer: Mailer,
    /// Bytes of lines.
    pub logs: Logs,
    /// Bytes in the table.
    pub stored: Stored,
    /// A flood of sign-ins.
    pub flood: Flood,
    /// Functions that ask for the table's key.
    pub kms_callers: f64,
    /// The settings before the cuts.
    pub before: Choices,
}

/// How often a user does something, and what comes with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Habit {
    /// As the bench calls it.
    pub operation: String,
    /// In a month.
    pub times: f64,
    /// Bytes of the answer with its headers.
    pub answer: f64,
    /// Sessions opened.
    pub opens: f64,
    /// Sessions renewed.
    pub renews: f64,
    /// Profiles written.
    pub touches: f64,
    /// Mails caused.
    pub mails: f64,
    /// Lines logged by the function.
    pub lines: f64,
}

/// The worker's invocations.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// Its function's name.
    pub function: String,
    /// So long Lambda collects records.
    pub batch_seconds: f64,
    /// Shards of the stream, each with a batch of its own.
    pub shards: f64,
    /// So many at most.
    pub batch: f64,
    /// Of an invocation.
    pub cpu_ms: f64,
    /// Of each record more.
    pub cpu_ms_each: f64,
    /// Of an invocation.
    pub round_trips: f64,
    /// Of an invocation.
    pub lines: f64,
}

/// The mailer's invocations, one for a mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailer {
    /// Its function's name.
    pub function: String,
    /// Its own work.
    pub cpu_ms: f64,
    /// Calls to the table after one another.
    pub round_trips: f64,
    /// Read request units.
    pub rru: f64,
    /// Write request units.
    pub wru: f64,
    /// Lines logged.
    pub lines: f64,
}

/// Bytes of lines.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logs {
    /// One of ours.
    pub our_line: f64,
    /// Lambda's `platform.start`.
    pub start_line: f64,
    /// Lambda's `platform.report`.
    pub report_line: f64,
    /// What `CloudWatch` adds to each.
    pub event_overhead: f64,
    /// What compression leaves of what is kept.
    pub compressed_to: f64,
}

/// Bytes in the table.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Registered for each who is active.
    pub accounts_per_user: f64,
    /// All that makes an account.
    pub account_bytes: f64,
    /// Of an active user.
    pub sessions: f64,
    /// Of a session.
    pub session_bytes: f64,
    /// Of an event of the audit.
    pub event_bytes: f64,
    /// For so long.
    pub events_kept_months: f64,
}

/// What is supposed of a flood of sign-ins.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    /// Of a try that a counter refuses.
    pub refused_cpu_ms: f64,
    /// What Lambda adds to a copy's own start.
    pub start_ms: f64,
    /// Bytes of an answer.
    pub answer: f64,
    /// Bytes of API Gateway's 429.
    pub throttled_answer: f64,
    /// Of a system that is one process: a hash.
    pub one_process_hash_ms: f64,
    /// And a read.
    pub one_process_read_ms: f64,
}

impl Model {
    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is not what a model looks like.
    pub fn read(text: &str) -> Result<Self, Failure> {
        Ok(serde_yaml_ng::from_str(text)?)
    }

    /// What comes with an operation.
    ///
    /// # Errors
    /// When it is not in the mix.
    pub fn habit(&self, operation: &str) -> Result<&Habit, Failure> {
        let found = self.mix.iter().find(|habit| habit.operation == operation);
        found.ok_or_else(|| format!("bench/model.yaml has no {operation}").into())
    }
}
