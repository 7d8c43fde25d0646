//! The `admin` function.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(admin::SETTINGS, admin::routes).await
}
