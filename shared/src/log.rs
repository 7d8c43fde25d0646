//! Structured logs: one JSON object a line, in the field names of the crate. No
//! secret and no personal data goes in.

use tracing::level_filters::LevelFilter;
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging to standard output. `AWS_LAMBDA_LOG_LEVEL` (Lambda's own
/// control) or `LOG_LEVEL` sets the level of our lines, which this returns; the SDK's stay at
/// `warn`, and release binaries have none below `info`.
#[expect(clippy::disallowed_methods, reason = "the level is needed before the settings are read")]
pub fn start() -> Level {
    let level = ["AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .and_then(|level| level.parse().ok())
        .unwrap_or(Level::INFO);
    // A second start, as in tests, changes nothing.
    let _ = lines(level, std::io::stdout).try_init();
    // A panic's own words could hold anything: where it happened is enough.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked");
    }));
    level
}

/// What writes the lines of our crates, from `level` on, to `writer`.
pub fn lines<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours = ["shared", "auth", "users", "admin", "posts", "docs", "mailer", "worker", "authorizer"];
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("lambda_runtime", LevelFilter::ERROR)
        .with_targets(ours.map(|name| (name, level)));
    let lines = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_ansi(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(filter).with(lines)
}
