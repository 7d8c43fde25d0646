//! The `auth` function.

/// Quicker than the system's with the many small allocations of a sign-in, and dearer to start
/// (docs/decisions/0019-memory-allocator.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), lambda_runtime::Error> {
    shared::serve(auth::SETTINGS, auth::routes)
}
