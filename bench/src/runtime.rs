//! A Lambda Runtime API for one instance of a function, on 127.0.0.1: one event at a time, as
//! Lambda does (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>).

mod api;
pub(crate) mod process;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;

use self::api::Link;
use crate::Failure;

/// Longer than a function may take, the slowest machine included.
const PATIENCE: Duration = Duration::from_secs(30);

/// A function's process behind a Runtime API of its own. It ends with this value.
#[derive(Debug)]
pub struct Instance {
    child: Child,
    link: Link,
    first_poll: Duration,
}

/// What a function answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status; 200 where the answer has none, as that to a stream's event.
    pub status: u16,
    /// The body: parsed where it is JSON, else as a string; the whole answer where it has no body.
    pub body: Value,
    /// The answer as the function gave it.
    pub whole: Value,
    /// From handing out the event to having the answer.
    pub elapsed: Duration,
}

/// The environment of a function: the table `table` at `endpoint`, with the lines logged that it logs in AWS.
/// A later pair of the same name wins.
#[must_use]
pub fn environment(endpoint: &str, table: &str) -> Vec<(String, String)> {
    [
        ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
        ("AWS_REGION", local::client::REGION),
        ("AWS_ACCESS_KEY_ID", local::client::CREDENTIALS),
        ("AWS_SECRET_ACCESS_KEY", local::client::CREDENTIALS),
        ("AWS_ENDPOINT_URL_DYNAMODB", endpoint),
        ("TABLE_NAME", table),
        ("APP_SECRET", APP_SECRET),
        ("MAIL_FROM", "no-reply@example.com"),
        ("FRONTEND_URL", "https://app.example.com"),
        ("AWS_LAMBDA_LOG_LEVEL", "info"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// The installation's secret, in [`environment`].
pub const APP_SECRET: &str = "a secret of more than thirty-two characters";

impl Instance {
    /// Starts the binary with no other environment than this and the Runtime API's, and waits for
    /// its first poll.
    ///
    /// # Errors
    /// It did not start, ended, or did not poll within half a minute.
    pub async fn start(binary: &Path, environment: &[(String, String)]) -> Result<Self, Failure> {
        let mut link = api::serve().await?;
        let mut command = Command::new(binary);
        command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
        command.env("AWS_LAMBDA_RUNTIME_API", &link.address);
        command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
        let started = Instant::now();
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", binary.display()))?;
        let polled = tokio::select! {
            polled = received(&mut link.polls) => polled?,
            ended = child.wait() => return Err(format!("{} ended: {}", binary.display(), ended?).into()),
        };
        Ok(Self { child, link, first_poll: polled.saturating_duration_since(started) })
    }

    /// Ends it, and waits until the kernel has taken back what it had: what is started next would share
    /// the processors with that.
    ///
    /// # Errors
    /// It could not be ended.
    pub async fn end(mut self) -> Result<(), Failure> {
        Ok(self.child.kill().await?)
    }

    /// From starting the process to its first poll.
    #[must_use]
    pub fn first_poll(&self) -> Duration {
        self.first_poll
    }

    /// Hands out an event and waits for the answer and for the poll after it, so that what the
    /// function does after its answer belongs to this event.
    ///
    /// # Errors
    /// The function reported an error, ended, or was silent for half a minute.
    pub async fn invoke(&mut self, event: &Value) -> Result<Answer, Failure> {
        self.link.events.send(event.to_string().into()).await?;
        let report = received(&mut self.link.reports).await?;
        received(&mut self.link.polls).await?;
        let whole: Value = serde_json::from_slice(&report.body)?;
        if report.failed {
            return Err(format!("the function failed: {whole}").into());
        }
        let status = whole.get("statusCode").and_then(Value::as_u64).unwrap_or(200);
        let body = match whole.get("body").and_then(Value::as_str) {
            Some(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
            None => whole.clone(),
        };
        Ok(Answer { status: u16::try_from(status)?, body, whole, elapsed: report.elapsed })
    }

    /// The processor time that the process has used, in user space and in the kernel, in all its
    /// threads that still live.
    ///
    /// # Errors
    /// The process has ended.
    pub fn own_cpu(&self) -> Result<Duration, Failure> {
        process::cpu(self.pid()?)
    }

    /// The most memory that was resident at once, in bytes.
    ///
    /// # Errors
    /// The process has ended.
    pub fn peak_memory(&self) -> Result<u64, Failure> {
        process::peak_memory(self.pid()?)
    }

    /// The process's id.
    ///
    /// # Errors
    /// The process has ended.
    pub fn pid(&self) -> Result<u32, Failure> {
        self.child.id().ok_or_else(|| "the function has ended".into())
    }
}

async fn received<T>(channel: &mut mpsc::UnboundedReceiver<T>) -> Result<T, Failure> {
    let value = timeout(PATIENCE, channel.recv()).await.map_err(|_| "no sign of the function")?;
    value.ok_or_else(|| "the runtime API has ended".into())
}
