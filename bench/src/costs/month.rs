//! What one request uses up, with all that follows from it, and what a month of many users does.

use super::measured::{Measured, ONE_MAIL, Operation};
use super::memory::{duration_ms, gb_seconds};
use super::model::{Habit, Model};
use super::settings::Settings;
use super::usage::Usage;
use crate::Failure;

const GB: f64 = 1024.0 * 1024.0 * 1024.0;
const SECONDS: f64 = 30.0 * 86400.0;
const HOURS: f64 = 30.0 * 24.0;
/// Metrics that API Gateway writes of a route (API Gateway Developer Guide, "Monitor `CloudWatch`
/// metrics for HTTP APIs").
const METRICS_OF_A_ROUTE: f64 = 6.0;

/// A deployment, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Deployment<'a> {
    /// What was measured.
    pub measured: &'a Measured,
    /// What is supposed.
    pub model: &'a Model,
    /// What the template says.
    pub settings: &'a Settings,
}

impl Deployment<'_> {
    /// What the request itself uses up: its way through API Gateway, its function, the table, its lines.
    ///
    /// # Errors
    /// When it was not measured, or its function has no size.
    pub fn request(&self, habit: &Habit) -> Result<Usage, Failure> {
        let operation = self.measured.operation(&habit.operation)?;
        let mut usage = self.invocation(operation, habit.lines + self.more_lines(&habit.operation))?;
        usage.requests = 1.0;
        usage.rru = operation.rru;
        usage.wru = operation.wru + operation.index_wru;
        usage.out_gb = habit.answer / GB;
        let line = (self.settings.choices.access_line + self.model.logs.event_overhead) / GB;
        usage.log_kept_gb += self.kept(line);
        *(if self.settings.choices.access_infrequent {
            &mut usage.log_infrequent_gb
        } else {
            &mut usage.log_gb
        }) += line;
        Ok(usage)
    }

    fn more_lines(&self, operation: &str) -> f64 {
        self.settings.choices.more_lines.get(operation).copied().unwrap_or(0.0)
    }

    /// What an invocation of a function costs, whoever invokes it.
    fn invocation(&self, operation: &Operation, lines: f64) -> Result<Usage, Failure> {
        let (logs, memory) = (self.model.logs, self.settings.size(&operation.function)?);
        let platform = if self.settings.choices.platform_lines {
            logs.start_line + logs.report_line + 2.0 * logs.event_overhead
        } else {
            0.0
        };
        let log_gb = (lines * (self.settings.choices.our_line + logs.event_overhead) + platform) / GB;
        let duration = duration_ms(operation, memory, self.model.supposed);
        Ok(Usage {
            invocations: 1.0,
            gb_seconds: gb_seconds(duration, memory),
            log_gb,
            log_kept_gb: self.kept(log_gb),
            ..Usage::default()
        })
    }

    /// GB that are kept, for a month, of what was taken in.
    fn kept(&self, gb: f64) -> f64 {
        gb * self.model.logs.compressed_to * self.settings.log_days / 30.0
    }

    /// What follows from a request in the background, where the worker takes `batch` records at once.
    ///
    /// # Errors
    /// When a function has no size.
    pub fn follow_ups(&self, habit: &Habit, batch: f64) -> Result<Usage, Failure> {
        let (worker, mailer) = (&self.model.worker, &self.model.mailer);
        let mut usage = Usage::default();
        let sessions = habit.opens + habit.renews;
        let records = sessions + habit.touches;
        if records > 0.0 {
            let share = Operation {
                function: worker.function.clone(),
                cpu_ms: worker.cpu_ms + worker.cpu_ms_each * batch,
                round_trips: worker.round_trips,
                ..Operation::default()
            };
            usage += self.invocation(&share, worker.lines)? * (records / batch);
            let marks = sessions * self.new_marks() + habit.opens;
            usage.rru += 2.0 * sessions + habit.opens + (2.0 + 1.0 / batch) * habit.touches;
            // Each new mark, and a counter or two in each batch that has any.
            usage.wru += 2.0 * marks + 4.0 * marks.min(records / batch);
        }
        if habit.mails > 0.0 {
            let sending = self.sending();
            usage += self.invocation(&sending, mailer.lines)? * habit.mails;
            usage.rru += sending.rru * habit.mails;
            usage.wru += (sending.wru + sending.index_wru) * habit.mails;
            usage.mails += habit.mails;
        }
        Ok(usage)
    }

    /// The sending of one mail: as measured, else as the model has it.
    fn sending(&self) -> Operation {
        let mailer = &self.model.mailer;
        let supposed = || Operation {
            function: mailer.function.clone(),
            cpu_ms: mailer.cpu_ms,
            round_trips: mailer.round_trips,
            rru: mailer.rru,
            wru: mailer.wru,
            mails: 1.0,
            ..Operation::default()
        };
        self.measured.operation(ONE_MAIL).ok().cloned().unwrap_or_else(supposed)
    }

    /// Days and months that are marked anew, for each session that is opened or renewed.
    fn new_marks(&self) -> f64 {
        let sessions: f64 =
            self.model.mix.iter().map(|habit| habit.times * (habit.opens + habit.renews)).sum();
        (self.model.active_days + 1.0) / sessions.max(1.0)
    }

    /// Records that the worker takes at once when so many users are active.
    #[must_use]
    pub fn batch(&self, users: f64) -> f64 {
        let of = |habit: &Habit| habit.times * (habit.opens + habit.renews + habit.touches);
        let records: f64 = self.model.mix.iter().map(of).sum();
        // The first one opens the window of its shard; what comes while it is open is taken with it.
        let worker = &self.model.worker;
        (1.0 + users * records / SECONDS / worker.shards * worker.batch_seconds).min(worker.batch)
    }

    /// A month of so many active users.
    ///
    /// # Errors
    /// When something of the mix was not measured.
    pub fn month(&self, users: f64) -> Result<Usage, Failure> {
        let batch = self.batch(users);
        let mut usage = Usage::default();
        for habit in &self.model.mix {
            let mut all = self.request(habit)?;
            all += self.follow_ups(habit, batch)?;
            usage += all * (habit.times * users);
        }
        usage.stored_gb = self.stored(users);
        usage.alarms = self.settings.alarms;
        usage.secrets = 1.0;
        usage.kms = self.model.kms_callers * SECONDS / 300.0;
        if self.settings.choices.route_metrics {
            // A metric is billed for the hours in which it has data.
            let busy = |habit: &Habit| 1.0 - (-habit.times * users / HOURS).exp();
            usage.metrics = METRICS_OF_A_ROUTE * self.model.mix.iter().map(busy).sum::<f64>();
        }
        if self.settings.choices.tracing {
            usage.traces = self.traces(users, batch)?;
        }
        Ok(usage)
    }

    /// Lambda records the first request of each second and one in twenty of the others, of each
    /// function (AWS Lambda Developer Guide, "Visualize Lambda function invocations using AWS X-Ray").
    fn traces(&self, users: f64, batch: f64) -> Result<f64, Failure> {
        let mut functions = std::collections::BTreeMap::<&str, f64>::new();
        for habit in &self.model.mix {
            let own = self.measured.operation(&habit.operation)?.function.as_str();
            let times = habit.times * users;
            *functions.entry(own).or_default() += times;
            let records = habit.opens + habit.renews + habit.touches;
            *functions.entry(&self.model.worker.function).or_default() += times * records / batch;
            *functions.entry(&self.model.mailer.function).or_default() += times * habit.mails;
        }
        let recorded = |requests: &f64| {
            let first = SECONDS * (1.0 - (-requests / SECONDS).exp());
            first + 0.05 * (requests - first)
        };
        Ok(functions.values().map(recorded).sum())
    }

    /// GB in the table.
    fn stored(&self, users: f64) -> f64 {
        let stored = self.model.stored;
        let sign_ins: f64 = self.model.mix.iter().map(|habit| habit.times * habit.opens).sum();
        let of_active = stored.sessions * stored.session_bytes
            + sign_ins * stored.events_kept_months * stored.event_bytes;
        users * (stored.accounts_per_user * stored.account_bytes + of_active) / GB
    }
}
