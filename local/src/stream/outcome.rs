//! What a function's answer says about a batch.

use aws_sdk_dynamodbstreams::types::Record;
use serde_json::Value;

use super::record;

/// What became of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every record is dealt with.
    Done,
    /// The record at this index and those behind it are not, for this reason.
    FailedFrom(usize, String),
}

/// Reads an answer as Lambda does: an error fails the whole batch; a partial batch response fails
/// it from the lowest number named on; a response that names what is not in the batch, the whole.
pub(super) fn of(answer: Result<Value, String>, batch: &[&Record]) -> Outcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(reason) => return Outcome::FailedFrom(0, reason),
    };
    let failures = match answer.get("batchItemFailures") {
        None | Some(Value::Null) => return Outcome::Done,
        Some(failures) => failures.as_array(),
    };
    let Some(failures) = failures else {
        return Outcome::FailedFrom(0, "batchItemFailures is not a list".to_owned());
    };
    let indexes: Option<Vec<usize>> = failures.iter().map(|failure| index_of(failure, batch)).collect();
    match indexes.map(|indexes| indexes.into_iter().min()) {
        Some(None) => Outcome::Done,
        Some(Some(index)) => Outcome::FailedFrom(index, "reported by the function".to_owned()),
        None => Outcome::FailedFrom(0, "an itemIdentifier is not of this batch".to_owned()),
    }
}

fn index_of(failure: &Value, batch: &[&Record]) -> Option<usize> {
    let named = failure.get("itemIdentifier")?.as_str()?;
    batch.iter().position(|record| record::sequence_number(record) == named)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodbstreams::types::StreamRecord;
    use serde_json::json;

    use super::*;

    fn failed_from(answer: Value) -> Option<usize> {
        let records = ["10", "11", "12"].map(|number| {
            let inner = StreamRecord::builder().sequence_number(number).build();
            Record::builder().dynamodb(inner).build()
        });
        let batch: Vec<&Record> = records.iter().collect();
        match of(Ok(answer), &batch) {
            Outcome::Done => None,
            Outcome::FailedFrom(index, _) => Some(index),
        }
    }

    #[test]
    fn an_answer_without_failures_is_a_yes() {
        assert_eq!(failed_from(Value::Null), None);
        assert_eq!(failed_from(json!({})), None);
        assert_eq!(failed_from(json!({ "batchItemFailures": null })), None);
        assert_eq!(failed_from(json!({ "batchItemFailures": [] })), None);
    }

    #[test]
    fn the_lowest_number_named_is_where_the_batch_failed() {
        let failures = json!([{ "itemIdentifier": "12" }, { "itemIdentifier": "11" }]);
        assert_eq!(failed_from(json!({ "batchItemFailures": failures })), Some(1));
    }

    #[test]
    fn an_answer_that_names_nothing_of_the_batch_fails_all_of_it() {
        for identifier in [json!(""), json!(null), json!("99"), json!(11)] {
            let failures = json!([{ "itemIdentifier": "12" }, { "itemIdentifier": identifier }]);
            assert_eq!(failed_from(json!({ "batchItemFailures": failures })), Some(0));
        }
        assert_eq!(failed_from(json!({ "batchItemFailures": "12" })), Some(0));
    }
}
