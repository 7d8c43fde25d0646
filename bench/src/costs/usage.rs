//! What is used up, in the units that are billed, and what that costs, by line of the bill.

use std::ops::{AddAssign, Mul};

use super::prices::Prices;
use crate::Failure;

/// Units of a month, or of one request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Requests to API Gateway.
    pub requests: f64,
    /// Invocations of functions.
    pub invocations: f64,
    /// Billed GB-seconds.
    pub gb_seconds: f64,
    /// Write request units, those of the index too.
    pub wru: f64,
    /// Read request units.
    pub rru: f64,
    /// GB of logs of the standard class.
    pub log_gb: f64,
    /// GB of logs of the class for infrequent access.
    pub log_infrequent_gb: f64,
    /// Compressed GB of logs, kept for a month.
    pub log_kept_gb: f64,
    /// Traces recorded.
    pub traces: f64,
    /// Mails.
    pub mails: f64,
    /// GB sent to clients.
    pub out_gb: f64,
    /// GB in the table.
    pub stored_gb: f64,
    /// Metrics for a month.
    pub metrics: f64,
    /// Metrics that alarms watch.
    pub alarms: f64,
    /// Secrets.
    pub secrets: f64,
    /// Requests to KMS.
    pub kms: f64,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.invocations += other.invocations;
        self.gb_seconds += other.gb_seconds;
        self.wru += other.wru;
        self.rru += other.rru;
        self.log_gb += other.log_gb;
        self.log_infrequent_gb += other.log_infrequent_gb;
        self.log_kept_gb += other.log_kept_gb;
        self.traces += other.traces;
        self.mails += other.mails;
        self.out_gb += other.out_gb;
        self.stored_gb += other.stored_gb;
        self.metrics += other.metrics;
        self.alarms += other.alarms;
        self.secrets += other.secrets;
        self.kms += other.kms;
    }
}

impl Mul<f64> for Usage {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        Self {
            requests: self.requests * times,
            invocations: self.invocations * times,
            gb_seconds: self.gb_seconds * times,
            wru: self.wru * times,
            rru: self.rru * times,
            log_gb: self.log_gb * times,
            log_infrequent_gb: self.log_infrequent_gb * times,
            log_kept_gb: self.log_kept_gb * times,
            traces: self.traces * times,
            mails: self.mails * times,
            out_gb: self.out_gb * times,
            stored_gb: self.stored_gb * times,
            metrics: self.metrics * times,
            alarms: self.alarms * times,
            secrets: self.secrets * times,
            kms: self.kms * times,
        }
    }
}

/// The lines of a bill.
pub const LINES: [&str; 13] = [
    "API Gateway",
    "Lambda requests",
    "Lambda GB-s",
    "DynamoDB writes",
    "DynamoDB reads",
    "table and backup",
    "logs",
    "route metrics",
    "traces",
    "alarms",
    "mails",
    "data out",
    "secret, keys",
];

/// What each of [`LINES`] costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bill(pub [f64; LINES.len()]);

impl Bill {
    /// What the usage of a month costs.
    ///
    /// # Errors
    /// When a price is missing.
    pub fn of(usage: &Usage, prices: &Prices) -> Result<Self, Failure> {
        let cost = |name, units| prices.cost(name, units);
        let stored =
            cost("dynamodb_storage_gb", usage.stored_gb)? + cost("dynamodb_pitr_gb", usage.stored_gb)?;
        let taken_in = cost("log_gb", usage.log_gb)? + cost("log_infrequent_gb", usage.log_infrequent_gb)?;
        Ok(Self([
            cost("api_request", usage.requests)?,
            cost("lambda_request", usage.invocations)?,
            cost("lambda_gb_second", usage.gb_seconds)?,
            cost("dynamodb_wru", usage.wru)?,
            cost("dynamodb_rru", usage.rru)?,
            stored,
            taken_in + cost("log_stored_gb", usage.log_kept_gb)?,
            cost("metric", usage.metrics)?,
            cost("trace", usage.traces)?,
            cost("alarm", usage.alarms)?,
            cost("mail", usage.mails)?,
            cost("transfer_gb", usage.out_gb)?,
            cost("secret", usage.secrets)? + cost("kms_request", usage.kms)?,
        ]))
    }

    /// All lines.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }

    /// The lines by what they cost, the dearest first.
    #[must_use]
    pub fn dearest(&self) -> Vec<(&'static str, f64)> {
        let mut lines: Vec<_> = LINES.into_iter().zip(self.0).collect();
        lines.sort_by(|one, other| other.1.total_cmp(&one.1));
        lines
    }
}
