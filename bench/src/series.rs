//! What a series of requests took.

use std::time::Duration;

use serde_json::Value;

use crate::Failure;
use crate::runtime::{Answer, Instance};

/// What a series of requests took.
#[derive(Clone, Debug, Default)]
pub struct Series {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

impl Series {
    /// One more request.
    ///
    /// # Errors
    /// The function failed, or answered otherwise.
    pub async fn add(&mut self, instance: &mut Instance, event: &Value, status: u16) -> Result<(), Failure> {
        let answer = self.ask(instance, event).await?;
        if answer.status != status {
            return Err(format!("answered {} and not {status}: {}", answer.status, answer.body).into());
        }
        Ok(())
    }

    /// One more request, whatever the answer.
    ///
    /// # Errors
    /// The function failed.
    pub async fn ask(&mut self, instance: &mut Instance, event: &Value) -> Result<Answer, Failure> {
        let before = instance.own_cpu()?;
        let answer = instance.invoke(event).await?;
        self.wall.push(answer.elapsed);
        self.cpu.push(instance.own_cpu()?.saturating_sub(before));
        Ok(answer)
    }

    /// Those of another series, too.
    pub fn extend(&mut self, other: Self) {
        self.wall.extend(other.wall);
        self.cpu.extend(other.cpu);
    }

    /// The time that so many of 100 requests did not exceed, in milliseconds.
    #[must_use]
    pub fn wall_ms(&self, percent: usize) -> f64 {
        percentile(&self.wall, percent)
    }

    /// The median of the processor time, in milliseconds.
    #[must_use]
    pub fn cpu_ms(&self) -> f64 {
        percentile(&self.cpu, 50)
    }
}

/// The value that so many of 100 do not exceed, in milliseconds.
#[must_use]
pub fn percentile(values: &[Duration], percent: usize) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable();
    let at = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(at).map_or(f64::NAN, |value| value.as_secs_f64() * 1000.0)
}

/// The middle one.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
