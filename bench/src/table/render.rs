//! Tables in Markdown.

use crate::measure::Row;

/// A row.
pub(super) fn operation(row: &Row) -> String {
    format!(
        "| {} | {:.2} | {:.2} | {:.2} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {} | {} | {} | {} | {} |",
        row.name,
        row.p50_ms,
        row.p99_ms,
        row.cpu_ms,
        row.floor,
        row.floor_p50_ms,
        row.floor_cpu_ms,
        row.wall_ratio,
        row.cpu_ratio,
        row.calls,
        row.round_trips,
        row.rru,
        row.wru,
        row.index_wru,
    )
}
