//! What can go wrong between us and the table. Knows no HTTP.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The table did not answer as it should.
#[derive(Debug)]
pub enum StoreError {
    /// Slow, throttled, in conflict or gone: the same call may succeed later.
    Unavailable(String),
    /// The call or an item is not as it should be: our mistake, or a foreign item.
    Broken(String),
}

impl StoreError {
    pub(super) fn encoding(error: impl std::fmt::Display) -> Self {
        Self::Broken(format!("an item does not read or write: {error}"))
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable(cause) => write!(f, "the table is unavailable: {cause}"),
            Self::Broken(cause) => write!(f, "the table and the code disagree: {cause}"),
        }
    }
}

impl std::error::Error for StoreError {}

/// Errors of the service that say "your request is wrong". Whatever else it
/// says, and all that is not an answer, may pass.
const BROKEN: [&str; 2] = ["ValidationException", "SerializationException"];

impl<E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug> From<SdkError<E, R>> for StoreError {
    fn from(error: SdkError<E, R>) -> Self {
        match error.code() {
            Some(code) if BROKEN.contains(&code) => {
                Self::Broken(format!("{code}: {}", error.message().unwrap_or_default()))
            }
            Some(code) => Self::Unavailable(code.to_owned()),
            None => Self::Unavailable(kind_of(&error).to_owned()),
        }
    }
}

fn kind_of<E, R>(error: &SdkError<E, R>) -> &'static str {
    match error {
        SdkError::ConstructionFailure(_) => "the request could not be made",
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "the answer could not be read",
        _ => "an error without a code",
    }
}
