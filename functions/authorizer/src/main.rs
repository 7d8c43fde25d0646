//! The `authorizer` function.
// The table's futures are nested deeper than the compiler looks by itself.
#![recursion_limit = "256"]

use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use serde_json::value::RawValue;
use shared::App;
use shared::http::HttpEvent;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::log::start();
    let app =
        App::from_env(authorizer::SETTINGS).inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    app.prepare().await;
    let app = &app;
    let answer = |event: LambdaEvent<Box<RawValue>>| async move {
        Ok::<Value, lambda_runtime::Error>(authorizer::handle(app, &HttpEvent::read(&event.payload)).await?)
    };
    lambda_runtime::run(service_fn(answer)).await
}
