//! The simulation: requests come at random (Poisson), by a seed, and are refused or answered.

use super::counters::{Counters, DEFAULTS, Verdict};
use super::fate::Outcome;
use super::gate::{Bucket, Copies, SECOND, Time};
use super::scenario::{Scenario, Services};

/// The kinds of requests, by their place in the list of next arrivals.
const SIGN_IN: usize = 0;
const READ: usize = 1;

struct Simulation<'a> {
    scenario: &'a Scenario,
    services: &'a Services,
    random: fastrand::Rng,
    login_route: Bucket,
    read_route: Bucket,
    auth: Copies,
    users: Copies,
    counters: Counters,
    outcome: Outcome,
}

/// Runs a scenario for so many seconds.
#[must_use]
pub fn simulate(scenario: &Scenario, services: &Services, seconds: u64, seed: u64) -> Outcome {
    let (rate, burst) = scenario.login_route.unwrap_or((f64::INFINITY, f64::INFINITY));
    let mut simulation = Simulation {
        scenario,
        services,
        random: fastrand::Rng::with_seed(seed),
        login_route: Bucket::new(rate, burst),
        read_route: Bucket::new(services.read_route.0, services.read_route.1),
        auth: Copies::default(),
        users: Copies::default(),
        counters: Counters::default(),
        outcome: Outcome::default(),
    };
    simulation.run(seconds * SECOND);
    let Simulation { auth, outcome, .. } = simulation;
    Outcome {
        sign_ins: outcome.sign_ins.summed(),
        reads: outcome.reads.summed(),
        flood: outcome.flood.summed(),
        peak: auth.peak,
        ..outcome
    }
}

impl Simulation<'_> {
    fn run(&mut self, end: Time) {
        let rates = [self.scenario.sign_ins, self.scenario.reads, self.scenario.flood];
        let mut next = rates.map(|rate| self.gap(rate));
        while let Some((kind, now)) = next.into_iter().enumerate().min_by_key(|(_, time)| *time) {
            if now >= end {
                break;
            }
            match kind {
                SIGN_IN => self.sign_in(now),
                READ => self.read(now),
                _ => self.flood(now),
            }
            next[kind] = now.saturating_add(self.gap(rates[kind]));
        }
    }

    /// The time until the next request of a kind that comes so often a second.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates, and is not negative"
    )]
    fn gap(&mut self, rate: f64) -> Time {
        (-(1.0 - self.random.f64()).ln() / rate * 1e6) as Time
    }

    /// Whether Lambda has a copy of `auth` for one more.
    fn has_auth(&mut self, now: Time) -> bool {
        let (auth, users) = (self.auth.busy(now), self.users.busy(now));
        match self.scenario.reserved {
            Some(reserved) => auth < reserved,
            None => auth + users < self.scenario.account,
        }
    }

    fn has_users(&mut self, now: Time) -> bool {
        let (auth, users) = (self.auth.busy(now), self.users.busy(now));
        match self.scenario.reserved {
            Some(reserved) => users < self.scenario.account.saturating_sub(reserved),
            None => auth + users < self.scenario.account,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "an hour of microseconds is exact")]
    fn invoke_auth(&mut self, now: Time, service: Time) -> Time {
        let time = self.auth.take(now, self.services.auth_start, service) - now;
        self.outcome.invocations += 1;
        self.outcome.busy_seconds += time as f64 / SECOND as f64;
        time
    }

    /// With the right password, under a name of one's own.
    fn sign_in(&mut self, now: Time) {
        self.outcome.sign_ins.came += 1;
        if !self.login_route.admits(now) {
            self.outcome.sign_ins.throttled += 1;
        } else if self.has_auth(now) {
            let time = self.invoke_auth(now, self.services.sign_in);
            self.outcome.sign_ins.serve(time);
        } else {
            self.outcome.sign_ins.no_copy += 1;
        }
    }

    fn read(&mut self, now: Time) {
        self.outcome.reads.came += 1;
        if !self.read_route.admits(now) {
            self.outcome.reads.throttled += 1;
        } else if self.has_users(now) {
            let time = self.users.take(now, self.services.users_start, self.services.read) - now;
            self.outcome.reads.serve(time);
        } else {
            self.outcome.reads.no_copy += 1;
        }
    }

    fn flood(&mut self, now: Time) {
        let (name, source) =
            (self.random.u32(..self.scenario.names), self.random.u32(..self.scenario.sources));
        self.outcome.flood.came += 1;
        if !self.login_route.admits(now) {
            self.outcome.flood.throttled += 1;
            return;
        }
        if !self.has_auth(now) {
            self.outcome.flood.no_copy += 1;
            return;
        }
        let verdict = if self.scenario.counters {
            self.counters.wrong(DEFAULTS, name, source, now)
        } else {
            Verdict::Hashed
        };
        let service = match verdict {
            Verdict::Hashed => self.services.wrong,
            Verdict::Locked => self.services.locked,
            Verdict::Spent => self.services.spent,
        };
        let time = self.invoke_auth(now, service);
        match verdict {
            Verdict::Hashed => self.outcome.flood.serve(time),
            Verdict::Locked => self.outcome.locked += 1,
            Verdict::Spent => self.outcome.spent += 1,
        }
        self.outcome.flood.counted_out += u64::from(verdict != Verdict::Hashed);
    }
}

#[cfg(test)]
mod tests;
