//! What a function does before its first event (docs/performance/cold-start.md).

use lambda_runtime::{LambdaEvent, LambdaInvocation, Runtime, service_fn};
use serde_json::value::RawValue;
use tower::Service;
use tracing::Level;

use super::phases::Phases;
use super::serve::Function;
use super::{Answer, Routes};
use crate::app::App;
use crate::config::Setting;

/// So often others have a turn until a request to a table that is near has been written: connecting,
/// the connection's own task, the request.
const STEPS_TO_A_REQUEST: usize = 4;

/// Runs a function on Lambda: a function's whole `main`.
///
/// # Errors
/// Names every setting that is missing or bad; or says why the runtime ended.
pub fn serve(settings: &[Setting], routes: fn() -> Routes) -> Result<(), lambda_runtime::Error> {
    let level = crate::log::start();
    let executor = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut phases = Phases::start();
    let app = App::from_env(settings).inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    phases.end("clients");
    let hasher = app.hasher.clone();
    let begin = || {
        let runtime = executor.block_on(start(app, settings, routes));
        phases.end("table");
        runtime
    };
    // Only `auth` hashes often enough to make the buffer before it is needed. It is whole by the first poll: Lambda may
    // freeze what is not done by then until an event comes.
    let runtime = if settings.contains(&Setting::AppSecret) { hasher.prepare_beside(begin) } else { begin() };
    phases.end("buffer");
    if level >= Level::DEBUG {
        phases.log();
    }
    executor.block_on(runtime.run())
}

/// Has the table asked for what every request needs, and makes routes and runtime meanwhile: once the request is out, if
/// it goes out at once.
async fn start(
    app: App,
    settings: &[Setting],
    routes: fn() -> Routes,
) -> Runtime<impl Service<LambdaInvocation, Response = (), Error = lambda_runtime::Error>> {
    let prepared = async {
        if settings.contains(&Setting::TokenAudience) {
            Box::pin(app.prepare()).await;
        }
    };
    let made = async {
        for _ in 0..STEPS_TO_A_REQUEST {
            tokio::task::yield_now().await;
        }
        let function = Function::new(app.clone(), routes());
        Runtime::new(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
            let function = function.clone();
            async move {
                let trace = event.context.xray_trace_id.as_deref();
                Ok::<Answer, lambda_runtime::Error>(function.traced(&event.payload, trace).await)
            }
        }))
    };
    let ((), runtime) = tokio::join!(prepared, made);
    runtime
}
