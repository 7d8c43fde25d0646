//! A function: from an event to an answer, whatever happens in between.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use tower::ServiceExt;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::described::Described;
use super::{Answer, HttpEvent, Problem, RequestContext, Routes, cors, headers};
use crate::app::App;

/// A request that takes longer is answered 503. The Lambda's own limit is 10 s.
const DEADLINE: Duration = Duration::from_millis(3500);

/// The methods of HTTP (RFC 9110 section 9.3, RFC 5789): another one is a word of the
/// client's, and not logged.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// What a request that went well is called in the OWASP Logging Vocabulary: among its
/// answer's extensions, for the request's line.
#[derive(Clone, Copy, Debug)]
pub struct Event(pub &'static str);

/// A function, ready for events.
#[derive(Clone, Debug)]
pub struct Function {
    app: App,
    router: Router,
}

impl Function {
    /// A function over an app.
    #[must_use]
    pub fn new(app: App, routes: Routes) -> Self {
        let described = Arc::new(routes.described);
        let mut service = routes
            .router
            .fallback(|| async { Problem::NotFound })
            .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
            .with_state(app.clone())
            .layer(from_fn(move |request, next| around(described.clone(), request, next)));
        if let Some(cors) = cors::layer(&app.config.cors_origins) {
            service = service.layer(cors).layer(map_response(cors::silence));
        }
        Self { app, router: service }
    }

    /// Answers an event: always with an answer in API Gateway's form, and if it is
    /// an error, with a problem document.
    pub async fn call(&self, event: &Value) -> Value {
        let Ok(raw) = to_raw_value(event) else { return Value::Null };
        serde_json::to_value(self.traced(&raw, None).await).unwrap_or_default()
    }

    /// As [`Function::call`], for an event as it comes, with an X-Ray tracing header if it has
    /// one. Every line that is logged meanwhile has the ids of request and trace, and of user
    /// and session once they are known.
    pub async fn traced(&self, event: &RawValue, trace: Option<&str>) -> Answer {
        let event = HttpEvent::read(event);
        let context = RequestContext::of(&event, &self.app.config);
        let request_id = context.request_id.as_str();
        let trace_id = trace.and_then(trace_id);
        // Of the highest level, so that no level for the lines takes it from them.
        let span = tracing::error_span!("request", request_id, trace_id, user_id = Empty, sid = Empty);
        self.answer(event, context).instrument(span).await
    }

    async fn answer(&self, event: HttpEvent, context: RequestContext) -> Answer {
        let started = Instant::now();
        let method = METHODS.into_iter().find(|method| event.method.as_deref() == Some(method));
        let response = match event.into_request() {
            Ok(mut request) => {
                request.extensions_mut().insert(context.clone());
                self.router.clone().oneshot(request).await.into_response()
            }
            Err(problem) => problem.into_response(),
        };
        let route = response.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
        let problem = response.extensions().get::<Problem>();
        let said = response.extensions().get::<Event>().map(|event| event.0);
        tracing::info!(
            method,
            route,
            status = response.status().as_u16(),
            code = problem.map(Problem::code),
            event = problem.and_then(Problem::event).or(said),
            latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
        Answer::of(finish(response, &context)).await
    }
}

/// Writes the problem document, where there is a problem, and the headers that
/// every answer has.
fn finish(mut response: Response, context: &RequestContext) -> Response {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let document = problem.document(&context.path, &context.request_id);
        *response.body_mut() = document.to_string().into();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    headers::add(response.headers_mut(), &context.request_id);
    response
}

/// What is around every handler: it is called for what its description says that the path
/// takes, answers in time, and the answer knows the route that it took, for the log. One layer
/// for all: each has its price in each request.
async fn around(described: Arc<Described>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let work = async move {
        match described.refusal(&request) {
            Some(refusal) => refusal,
            None => next.run(request).await,
        }
    };
    let mut response = in_time(work).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Answers in time, and answers though a handler panics. In a task of its own
/// the work is dropped at the deadline.
async fn in_time(work: impl Future<Output = Response> + Send + 'static) -> Response {
    let mut work = tokio::spawn(work.in_current_span());
    match tokio::time::timeout(DEADLINE, &mut work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!(event = "sys_crash", "a handler panicked");
            Problem::Internal.into_response()
        }
        Err(_) => {
            work.abort();
            tracing::error!("a handler took too long");
            Problem::TemporarilyUnavailable.into_response()
        }
    }
}

/// The trace's id in an X-Ray tracing header (AWS X-Ray Developer Guide, "Tracing
/// header"); nothing else of it, since part of the header may be a client's.
fn trace_id(header: &str) -> Option<&str> {
    let root = header.split(';').find_map(|part| part.trim().strip_prefix("Root="))?;
    let hex = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut parts = root.split('-');
    let id = parts.next() == Some("1")
        && parts.next().is_some_and(|time| hex(time, 8))
        && parts.next().is_some_and(|rest| hex(rest, 24));
    (id && parts.next().is_none()).then_some(root)
}
