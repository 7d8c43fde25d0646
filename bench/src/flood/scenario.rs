//! Who floods, with how much, against which limits; and how long each thing takes.

use super::gate::Time;
use crate::Failure;
use crate::costs::Inputs;
use crate::costs::measured::Operation;
use crate::costs::memory::{duration_ms, share};

/// One run's circumstances.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// In words.
    pub name: String,
    /// Honest sign-ins a second.
    pub sign_ins: f64,
    /// Honest reads of a profile a second.
    pub reads: f64,
    /// Wrong passwords a second.
    pub flood: f64,
    /// From so many sources.
    pub sources: u32,
    /// For so many names.
    pub names: u32,
    /// Requests a second, and at once, that API Gateway lets pass to sign in.
    pub login_route: Option<(f64, f64)>,
    /// Copies reserved for `auth`, and its limit.
    pub reserved: Option<usize>,
    /// Copies that the account may have in all.
    pub account: usize,
    /// Whether Usher counts.
    pub counters: bool,
}

impl Scenario {
    /// Nobody comes, and nothing is limited but by the account.
    #[must_use]
    pub fn quiet() -> Self {
        Self {
            name: String::new(),
            sign_ins: 0.0,
            reads: 0.0,
            flood: 0.0,
            sources: 1,
            names: 1,
            login_route: None,
            reserved: None,
            account: 1000,
            counters: false,
        }
    }
}

/// How long things take, in microseconds.
#[derive(Clone, Debug)]
pub struct Services {
    /// A sign-in.
    pub sign_in: Time,
    /// A wrong password that is looked at.
    pub wrong: Time,
    /// A try that the first counter refuses.
    pub locked: Time,
    /// A try that the second counter refuses.
    pub spent: Time,
    /// Reading a profile.
    pub read: Time,
    /// What a new copy of `auth` adds.
    pub auth_start: Time,
    /// What a new copy of `users` adds.
    pub users_start: Time,
    /// Requests a second, and at once, of any other route.
    pub read_route: (f64, f64),
}

impl Services {
    /// As the model of memory has them, of what was measured.
    ///
    /// # Errors
    /// When something was not measured.
    pub fn of(inputs: &Inputs) -> Result<Self, Failure> {
        let (supposed, flood) = (inputs.model.supposed, inputs.model.flood);
        let (auth, users) = (inputs.now.size("auth")?, inputs.now.size("users")?);
        let login = inputs.measured.operation("POST /auth/login")?;
        let read = inputs.measured.operation("GET /users/me")?;
        let of = |operation: &Operation, size| micros(duration_ms(operation, size, supposed));
        let refused =
            |round_trips| Operation { cpu_ms: flood.refused_cpu_ms, round_trips, ..Operation::default() };
        let start = |function: &str, size| {
            micros(
                flood.start_ms
                    + inputs.measured.start(function).work_ms() * supposed.cpu_factor / share(size),
            )
        };
        Ok(Self {
            sign_in: of(login, auth),
            // No session is opened: one step less.
            wrong: of(&Operation { round_trips: (login.round_trips - 1.0).max(1.0), ..login.clone() }, auth),
            locked: of(&refused(2.0), auth),
            spent: of(&refused(3.0), auth),
            read: of(read, users),
            auth_start: start("auth", auth),
            users_start: start("users", users),
            read_route: (inputs.now.api_rate, inputs.now.api_burst),
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some seconds at most")]
fn micros(milliseconds: f64) -> Time {
    (milliseconds * 1000.0).round() as Time
}

/// Honest reads a second.
pub const READS: f64 = 50.0;

/// The scenarios of the document.
#[must_use]
pub fn all(inputs: &Inputs) -> Vec<Scenario> {
    let throttle = Some((inputs.now.auth_rate, inputs.now.auth_burst));
    let usual =
        Scenario { sign_ins: 2.0, reads: READS, login_route: throttle, counters: true, ..Scenario::quiet() };
    let named = |name: &str, scenario: Scenario| Scenario { name: name.to_owned(), ..scenario };
    let one = |flood| Scenario { flood, ..usual.clone() };
    let spray = |flood| Scenario { flood, names: 100_000, ..usual.clone() };
    let many = |flood| Scenario { flood, sources: 10_000, names: 100_000, ..usual.clone() };
    let open = |scenario: Scenario| Scenario { login_route: None, ..scenario };
    let new = |scenario: Scenario| Scenario { account: 10, ..scenario };
    vec![
        named("nobody floods", usual.clone()),
        named("one source, one name", one(100.0)),
        named("one source, many names", spray(100.0)),
        named("10,000 sources, many names", many(100.0)),
        named("10,000 sources, many names", many(1000.0)),
        named("the same in a new account (10 copies)", new(many(1000.0))),
        named("no throttle; one source, one name", open(one(1000.0))),
        named("no throttle; one source, many names", open(spray(1000.0))),
        named("no throttle; 10,000 sources", open(many(1000.0))),
        named("no throttle, no counters; 10,000 sources", Scenario { counters: false, ..open(many(1000.0)) }),
        named(
            "no throttle, 20 reserved; 10,000 sources",
            Scenario { reserved: Some(20), ..open(many(1000.0)) },
        ),
        named("no throttle in a new account; 10,000 sources", new(open(many(1000.0)))),
    ]
}

/// What is simulated of each.
pub const SECONDS: u64 = 600;

/// What makes an hour of it.
#[expect(clippy::cast_precision_loss, reason = "some hundred")]
#[must_use]
pub fn hourly() -> f64 {
    3600.0 / SECONDS as f64
}
