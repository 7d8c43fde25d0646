//! What the bench has measured, as far as it costs something: `bench/results/table.json`.

use serde::Deserialize;

use crate::Failure;

/// What the bench calls the sending of a mail.
pub(super) const ONE_MAIL: &str = "mailer, one mail";

/// The table.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// On what it was measured.
    #[serde(default = "unknown")]
    pub machine: String,
    /// One row for each operation.
    pub operations: Vec<Operation>,
    /// One row for each function.
    #[serde(default)]
    pub cold: Vec<Cold>,
}

/// One operation, warm.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Operation {
    /// `METHOD /path`, or what a function does with one record.
    pub name: String,
    /// Whose it is.
    pub function: String,
    /// The function's own processor time, in milliseconds.
    pub cpu_ms: f64,
    /// Calls to the table that wait for one another.
    pub round_trips: f64,
    /// Read request units.
    pub rru: f64,
    /// Write request units of the table.
    pub wru: f64,
    /// Write request units of the index.
    pub index_wru: f64,
    /// Mails that it sends itself.
    pub mails: f64,
}

/// One function's start.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Cold {
    /// Which.
    pub function: String,
    /// From the process's start to its first poll.
    pub first_poll_ms: f64,
    /// The hash buffer on one thread.
    pub buffer_ms: f64,
    /// The first request after that.
    pub first_request_ms: f64,
    /// The most memory it ever had.
    pub peak_mib: f64,
}

impl Cold {
    /// What is computed from the process's start to the first answer, at the most: all the time, and where the buffer is made on
    /// a second thread, that.
    #[must_use]
    pub fn work_ms(&self) -> f64 {
        self.first_poll_ms + self.buffer_ms + self.first_request_ms
    }
}

fn unknown() -> String {
    "a machine that it does not name".to_owned()
}

impl Measured {
    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is not what the bench writes.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let mut measured: Self = serde_json::from_str(text)?;
        // What the table cannot count: the call to SES.
        for operation in measured.operations.iter_mut().filter(|operation| operation.name == ONE_MAIL) {
            operation.mails = 1.0;
        }
        Ok(measured)
    }

    /// The operation of that name.
    ///
    /// # Errors
    /// When it was not measured.
    pub fn operation(&self, name: &str) -> Result<&Operation, Failure> {
        let found = self.operations.iter().find(|operation| operation.name == name);
        found.ok_or_else(|| format!("bench/results/table.json has no {name}").into())
    }

    /// The start of a function; of one that was not measured nothing is known.
    #[must_use]
    pub fn start(&self, function: &str) -> Cold {
        self.cold.iter().find(|cold| cold.function == function).cloned().unwrap_or_default()
    }
}
