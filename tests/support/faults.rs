//! A `DynamoDB` that fails on demand: a proxy in front of the engine, since no
//! local engine is ever slow, throttled, in conflict or gone.

mod kind;
mod plan;
mod rounds;
mod wire;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};

pub use kind::{Fault, writes};
pub use plan::Seen;
use plan::{Plan, Rule};
use rounds::Rounds;
use wire::{canned, forward, is_repeated, operation, request};

use crate::engine;

/// The proxy. It lets everything pass until it is told otherwise.
#[derive(Debug)]
pub struct Faults {
    /// Where it listens.
    pub endpoint: String,
    state: Arc<State>,
    server: AbortHandle,
}

#[derive(Debug)]
struct State {
    plan: Mutex<Plan>,
    struck: Notify,
    rounds: Rounds,
}

impl Faults {
    /// A proxy before the engine of the tests. It lives as long as the test.
    pub async fn new() -> Self {
        Self::seeded(0).await
    }

    /// A proxy whose [`Faults::chance`]s fall as the seed says: the same for the
    /// same requests in the same order.
    pub async fn seeded(seed: u64) -> Self {
        let upstream = engine::endpoint().await.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state =
            State { plan: Mutex::new(Plan::seeded(seed)), struck: Notify::new(), rounds: Rounds::default() };
        let state = Arc::new(state);
        let server = tokio::spawn(serve(listener, upstream, state.clone())).abort_handle();
        Self { endpoint, state, server }
    }

    /// From now on requests are answered in rounds: one is held back until no other
    /// has arrived for a while, and all that wait then go on together. So those of one
    /// round do not wait for each other, and the number of rounds is that of the round
    /// trips one after another, however busy the machine is.
    pub fn in_rounds(&self) {
        self.state.rounds.begin();
    }

    /// Every request fails so from now on.
    pub fn always(&self, fault: Fault) {
        self.add(Rule::new(fault));
    }

    /// The next `times` requests of this operation fail so.
    pub fn next(&self, times: usize, operation: &'static str, fault: Fault) {
        self.add(Rule { operation: Some(operation), left: times, ..Rule::new(fault) });
    }

    /// The `times` requests of this operation after its next `skip` fail so.
    pub fn later(&self, skip: usize, times: usize, operation: &'static str, fault: Fault) {
        self.add(Rule { operation: Some(operation), skip, left: times, ..Rule::new(fault) });
    }

    /// The `times` requests after the next `skip` fail so.
    pub fn after(&self, skip: usize, times: usize, fault: Fault) {
        self.add(Rule { skip, left: times, ..Rule::new(fault) });
    }

    /// The one write after the next `skip` writes fails so; reads pass.
    pub fn write_after(&self, skip: usize, fault: Fault) {
        self.add(Rule { only_writes: true, skip, left: 1, ..Rule::new(fault) });
    }

    /// Each request, or each of one operation, fails so with this probability.
    pub fn chance(&self, operation: Option<&'static str>, fault: Fault, probability: f64) {
        self.add(Rule { operation, probability, ..Rule::new(fault) });
    }

    /// This share of all requests fails, in any way that can happen to each.
    pub fn storm(&self, share: f64) {
        self.plan(|plan| plan.storm = share);
    }

    fn add(&self, rule: Rule) {
        self.plan(|plan| plan.rules.push(rule));
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        self.plan(|plan| {
            plan.rules.clear();
            plan.storm = 0.0;
        });
    }

    /// From now on nobody listens, and open connections are cut.
    pub fn gone(&self) {
        self.server.abort();
    }

    /// What arrived since it was asked last, the first 10,000 requests of it.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.plan(|plan| std::mem::take(&mut plan.seen))
    }

    /// How often each fault struck so far.
    #[must_use]
    pub fn injected(&self) -> BTreeMap<Fault, usize> {
        self.plan(|plan| plan.injected.clone())
    }

    /// How many requests arrived so far.
    #[must_use]
    pub fn arrived(&self) -> usize {
        self.plan(|plan| plan.arrived)
    }

    /// Waits until a fault strikes, or has struck since this was asked last. The
    /// engine has done by then what it does under that fault.
    pub async fn struck(&self) {
        self.state.struck.notified().await;
    }

    fn plan<T>(&self, look: impl FnOnce(&mut Plan) -> T) -> T {
        look(&mut self.state.plan.lock().unwrap())
    }
}

async fn serve(listener: TcpListener, upstream: String, state: Arc<State>) {
    // Dropped with this task, and its connections with it.
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        connections.spawn(connection(client, upstream.clone(), state.clone()));
    }
}

/// One request and its answer; then the connection is closed.
async fn connection(mut client: TcpStream, upstream: String, state: Arc<State>) -> io::Result<()> {
    use tokio::io::AsyncWriteExt as _;

    let (head, body) = request(&mut client).await?;
    let operation = operation(&head);
    let json: Value = serde_json::from_slice(&body).unwrap_or_default();
    let round = state.rounds.enter();
    let fault = state.plan.lock().unwrap().due(&operation, &json, (round, is_repeated(&head)));
    state.rounds.passed(round).await;
    if fault.is_some_and(Fault::commits) {
        forward(&upstream, &head, &body).await?;
    }
    if fault.is_some() {
        state.struck.notify_one();
    }
    let answer = match fault {
        Some(Fault::Hang | Fault::Swallowed) => std::future::pending().await,
        Some(Fault::Cut | Fault::Lost) => return Ok(()),
        Some(fault) => canned(fault, &json),
        None => forward(&upstream, &head, &body).await?,
    };
    client.write_all(&answer).await?;
    client.shutdown().await
}
