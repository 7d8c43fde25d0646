//! Handing a shard's records to the function, and booking what became of them.

use std::future::Future;

use aws_sdk_dynamodbstreams::types::Record;
use serde_json::Value;

use super::outcome::{self, Outcome};
use super::reader::Read;
use super::shard::Shard;
use super::{Poll, Trigger, TriggerError, record};

impl Trigger {
    /// Delivers what is new in `shard`, and adds to `poll` what it came to.
    pub(super) async fn poll_shard<I, F>(
        &mut self,
        shard: &mut Shard,
        invoke: &mut I,
        poll: &mut Poll,
    ) -> Result<(), TriggerError>
    where
        I: FnMut(Value) -> F,
        F: Future<Output = Result<Value, String>>,
    {
        let (records, next) = match self.reader.read(shard, self.positions.after(&shard.id)).await? {
            Read::Page(records, next) => (records, next),
            Read::Expired => return Ok(()),
            Read::Trimmed => {
                self.positions.forget(&shard.id);
                return Ok(());
            }
        };
        let wanted: Vec<&Record> = records.iter().filter(|r| self.mapping.wants(r)).collect();
        let mut rest = wanted.as_slice();
        while !rest.is_empty() {
            let batch;
            (batch, rest) = rest.split_at(shard.batch_size(self.mapping.batch_size).min(rest.len()));
            let event = record::event(batch, self.reader.stream_arn());
            let outcome = outcome::of(invoke(event).await, batch);
            if !self.settle(shard, batch, &outcome, poll)? {
                return Ok(());
            }
        }
        if let Some(last) = records.last() {
            self.positions.advance(&shard.id, record::sequence_number(last))?;
        }
        shard.follow(next);
        Ok(())
    }

    /// Books what became of `batch`; says whether the shard may go on.
    fn settle(
        &mut self,
        shard: &mut Shard,
        batch: &[&Record],
        outcome: &Outcome,
        poll: &mut Poll,
    ) -> Result<bool, TriggerError> {
        let (done, reason) = match outcome {
            Outcome::Done => (batch.len(), ""),
            Outcome::FailedFrom(index, reason) => (*index, reason.as_str()),
        };
        poll.delivered += done;
        if let Some(last) = batch[..done].last() {
            self.positions.advance(&shard.id, record::sequence_number(last))?;
        }
        let Some(first_failed) = batch.get(done) else {
            shard.failing = None;
            return Ok(true);
        };
        let tries = shard.count_failure(record::sequence_number(first_failed), batch.len() - done);
        if tries <= self.max_retries {
            eprintln!("trigger: a batch failed, try {tries} of {}: {reason}", self.max_retries + 1);
            poll.failing = poll.failing.max(tries);
            shard.rewind();
            return Ok(false);
        }
        let given_up = &batch[done..];
        eprintln!("trigger: {} record(s) dropped after {tries} tries: {reason}", given_up.len());
        for record in given_up {
            eprintln!("trigger: dropped {}", record::name(record));
            self.positions.advance(&shard.id, record::sequence_number(record))?;
        }
        poll.dropped += given_up.len();
        shard.failing = None;
        Ok(true)
    }
}
