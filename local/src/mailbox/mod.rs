//! A mailbox in place of SES: takes SES v2 `SendEmail`, keeps what it was sent, and shows it.
//!
//! | route | for | answer |
//! |---|---|---|
//! | `POST /v2/email/outbound-emails` | the AWS SDK | `{"MessageId": ".."}`, or an error in AWS's shape |
//! | `GET /` | a person | a page, newest first |
//! | `GET /messages` | a test | JSON, oldest first |
//! | `DELETE /messages` | both | 204, and the mailbox is empty |

mod faults;
mod page;
mod send;
mod store;
mod wire;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use faults::Failure;
pub use store::Message;

use crate::background;
use faults::Faults;
use store::Store;

/// SES takes messages of at most 40 MB.
const MAX_BODY: usize = 40 * 1024 * 1024;

/// The mailbox. Clones share their messages and faults.
#[derive(Clone, Debug, Default)]
pub struct Mailbox {
    state: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    store: Store,
    faults: Faults,
}

/// A mailbox that is being served. It goes on until the process ends.
#[derive(Clone, Debug)]
pub struct Served {
    /// The URL to give to an SES client as `endpoint_url`.
    pub endpoint: String,
}

impl Mailbox {
    /// An empty mailbox in memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A mailbox whose messages are also lines of the file at `path`, and were there before.
    ///
    /// # Errors
    /// The file exists and cannot be read.
    pub fn kept_in(path: &Path) -> io::Result<Self> {
        let inner = Inner { store: Store::kept_in(path)?, faults: Faults::default() };
        Ok(Self { state: Arc::new(Mutex::new(inner)) })
    }

    /// Every message that was accepted, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.inner().store.messages().to_vec()
    }

    /// Takes every message out, oldest first.
    ///
    /// A kept file that cannot be emptied keeps its lines; that is printed.
    #[must_use]
    pub fn take(&self) -> Vec<Message> {
        let mut inner = self.inner();
        let messages = inner.store.messages().to_vec();
        if let Err(error) = inner.store.clear() {
            eprintln!("mailbox: the kept messages could not be removed: {error}");
        }
        messages
    }

    /// Removes every message and every fault.
    ///
    /// A kept file that cannot be emptied keeps its lines; that is printed.
    pub fn clear(&self) {
        let mut inner = self.inner();
        inner.faults.clear();
        if let Err(error) = inner.store.clear() {
            eprintln!("mailbox: the kept messages could not be removed: {error}");
        }
    }

    /// Makes the next `n` requests fail. It counts requests, so an SDK that retries uses up several.
    pub fn fail_next(&self, n: usize, failure: Failure) {
        self.inner().faults.fail_next(n, failure);
    }

    /// Makes every mail fail that has no failure of its own, until [`clear`](Self::clear) or
    /// [`recover`](Self::recover): an outage.
    pub fn fail_all(&self, failure: Failure) {
        self.inner().faults.fail_all(Some(failure));
    }

    /// Ends an outage.
    pub fn recover(&self) {
        self.inner().faults.fail_all(None);
    }

    /// Makes every mail to `address` fail, until [`clear`](Self::clear) or [`heal`](Self::heal).
    pub fn fail_for(&self, address: &str, failure: Failure) {
        self.inner().faults.fail_for(address, failure);
    }

    /// Lets mail to `address` through again.
    pub fn heal(&self, address: &str) {
        self.inner().faults.heal(address);
    }

    /// The routes of the module's table.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/", get(page::page))
            .route("/page.css", get(page::style))
            .route("/page.js", get(page::script))
            .route("/messages", get(list).delete(empty))
            .route("/v2/email/outbound-emails", post(send::send_email))
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self.clone())
    }

    /// Serves the mailbox on a free loopback port, independent of the caller's runtime.
    ///
    /// # Errors
    /// No port or thread could be had.
    pub async fn serve(&self) -> io::Result<Served> {
        let router = self.router();
        let address = background::serve("mailbox", |listener| async move {
            if let Err(error) = axum::serve(listener, router).await {
                eprintln!("mailbox: {error}");
            }
        })
        .await?;
        Ok(Served { endpoint: format!("http://{address}") })
    }

    /// A handler that panicked leaves complete messages behind, so its poison is no reason to stop.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn list(State(mailbox): State<Mailbox>) -> Response {
    axum::Json(mailbox.messages()).into_response()
}

async fn empty(State(mailbox): State<Mailbox>) -> Response {
    match mailbox.inner().store.clear() {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
