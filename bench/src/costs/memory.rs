//! The model of memory and processor time: Lambda gives a function one vCPU at 1,769 MB and a
//! proportional share of one below (AWS Lambda Developer Guide, "Configure Lambda function memory"),
//! and bills each begun millisecond of a configured GB. A model, not a measurement on Lambda: a
//! share is handed out in slices, so single times jump around what is said here.

use super::measured::Operation;

/// At this size a function has one vCPU (AWS Lambda Developer Guide, "Configure Lambda function
/// memory").
pub const ONE_CORE: u32 = 1769;

/// The sizes that the tables show, in MB.
pub const SIZES: [u32; 8] = [128, 256, 512, 768, 1024, 1280, 1536, ONE_CORE];

/// What the model supposes beside what was measured.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supposed {
    /// Milliseconds of a vCPU for each millisecond of the machine that measured.
    pub cpu_factor: f64,
    /// Milliseconds that one call to the table takes, from asking to answer.
    pub table_ms: f64,
    /// Milliseconds that one call to SES takes.
    pub mail_ms: f64,
}

/// The part of a core that a function of that size has.
#[must_use]
pub fn share(memory_mb: u32) -> f64 {
    (f64::from(memory_mb) / f64::from(ONE_CORE)).min(1.0)
}

/// How long the operation takes at that size, in milliseconds: its own work by its share of a core,
/// then the steps that wait for the table.
#[must_use]
pub fn duration_ms(operation: &Operation, memory_mb: u32, supposed: Supposed) -> f64 {
    let work = operation.cpu_ms * supposed.cpu_factor / share(memory_mb);
    work + operation.round_trips * supposed.table_ms + operation.mails * supposed.mail_ms
}

/// The GB-seconds that are billed for it: whole milliseconds, rounded up.
#[must_use]
pub fn gb_seconds(duration_ms: f64, memory_mb: u32) -> f64 {
    // What a sum of fractions is above a whole millisecond by its rounding alone is none.
    let billed = (duration_ms - 1e-9).ceil();
    billed / 1000.0 * f64::from(memory_mb) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUPPOSED: Supposed = Supposed { cpu_factor: 1.0, table_ms: 4.0, mail_ms: 30.0 };

    fn hashing() -> Operation {
        Operation { cpu_ms: 15.0, round_trips: 3.0, ..Operation::default() }
    }

    #[test]
    fn a_core_is_whole_at_1769_and_never_more() {
        assert!((share(ONE_CORE) - 1.0).abs() < 1e-12 && (share(4000) - 1.0).abs() < 1e-12);
        assert!((share(512) - 512.0 / 1769.0).abs() < 1e-12);
    }

    #[test]
    fn work_takes_longer_with_less_memory_and_waiting_does_not() {
        assert!((duration_ms(&hashing(), ONE_CORE, SUPPOSED) - 27.0).abs() < 1e-9);
        let half = duration_ms(&hashing(), 885, SUPPOSED);
        assert!((41.0..43.0).contains(&half), "{half}");
    }

    #[test]
    fn begun_milliseconds_are_billed_and_whole_ones_once() {
        let of = |ms| gb_seconds(ms, 1024) * 1000.0;
        assert!(
            (of(4.0) - 4.0).abs() < 1e-9
                && (of(4.01) - 5.0).abs() < 1e-9
                && (of(0.1 + 0.2 + 3.7) - 4.0).abs() < 1e-9
        );
    }
}
