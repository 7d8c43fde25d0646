//! Every operation on every table, in turn.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::bare::{Ask, Bare, again};
use super::operations::Operation;
use super::town::Town;
use crate::Failure;
use crate::capacity::Units;
use crate::runtime::Instance;
use crate::series::{Series, percentile};
use crate::wire::{Recorder, round_trips};

/// Requests before the first that counts: they open connections and read the keys.
const WARM_UP: usize = 3;
/// Requests of each operation through the recorder.
const RECORDED: usize = 12;

/// What was found of an operation on one table.
#[derive(Debug, Default)]
pub struct Found {
    /// The requests.
    pub series: Series,
    /// The engine's part of them.
    pub engine: Vec<Duration>,
    /// Calls to `DynamoDB`: their names, in the order of the alphabet.
    pub calls: Vec<String>,
    /// Calls that waited for one another.
    pub round_trips: usize,
    /// What they consume, on average.
    pub units: Units,
    asks: Vec<Vec<Ask>>,
}

/// Calls and capacity of every operation on a table.
///
/// # Errors
/// A function failed or answered otherwise, or two requests of one operation made different calls.
pub async fn count(town: &mut Town) -> Result<BTreeMap<Operation, Found>, Failure> {
    let recorder = Recorder::start(&town.engine.endpoint).await?;
    let mut functions = town.functions(&recorder.endpoint).await?;
    let mut all = BTreeMap::new();
    for operation in Operation::ALL {
        let (mut found, mut sum) = (Found::default(), Vec::new());
        for round in 0..WARM_UP + RECORDED {
            let event = operation.event(town, round)?;
            let _ = recorder.take();
            let answer = function(&mut functions, operation)?.invoke(&event).await?;
            operation.settle(town, round, &answer)?;
            let calls = recorder.take();
            if round < WARM_UP {
                continue;
            }
            let mut names: Vec<String> = calls.iter().map(|call| call.operation.clone()).collect();
            names.sort_unstable();
            if !sum.is_empty() && names != found.calls {
                let name = operation.name();
                return Err(format!("{name} made {names:?}, and {:?} before", found.calls).into());
            }
            found.calls = names;
            // On a busy machine one of two calls made at once may come after the other's answer.
            let trips = round_trips(&calls);
            found.round_trips = if sum.is_empty() { trips } else { found.round_trips.min(trips) };
            found.asks.push(again(&calls));
            sum.push(Units::of_all(&calls));
        }
        found.units = average(&sum);
        all.insert(operation, found);
    }
    Ok(all)
}

/// Measures every operation on every table so often, each once in a round.
///
/// # Errors
/// A function failed or answered otherwise.
pub async fn measure(
    towns: &mut [Town],
    found: &mut [BTreeMap<Operation, Found>],
    rounds: usize,
) -> Result<(), Failure> {
    let mut functions = Vec::new();
    for town in towns.iter() {
        functions.push((town.functions(&town.engine.endpoint).await?, Bare::new(&town.engine.endpoint)));
    }
    for round in 0..WARM_UP + rounds {
        for operation in Operation::ALL {
            for at in 0..towns.len() {
                // Not always in the same order.
                let at = (at + round) % towns.len();
                let (functions, bare) = &mut functions[at];
                let (town, found) = (&mut towns[at], &mut found[at]);
                let found = found.get_mut(&operation).ok_or("it was not counted")?;
                let mut series = Series::default();
                let event = operation.event(town, round)?;
                let answer = series.ask(function(functions, operation)?, &event).await?;
                operation.settle(town, round, &answer)?;
                let engine = bare.take(&found.asks[round % found.asks.len()]).await?;
                if round >= WARM_UP {
                    found.series.extend(series);
                    found.engine.push(engine);
                }
            }
        }
    }
    Ok(())
}

impl Found {
    /// The median of the engine's part, in milliseconds.
    #[must_use]
    pub fn engine_ms(&self) -> f64 {
        percentile(&self.engine, 50)
    }
}

fn function<'a>(
    functions: &'a mut HashMap<&'static str, Instance>,
    operation: Operation,
) -> Result<&'a mut Instance, Failure> {
    Ok(functions.get_mut(operation.function()).ok_or("no such function")?)
}

#[expect(clippy::cast_precision_loss, reason = "a dozen")]
fn average(all: &[Units]) -> Units {
    let number = all.len() as f64;
    let of = |field: fn(&Units) -> f64| all.iter().map(field).sum::<f64>() / number;
    Units {
        read: of(|units| units.read),
        write: of(|units| units.write),
        index_write: of(|units| units.index_write),
        stream_records: all.iter().map(|units| units.stream_records).max().unwrap_or_default(),
    }
}
