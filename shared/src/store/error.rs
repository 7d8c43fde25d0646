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
        Self::Broken(format!("an item does not read or write: {}", without_values(&error.to_string())))
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
            // The service's own words may repeat what was sent.
            Some(code) if BROKEN.contains(&code) => Self::Broken(code.to_owned()),
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

/// serde's words for what does not fit, without the value: that is somebody's. The
/// names of fields are ours.
fn without_values(text: &str) -> String {
    let of_a_field = ["missing field", "duplicate field", "unknown field"];
    let Some(quote) = text.find(['"', '`']).filter(|_| !of_a_field.iter().any(|what| text.starts_with(what)))
    else {
        return text.to_owned();
    };
    let expected = text.rfind(", expected ").filter(|at| *at > quote).map_or("", |at| &text[at..]);
    format!("{}…{expected}", &text[..quote])
}

#[cfg(test)]
mod tests {
    use super::without_values;

    #[test]
    fn what_does_not_fit_is_told_without_its_value() {
        for (text, told) in [
            ("missing field `email`", "missing field `email`"),
            ("invalid_email: must be an address", "invalid_email: must be an address"),
            (r#"invalid type: string "ada", expected u64"#, "invalid type: string …, expected u64"),
            (
                "unknown variant `ada`, expected `user` or `admin`",
                "unknown variant …, expected `user` or `admin`",
            ),
            (r#"invalid value: string "a, expected b", expected c"#, "invalid value: string …, expected c"),
            (r#"failed to parse "ada""#, "failed to parse …"),
        ] {
            assert_eq!(without_values(text), told);
        }
    }
}
