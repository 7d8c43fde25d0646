//! stub
/// stub
/// # Errors
/// none
pub fn run() -> Result<(), crate::Failure> {
    Ok(())
}
