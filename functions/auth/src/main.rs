//! The `auth` function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(auth::SETTINGS, auth::routes).await
}
