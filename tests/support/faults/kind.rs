//! The kinds of faults.

/// What becomes of a request to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No answer, ever, and the engine never hears of it.
    Hang,
    /// The connection breaks before the engine hears of it.
    Cut,
    /// 400 `ThrottlingException`.
    Throttled,
    /// 400 `ProvisionedThroughputExceededException`.
    Exceeded,
    /// 400 `TransactionCanceledException`, for one of its items was throttled.
    ItemThrottled,
    /// 500 `InternalServerError`.
    ServerError,
    /// 400, for a transaction was there first: `TransactionCanceledException` to
    /// a transaction, `TransactionConflictException` to a single write.
    Conflict,
    /// 200, but no key of the batch was looked at.
    Unprocessed,
    /// The engine does it, and the connection breaks before its answer arrives.
    Lost,
    /// The engine does it, and its answer never arrives.
    Swallowed,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 10] = [
        Self::Hang,
        Self::Cut,
        Self::Throttled,
        Self::Exceeded,
        Self::ItemThrottled,
        Self::ServerError,
        Self::Conflict,
        Self::Unprocessed,
        Self::Lost,
        Self::Swallowed,
    ];

    /// Whether the engine does what it was asked for under this fault.
    #[must_use]
    pub fn commits(self) -> bool {
        matches!(self, Self::Lost | Self::Swallowed)
    }

    /// Whether it goes on until the caller gives up.
    #[must_use]
    pub fn is_slow(self) -> bool {
        matches!(self, Self::Hang | Self::Swallowed)
    }

    /// Whether `DynamoDB` can do this to that operation: reads are in nobody's way.
    #[must_use]
    pub fn concerns(self, operation: &str) -> bool {
        match self {
            Self::Conflict => writes(operation),
            Self::ItemThrottled => operation == "TransactWriteItems",
            Self::Unprocessed => operation == "BatchGetItem",
            _ => true,
        }
    }
}

/// Whether an operation of `DynamoDB` changes items.
#[must_use]
pub fn writes(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems")
}
