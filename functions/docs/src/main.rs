//! The `docs` function.

fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(docs::SETTINGS, docs::routes)
}
