//! The `docs` function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(docs::SETTINGS, docs::routes).await
}
