//! A function: from an event to an answer, whatever happens in between.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue, Method};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;
use tower::ServiceExt;
use tracing::Instrument as _;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{OpenApi, RefOr};
use utoipa_axum::router::OpenApiRouter;

use super::{Problem, RequestContext, cors, event};
use crate::app::App;
use crate::config::Setting;

/// What a function's `routes()` gives: its handlers and their descriptions.
pub type Routes = OpenApiRouter<App>;

/// A request that takes longer is answered 503. The Lambda's own limit is 10 s.
const DEADLINE: Duration = Duration::from_millis(3500);

/// A function, ready for events.
#[derive(Clone, Debug)]
pub struct Function {
    app: App,
    router: Router,
}

/// Runs a function on Lambda: a function's whole `main`.
///
/// # Errors
/// Names every setting that is missing or bad; or says why the runtime ended.
pub async fn serve(settings: &[Setting], routes: Routes) -> Result<(), lambda_runtime::Error> {
    crate::log::start();
    let app = App::from_env(settings).await.inspect_err(|error| tracing::error!(%error, "cannot start"))?;
    if settings.contains(&Setting::PasswordMinLength) {
        // Beside the rest: a first sign-in waits for the table before it hashes.
        let hasher = app.hasher.clone();
        std::thread::spawn(move || hasher.prepare());
    }
    // The first random number takes longest: now, not in the first request.
    crate::token::random(&mut [0; 16]);
    let function = Function::new(app, routes);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let function = function.clone();
        async move { Ok::<Value, lambda_runtime::Error>(function.call(&event.payload).await) }
    }))
    .await
}

impl Function {
    /// A function over an app.
    #[must_use]
    pub fn new(app: App, routes: Routes) -> Self {
        let (handlers, openapi) = routes.split_for_parts();
        let queryless = Arc::new(operations_without_query(&openapi));
        let mut service = handlers
            .fallback(|| async { Problem::NotFound })
            .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
            .with_state(app.clone())
            .layer(from_fn(move |request, next| refuse_query(queryless.clone(), request, next)))
            .layer(from_fn(in_time))
            .layer(from_fn(with_route));
        if let Some(cors) = cors::layer(&app.config.cors_origins) {
            service = service.layer(cors);
        }
        Self { app, router: service }
    }

    /// Answers an event: always with an answer in API Gateway's form, and if it is
    /// an error, with a problem document.
    pub async fn call(&self, event: &Value) -> Value {
        let context = RequestContext::of(event, &self.app.config);
        let span = tracing::info_span!("request", request_id = context.request_id);
        self.answer(event, context).instrument(span).await
    }

    async fn answer(&self, event: &Value, context: RequestContext) -> Value {
        let started = Instant::now();
        let method = event.pointer("/requestContext/http/method").and_then(Value::as_str);
        let response = match event::to_request(event) {
            Ok(mut request) => {
                request.extensions_mut().insert(context.clone());
                self.router.clone().oneshot(request).await.into_response()
            }
            Err(problem) => problem.into_response(),
        };
        let route = response.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
        let code = response.extensions().get::<Problem>().map(Problem::code);
        tracing::info!(
            method = method.filter(|method| method.len() < 16),
            route,
            status = response.status().as_u16(),
            code,
            latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
        event::from_response(finish(response, &context)).await
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
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}

/// Lets the answer know which route it took, for the log.
async fn with_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// Answers in time, and answers though a handler panics. In a task of its own
/// the work is dropped at the deadline.
async fn in_time(request: Request, next: Next) -> Response {
    let mut work = tokio::spawn(next.run(request).in_current_span());
    match tokio::time::timeout(DEADLINE, &mut work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a handler panicked");
            Problem::Internal.into_response()
        }
        Err(_) => {
            work.abort();
            tracing::error!("a handler took too long");
            Problem::TemporarilyUnavailable.into_response()
        }
    }
}

/// Refuses query parameters where the operation's description names none.
async fn refuse_query(queryless: Arc<HashSet<(Method, String)>>, request: Request, next: Next) -> Response {
    let has_query = request.uri().query().is_some_and(|query| !query.is_empty());
    if has_query && let Some(route) = request.extensions().get::<MatchedPath>() {
        let operation = (request.method().clone(), route.as_str().to_owned());
        if queryless.contains(&operation) {
            let detail = "This operation takes no query parameters.".to_owned();
            return Problem::InvalidQuery(detail).into_response();
        }
    }
    next.run(request).await
}

fn operations_without_query(openapi: &OpenApi) -> HashSet<(Method, String)> {
    let mut found = HashSet::new();
    for (path, item) in &openapi.paths.paths {
        let operations = [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ];
        for (method, operation) in operations {
            if operation.as_ref().is_some_and(|operation| !takes_query(operation)) {
                found.insert((method, path.clone()));
            }
        }
    }
    found
}

fn takes_query(operation: &Operation) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters.into_iter().any(
        |parameter| matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query),
    )
}
