//! An operation and its floor in turn.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Failure;
use crate::capacity::Units;
use crate::operations::{Floor, Operation};
use crate::series::{Series, median};
use crate::stage::{House, PASSWORD, Stage};
use crate::wire::{Recorder, round_trips};

/// Requests before the first that counts: they open connections and read the keys.
pub const WARM_UP: usize = 4;
/// So many instances of two binaries are measured, pair after pair: where a process's memory
/// lies makes it faster or slower by some hundredths for as long as it lives.
pub const PAIRS: usize = 9;
/// How much is asked of an operation and its floor.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Engines, one after the other, with [`PAIRS`] each.
    pub houses: usize,
    /// Requests to each of a pair that count.
    pub rounds: usize,
}

/// Requests through the recorder.
const RECORDED: usize = 3;

/// A row of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// `GET /users/me`.
    pub name: String,
    /// The function that serves it.
    pub function: String,
    /// Half of the requests took no longer.
    pub p50_ms: f64,
    /// 99 of 100 took no longer.
    pub p99_ms: f64,
    /// The function's own processor time, the median.
    pub cpu_ms: f64,
    /// What it is held against.
    pub floor: String,
    /// The floor's p50 in the same run.
    pub floor_p50_ms: f64,
    /// The floor's p99.
    pub floor_p99_ms: f64,
    /// The floor's own processor time.
    pub floor_cpu_ms: f64,
    /// `p50_ms` to the floor's: the median of the pairs.
    pub wall_ratio: f64,
    /// `cpu_ms` to the floor's: the median of the pairs.
    pub cpu_ratio: f64,
    /// Calls to `DynamoDB`.
    pub calls: usize,
    /// Calls that waited for one another.
    pub round_trips: usize,
    /// Read request units.
    pub rru: f64,
    /// Write request units of the table.
    pub wru: f64,
    /// Write request units of the index.
    pub index_wru: f64,
    /// Records in the stream.
    pub stream_records: u32,
}

/// Calls and capacity of an operation, keys cached.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counted {
    /// Calls to `DynamoDB`.
    pub calls: usize,
    /// Calls that waited for one another.
    pub round_trips: usize,
    /// What they consume.
    pub units: Units,
}

/// Sends the operation through a recorder a few times: the dearest.
///
/// # Errors
/// The function failed, or answered otherwise.
pub async fn count(stage: &mut Stage, operation: &Operation) -> Result<Counted, Failure> {
    let recorder = Recorder::start(&stage.house.engine.endpoint).await?;
    let mut instance = stage.function(&operation.function()?, &recorder.endpoint).await?;
    let mut dearest = Counted::default();
    for round in 0..WARM_UP + RECORDED {
        let event = operation.event(stage).await?;
        let _ = recorder.take();
        Series::default().add(&mut instance, &event, operation.status).await?;
        let calls = recorder.take();
        let units = Units::of_all(&calls);
        if round >= WARM_UP && units.read + units.write >= dearest.units.read + dearest.units.write {
            dearest = Counted { calls: calls.len(), round_trips: round_trips(&calls), units };
        }
    }
    Ok(dearest)
}

/// Measures an operation and its floor, one request of each in turn.
///
/// # Errors
/// A function failed, or answered otherwise.
pub async fn measure(binaries: &Path, operation: &Operation, effort: Effort) -> Result<Row, Failure> {
    let mut pairs = Vec::new();
    for _ in 0..effort.houses {
        let mut stage = Stage::new(&House::new(binaries).await?).await?;
        let floor_event = floor_event(&mut stage, operation.floor).await?;
        for _ in 0..PAIRS {
            pairs.push(pair(&mut stage, operation, &floor_event, effort.rounds).await?);
        }
    }
    let mut stage = Stage::new(&House::new(binaries).await?).await?;
    row(operation, pairs, count(&mut stage, operation).await?)
}

/// Of all pairs together; ratios are the medians of the pairs.
fn row(operation: &Operation, pairs: Vec<(Series, Series)>, counted: Counted) -> Result<Row, Failure> {
    let (mut own, mut least) = (Series::default(), Series::default());
    let (mut wall_ratios, mut cpu_ratios) = (Vec::new(), Vec::new());
    for (ours, floor) in pairs {
        wall_ratios.push(ours.wall_ms(50) / floor.wall_ms(50));
        cpu_ratios.push(ours.cpu_ms() / floor.cpu_ms());
        own.extend(ours);
        least.extend(floor);
    }
    let Counted { calls, round_trips, units } = counted;
    Ok(Row {
        name: operation.name()?,
        function: operation.function()?,
        p50_ms: own.wall_ms(50),
        p99_ms: own.wall_ms(99),
        cpu_ms: own.cpu_ms(),
        floor: operation.floor.name().to_owned(),
        floor_p50_ms: least.wall_ms(50),
        floor_p99_ms: least.wall_ms(99),
        floor_cpu_ms: least.cpu_ms(),
        wall_ratio: median(wall_ratios),
        cpu_ratio: median(cpu_ratios),
        calls,
        round_trips,
        rru: units.read,
        wru: units.write,
        index_wru: units.index_write,
        stream_records: units.stream_records,
    })
}

/// One instance of the function and one of its floor; each is the first to be asked every other time.
async fn pair(
    stage: &mut Stage,
    operation: &Operation,
    floor_event: &Value,
    rounds: usize,
) -> Result<(Series, Series), Failure> {
    let endpoint = stage.house.engine.endpoint.clone();
    let mut ours = stage.function(&operation.function()?, &endpoint).await?;
    let mut floor = stage.function(&operation.floor.binary(), &endpoint).await?;
    let (mut own, mut least) = (Series::default(), Series::default());
    for round in 0..WARM_UP + rounds {
        if round == WARM_UP {
            (own, least) = (Series::default(), Series::default());
        }
        let event = operation.event(stage).await?;
        if round % 2 == 0 {
            own.add(&mut ours, &event, operation.status).await?;
            least.add(&mut floor, floor_event, 200).await?;
        } else {
            least.add(&mut floor, floor_event, 200).await?;
            own.add(&mut ours, &event, operation.status).await?;
        }
    }
    Ok((own, least))
}

/// What a floor is sent: the key of an account's item, or a password; in an event as large as ours.
///
/// # Errors
/// The table did not take the account.
pub async fn floor_event(stage: &mut Stage, floor: Floor) -> Result<Value, Failure> {
    let mut event = crate::request::Request::of("get_me")?.event().clone();
    event["headers"]["authorization"] = json!(format!("Bearer {}", "a".repeat(900)));
    if floor == Floor::HashSign {
        event["body"] = json!(json!({ "password": PASSWORD }).to_string());
    } else if floor != Floor::Empty {
        let user = stage.user(|_| ()).await?;
        let asked = json!({ "table": stage.table, "PK": format!("USER#{}", user.id), "SK": "PROFILE" });
        event["body"] = json!(asked.to_string());
    }
    Ok(event)
}
