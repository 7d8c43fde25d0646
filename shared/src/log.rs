//! Structured logs: one JSON object a line, in the field names of the crate. No
//! secret and no personal data goes in.

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging to standard output. `AWS_LAMBDA_LOG_LEVEL` (Lambda's own
/// control) or `LOG_LEVEL` sets the level of our lines; the SDK's stay at `warn`.
#[expect(clippy::disallowed_methods, reason = "the level is needed before the settings are read")]
pub fn start() {
    let level = ["AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .map(|level| level.to_lowercase())
        .filter(|level| ["trace", "debug", "info", "warn", "error"].contains(&level.as_str()))
        .unwrap_or_else(|| "info".to_owned());
    // A second start, as in tests, changes nothing.
    let _ = lines(&level, std::io::stdout).try_init();
    // A panic's own words could hold anything: where it happened is enough.
    std::panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked");
    }));
}

/// What writes the lines of our crates, from `level` on, to `writer`.
pub fn lines<W>(level: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours = ["shared", "auth", "users", "admin", "posts", "docs", "mailer", "worker"]
        .map(|name| format!("{name}={level}"));
    let filter = EnvFilter::new(format!("warn,lambda_runtime=error,{}", ours.join(",")));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer)
        .finish()
}
