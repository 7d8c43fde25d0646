//! The table in `docs/performance/budgets.md`.

const WRITTEN: &str = include_str!("../../docs/performance/budgets.md");

/// What a row says an operation costs.
#[derive(Debug)]
pub struct Row {
    pub name: &'static str,
    pub trips: usize,
    pub calls: usize,
    /// At most so many round trips and calls, where there is a budget.
    budget: Option<(usize, usize)>,
}

impl Row {
    /// The row that a test of that name holds.
    pub fn named(name: &str) -> Self {
        let found = rows().into_iter().find(|row| row.name == name);
        found.unwrap_or_else(|| panic!("docs/performance/budgets.md has no row of `{name}`"))
    }

    /// A row of the table: operation, case, round trips, calls, budget, test.
    fn read(line: &'static str) -> Option<Self> {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, _, _, trips, calls, budget, name, _] = columns[..] else { return None };
        let budget = budget.split_once('/').map(|(trips, calls)| {
            (trips.trim().parse().expect("round trips"), calls.trim().parse().expect("calls"))
        });
        let (trips, calls) = (trips.parse().ok()?, calls.parse().ok()?);
        Some(Self { name: name.trim_matches('`'), trips, calls, budget })
    }
}

fn rows() -> Vec<Row> {
    WRITTEN.lines().filter_map(Row::read).collect()
}

#[test]
fn what_is_written_is_within_the_budgets() {
    let rows = rows();
    assert!(rows.len() > 20, "{rows:?}");
    for row in &rows {
        let (trips, calls) = row.budget.unwrap_or((usize::MAX, usize::MAX));
        assert!(row.trips <= trips && row.calls <= calls, "{row:?}");
    }
}

/// Each row names a test of this binary, which reads it.
#[test]
fn what_is_written_is_held_by_a_test() {
    let files = [
        ("own", include_str!("own.rs")),
        ("login", include_str!("login.rs")),
        ("mails", include_str!("mails.rs")),
        ("actions", include_str!("actions.rs")),
        ("listing", include_str!("listing.rs")),
    ];
    for row in rows() {
        let held = files.iter().any(|(_, text)| text.contains(&format!("\"{}\"", row.name)));
        assert!(held, "no test reads the row of `{}`", row.name);
    }
}
