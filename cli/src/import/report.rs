//! What became of each line.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;

use crate::failure::Failure;

/// So many refusals are shown; a report file has all.
const SHOWN: u64 = 20;

/// What became of a line.
pub(super) enum Outcome {
    /// An account was made.
    Made,
    /// It is there since an earlier run.
    There,
    /// Nothing was written, for these reasons.
    Refused(Vec<String>),
}

/// Counts, shows refusals and writes them down.
pub(super) struct Report {
    file: Option<BufWriter<File>>,
    made: u64,
    there: u64,
    refused: u64,
    last_was_there: bool,
}

impl Report {
    /// None is written over: it could be the import itself.
    pub fn new(path: Option<&Path>) -> Result<Self, Failure> {
        let create = |path: &Path| {
            File::create_new(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
        };
        let file = path.map(create).transpose()?.map(BufWriter::new);
        Ok(Self { file, made: 0, there: 0, refused: 0, last_was_there: false })
    }

    /// Whether the last line's account was there: then the next one's may be, too.
    pub fn last_was_there(&self) -> bool {
        self.last_was_there
    }

    pub fn add(&mut self, line: u64, outcome: Outcome) -> Result<(), Failure> {
        self.last_was_there = matches!(outcome, Outcome::There);
        let problems = match outcome {
            Outcome::Made => {
                self.made += 1;
                return Ok(());
            }
            Outcome::There => {
                self.there += 1;
                return Ok(());
            }
            Outcome::Refused(problems) => problems,
        };
        self.refused += 1;
        if let Some(file) = &mut self.file {
            writeln!(file, "{}", json!({ "line": line, "problems": problems }))?;
        }
        if self.refused <= SHOWN {
            eprintln!("line {line}: {}", problems.join("; "));
        } else if self.refused == SHOWN + 1 {
            eprintln!("and more: --report FILE writes down all");
        }
        Ok(())
    }

    pub fn so_far(&self) -> String {
        let Self { made, there, refused, .. } = self;
        format!("{made} made, {there} there already, {refused} refused")
    }

    /// The last line. Refused lines make it a failure.
    pub fn close(mut self, is_dry: bool) -> Result<String, Failure> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        let total = self.made + self.there + self.refused;
        let wrote = if is_dry { ". Nothing was written: --dry-run" } else { "" };
        let said = format!("{total} accounts: {}{wrote}", self.so_far());
        if self.refused == 0 { Ok(said) } else { Err(Failure::new(said)) }
    }
}
