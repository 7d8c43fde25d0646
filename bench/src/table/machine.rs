//! On what it was measured.

use std::fs;
use std::thread::available_parallelism;

use crate::engine::Engine;

/// Processor, cores, memory and engine.
pub(super) fn describe(engine: &Engine) -> String {
    let value = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).map(str::to_owned);
        line.and_then(|line| line.split_once(':').map(|(_, value)| value.trim().to_owned()))
    };
    let processor = value("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unnamed processor".to_owned());
    let cores = available_parallelism().map_or(1, usize::from);
    let kibibytes = value("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse().ok());
    let gibibytes = kibibytes.unwrap_or(0_u64).div_ceil(1 << 20);
    let kind =
        if engine.is_embedded { "the embedded engine, in memory" } else { "the engine of the environment" };
    format!("{processor}, {cores} cores, {gibibytes} GiB; {kind}")
}
