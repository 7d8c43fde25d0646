//! From an API Gateway event to an answer.

mod audit;
mod body;
mod browser;
mod caller;
mod context;
mod cors;
mod described;
mod event;
mod headers;
mod idempotency;
mod openapi;
mod page;
mod path;
mod phases;
mod problem;
mod query;
mod reentry;
mod serve;
mod target;
mod tokens;
mod vocabulary;

pub use audit::audit_page;
pub use body::{Body, RawBody};
pub use browser::{Browser, REFRESH_COOKIE, clear_cookie};
pub use caller::{AdminCaller, Caller};
pub use context::RequestContext;
pub use described::method_not_allowed;
pub use idempotency::IdempotencyKey;
pub use openapi::{ProblemDocument, Problems};
pub use page::{Cursor, Limit, Page, Paging};
pub use path::UserPath;
pub use problem::{FieldError, Problem};
pub use query::Query;
pub use serve::{Event, Function, Routes, serve};
pub use target::{AdminOn, CallerOn, Target};
pub use tokens::{Ahead, Message, Subject, TokenAnswer, new_session, signing_beside, token_answer};
