//! Finding a table's latest stream, and reading its shards.

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::operation::get_records::GetRecordsError;
use aws_sdk_dynamodbstreams::operation::get_shard_iterator::GetShardIteratorError;
use aws_sdk_dynamodbstreams::types::{Record, ShardIteratorType};

use super::TriggerError;
use super::shard::Shard;

/// What one call for records brought.
#[derive(Debug)]
pub(super) enum Read {
    /// Records, and where to go on: nowhere at the end of a closed shard.
    Page(Vec<Record>, Option<String>),
    /// The iterator was too old; the position still holds.
    Expired,
    /// The position is older than the stream's oldest record.
    Trimmed,
}

/// Finds a table's latest stream and reads its shards.
#[derive(Debug)]
pub(super) struct Reader {
    streams: Client,
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
    arn: String,
    shards: Vec<Shard>,
    /// A shard has ended since the shards were listed, or they never were.
    stale: bool,
}

impl Reader {
    pub(super) fn new(streams: Client, dynamodb: aws_sdk_dynamodb::Client, table: &str) -> Self {
        let (table, arn) = (table.to_owned(), String::new());
        Self { streams, dynamodb, table, arn, shards: Vec::new(), stale: true }
    }

    pub(super) fn stream_arn(&self) -> &str {
        &self.arn
    }

    /// Takes out the shards to read now: those not finished whose parent, if it is still listed, is.
    pub(super) async fn open_shards(&mut self) -> Result<Vec<Shard>, TriggerError> {
        if self.stale {
            self.list_shards().await?;
        }
        let unfinished: Vec<String> =
            self.shards.iter().filter(|s| !s.finished).map(|s| s.id.clone()).collect();
        let is_open = |shard: &mut Shard| {
            !shard.finished && !shard.parent.as_ref().is_some_and(|p| unfinished.contains(p))
        };
        Ok(self.shards.extract_if(.., is_open).collect())
    }

    pub(super) fn put_back(&mut self, shard: Shard) {
        self.stale |= shard.finished;
        self.shards.push(shard);
    }

    /// Reads what is next in `shard`: behind `after` when it has no iterator that still holds.
    pub(super) async fn read(
        &mut self,
        shard: &mut Shard,
        after: Option<&str>,
    ) -> Result<Read, TriggerError> {
        let read = match shard.iterator.take() {
            Some(iterator) => self.records(iterator).await,
            None => match self.iterator(&shard.id, after).await {
                Ok(Some(iterator)) => self.records(iterator).await,
                Ok(None) => Ok(Read::Trimmed),
                Err(error) => Err(error),
            },
        };
        // The table may have been made anew, with another stream.
        self.stale |= read.is_err();
        read
    }

    async fn records(&self, iterator: String) -> Result<Read, TriggerError> {
        match self.streams.get_records().shard_iterator(iterator).send().await {
            Ok(page) => Ok(Read::Page(page.records.unwrap_or_default(), page.next_shard_iterator)),
            Err(error) => match error.as_service_error() {
                Some(GetRecordsError::ExpiredIteratorException(_)) => Ok(Read::Expired),
                Some(GetRecordsError::TrimmedDataAccessException(_)) => Ok(Read::Trimmed),
                _ => Err(TriggerError::sdk(error)),
            },
        }
    }

    /// An iterator behind `after`, else at the oldest record; `None` when `after` is trimmed.
    async fn iterator(&self, shard: &str, after: Option<&str>) -> Result<Option<String>, TriggerError> {
        let kind = match after {
            Some(_) => ShardIteratorType::AfterSequenceNumber,
            None => ShardIteratorType::TrimHorizon,
        };
        let request = self
            .streams
            .get_shard_iterator()
            .stream_arn(&self.arn)
            .shard_id(shard)
            .shard_iterator_type(kind)
            .set_sequence_number(after.map(str::to_owned));
        match request.send().await {
            Ok(answer) => Ok(answer.shard_iterator),
            Err(error) => match error.as_service_error() {
                Some(GetShardIteratorError::TrimmedDataAccessException(_)) => Ok(None),
                _ => Err(TriggerError::sdk(error)),
            },
        }
    }

    /// Lists the latest stream's shards anew; those already known keep their state.
    async fn list_shards(&mut self) -> Result<(), TriggerError> {
        let arn = self.latest_stream().await?;
        if arn != self.arn {
            self.shards.clear();
        }
        let mut known = std::mem::take(&mut self.shards);
        let mut from = None;
        loop {
            let request = self.streams.describe_stream().stream_arn(&arn);
            let page = request.set_exclusive_start_shard_id(from).send().await.map_err(TriggerError::sdk)?;
            let Some(description) = page.stream_description else {
                break;
            };
            for shard in description.shards.unwrap_or_default() {
                let Some(id) = shard.shard_id else { continue };
                let same = known.extract_if(.., |known| known.id == id).next();
                self.shards.push(same.unwrap_or_else(|| Shard::new(id, shard.parent_shard_id)));
            }
            from = description.last_evaluated_shard_id;
            if from.is_none() {
                break;
            }
        }
        self.arn = arn;
        self.stale = self.shards.iter().all(|shard| shard.finished);
        Ok(())
    }

    async fn latest_stream(&self) -> Result<String, TriggerError> {
        let request = self.dynamodb.describe_table().table_name(&self.table);
        let answer = request.send().await.map_err(TriggerError::sdk)?;
        let arn = answer.table.and_then(|table| table.latest_stream_arn);
        arn.ok_or_else(|| TriggerError(format!("the table {} has no stream", self.table)))
    }
}
