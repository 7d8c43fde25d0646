//! A recorder between a function and the engine.

mod forward;
mod images;

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::serve::ListenerExt as _;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::Failure;

/// A call that went to the engine.
#[derive(Clone, Debug)]
pub struct Call {
    /// `GetItem` and so on.
    pub operation: String,
    /// When it came.
    pub started: Instant,
    /// When its answer went back.
    pub ended: Instant,
    /// The answer's status.
    pub status: u16,
    /// What was asked.
    pub request: Value,
    /// What was answered.
    pub response: Value,
    /// The items, whole, that it read: also those that a filter left out or a projection made smaller.
    pub read: Vec<Value>,
    /// The items it wrote to or tried to, in the request's order: before it and after it.
    pub written: Vec<Image>,
}

/// An item before and after a write, in `DynamoDB`'s JSON; `None` where there was none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// Before it.
    pub before: Option<Value>,
    /// After it.
    pub after: Option<Value>,
    /// Only looked at: a condition check of a transaction.
    pub checked: bool,
}

/// A recorder; it goes on until the runtime ends.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// Its URL, to be given to a function in place of the engine's.
    pub endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Recorder {
    /// A recorder before the engine at `endpoint`.
    ///
    /// # Errors
    /// No port could be had.
    pub async fn start(endpoint: &str) -> Result<Self, Failure> {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let own = format!("http://{}", listener.local_addr()?);
        let state = forward::Upstream::new(endpoint, calls.clone());
        let router = Router::new().fallback(forward::recorded).with_state(state);
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { endpoint: own, calls })
    }

    /// The calls since the last time, in the order in which they came.
    #[must_use]
    pub fn take(&self) -> Vec<Call> {
        let mut calls = std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner));
        calls.sort_by_key(|call| call.started);
        calls
    }
}

/// How many of these calls waited for one another: the longest chain in which each came after the
/// one before it was answered.
#[must_use]
pub fn round_trips(calls: &[Call]) -> usize {
    let mut chains: Vec<usize> = Vec::with_capacity(calls.len());
    for call in calls {
        let before = calls.iter().zip(&chains).filter(|(other, _)| other.ended <= call.started);
        chains.push(1 + before.map(|(_, chain)| *chain).max().unwrap_or_default());
    }
    chains.into_iter().max().unwrap_or_default()
}
