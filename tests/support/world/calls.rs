//! Requests, and what was heard of them.

use serde_json::Value;

use super::{Heard, World};
use crate::{Call, Reply};

impl World {
    /// Sends a request to the function that serves it; what no function's routes
    /// match goes to `docs`, as API Gateway's `$default` route does.
    pub async fn call(&self, call: Call) -> Reply {
        let known = self.functions.contains_key(call.function());
        self.send(if known { call.function() } else { "docs" }, &call.event()).await
    }

    /// Sends an event to a function as it is.
    pub async fn send(&self, function: &str, event: &Value) -> Reply {
        Reply::read(&self.answer(function, event).await)
    }

    /// Sends an event to a function and returns the answer unread.
    pub async fn answer(&self, function: &str, event: &Value) -> Value {
        let dress = self.heard.lock().unwrap().as_ref().map(|heard| heard.dress);
        let Some(dress) = dress else { return self.functions[function].call(event).await };
        let mut event = event.clone();
        dress(&mut event);
        let answer = self.functions[function].call(&event).await;
        if let Some(heard) = self.heard.lock().unwrap().as_mut() {
            heard.traffic.push((event, answer.clone()));
        }
        answer
    }

    /// Keeps every event and its answer from now on; `dress` changes each event
    /// before it is sent.
    pub fn listen(&self, dress: fn(&mut Value)) {
        *self.heard.lock().unwrap() = Some(Heard { dress, traffic: Vec::new() });
    }

    /// The events and answers since [`World::listen`].
    #[must_use]
    pub fn traffic(&self) -> Vec<(Value, Value)> {
        self.heard.lock().unwrap().as_ref().map(|heard| heard.traffic.clone()).unwrap_or_default()
    }

    /// `GET` without a token.
    pub async fn get(&self, path: &str) -> Reply {
        self.call(Call::new("GET", path)).await
    }

    /// `POST` of a JSON body without a token.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Call::new("POST", path).json(&body)).await
    }
}
