//! The `admin` function.

fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(admin::SETTINGS, admin::routes)
}
