//! The `worker` function.

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use shared::App;
use tracing::Instrument as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::log::start();
    let app = App::from_env(worker::SETTINGS).inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    let app = &app;
    let answer = |event: LambdaEvent<Value>| async move {
        let span = tracing::error_span!("batch", request_id = event.context.request_id);
        let answer = worker::handle(app, &event.payload).instrument(span).await;
        Ok::<Value, lambda_runtime::Error>(answer)
    };
    lambda_runtime::run(service_fn(answer)).await
}
