//! What a million of each operation costs.

use super::super::Inputs;
use super::super::model::Habit;
use super::super::usage::{Bill, LINES, Usage};
use super::{cells, dollars, table};
use crate::Failure;

const MILLION: f64 = 1e6;
/// How many users make the stream's batches as large as this table supposes.
const BUSY: f64 = 1e5;

pub(super) fn operations(inputs: &Inputs) -> Result<String, Failure> {
    let deployment = inputs.with(&inputs.now);
    let batch = deployment.batch(BUSY);
    let mut rows = Vec::new();
    for operation in &inputs.measured.operations {
        // What is not in the mix is priced without anything that follows from it.
        let plain =
            Habit { operation: operation.name.clone(), answer: 1000.0, lines: 1.0, ..Habit::default() };
        let known = inputs.model.habit(&operation.name).cloned();
        let habit = known.unwrap_or(plain);
        if inputs.now.size(&operation.function).is_err() || !operation.name.contains('/') {
            continue;
        }
        let bill = |usage: Usage| Bill::of(&(usage * MILLION), &inputs.prices);
        let (own, after) = (bill(deployment.request(&habit)?)?, bill(deployment.follow_ups(&habit, batch)?)?);
        let line = |name: &str| LINES.iter().position(|line| *line == name).map_or(0.0, |at| own.0[at]);
        let mails = LINES.iter().position(|line| *line == "mails").map_or(0.0, |at| after.0[at]);
        rows.push(vec![
            format!("`{}`", operation.name),
            dollars(line("API Gateway")),
            dollars(line("Lambda requests")),
            dollars(line("Lambda GB-s")),
            dollars(line("DynamoDB writes")),
            dollars(line("DynamoDB reads")),
            dollars(line("logs")),
            dollars(line("data out")),
            dollars(after.total() - mails),
            dollars(mails),
            format!("**{}**", dollars(own.total() + after.total())),
        ]);
    }
    let head = [
        "dollars for a million of",
        "API Gateway",
        "Lambda requests",
        "Lambda GB-s",
        "writes",
        "reads",
        "logs",
        "data out",
        "stream, worker, mailer",
        "mails",
        "all",
    ];
    Ok(format!(
        "## A million of each\n\n\
        At the prices of the first units of a month. Writes include those of the index. Reading the stream costs nothing; what its records make \
        the worker and the mailer do is in the last lines but one, with the batches of {} active users ({batch:.1} records). What is not in \
        the month above is priced with an answer of 1,000 bytes, one line in the log and nothing that follows.\n\n{}",
        super::whole(BUSY),
        table(&cells(&head), &rows),
    ))
}
