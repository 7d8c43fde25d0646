//! A function's routes, as `#[utoipa::path]` says of each handler. What a request needs of that
//! is made at the start; the whole description, ten times the work, when it is asked for.

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa_axum::PathItemExt as _;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::described::Described;
use crate::app::App;

/// What a function's `routes()` gives: its handlers and how they are described.
#[derive(Debug, Default)]
pub struct Routes {
    pub(super) router: Router<App>,
    pub(super) described: Described,
    descriptions: Vec<fn() -> UtoipaMethodRouter<App>>,
}

/// What a method of a path does.
pub(super) type Method = (http::Method, fn() -> Operation);

/// Handlers of one path: what [`routes!`](crate::routes) makes.
#[derive(Debug)]
pub struct PathRoutes {
    path: String,
    methods: Vec<Method>,
    router: MethodRouter<App>,
    description: fn() -> UtoipaMethodRouter<App>,
}

impl PathRoutes {
    /// None yet, at `path`; all of them as `description` says.
    #[must_use]
    pub fn new(path: String, description: fn() -> UtoipaMethodRouter<App>) -> Self {
        Self { path, methods: Vec::new(), router: MethodRouter::new(), description }
    }

    /// One more, for `methods` of the same `path`.
    #[must_use]
    pub fn on<H: Handler<T, App>, T: 'static>(
        mut self,
        path: &str,
        methods: &[HttpMethod],
        operation: fn() -> Operation,
        handler: &H,
    ) -> Self {
        debug_assert_eq!(path, self.path, "handlers of different paths are different routes");
        for method in methods {
            self.router = self.router.on(method.to_method_filter(), handler.clone());
            self.methods.push((named(method), operation));
        }
        self
    }
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the handlers of one more path.
    #[must_use]
    pub fn routes(mut self, routes: PathRoutes) -> Self {
        self.router = self.router.route(&routes.path, routes.router);
        self.described.add(routes.path, routes.methods);
        self.descriptions.push(routes.description);
        self
    }

    /// With a handler that nothing describes.
    #[must_use]
    pub fn route(mut self, path: &str, router: MethodRouter<App>) -> Self {
        self.router = self.router.route(path, router);
        self
    }

    /// With those of another part.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.described.merge(other.described);
        self.descriptions.extend(other.descriptions);
        self
    }

    /// The description of all that are described.
    #[must_use]
    pub fn openapi(&self) -> OpenApi {
        let all = self.descriptions.iter().map(|description| description());
        all.fold(OpenApiRouter::new(), OpenApiRouter::routes).into_openapi()
    }
}

fn named(method: &HttpMethod) -> http::Method {
    match method {
        HttpMethod::Get => http::Method::GET,
        HttpMethod::Put => http::Method::PUT,
        HttpMethod::Post => http::Method::POST,
        HttpMethod::Delete => http::Method::DELETE,
        HttpMethod::Options => http::Method::OPTIONS,
        HttpMethod::Head => http::Method::HEAD,
        HttpMethod::Patch => http::Method::PATCH,
        HttpMethod::Trace => http::Method::TRACE,
    }
}

/// The handlers of one path, each as its `#[utoipa::path]` says: `routes!(me::get_me, me::update_me)`.
#[macro_export]
macro_rules! routes {
    (@one $routes:ident) => {};
    (@one $routes:ident $($part:ident)::+, $($rest:tt)*) => {
        let $routes = $routes.on(
            &::utoipa_axum::routes!(@path [path()] of $($part)::+),
            &::utoipa_axum::routes!(@path [methods()] of $($part)::+),
            || ::utoipa_axum::routes!(@path [operation()] of $($part)::+),
            &$($part)::+,
        );
        $crate::routes!(@one $routes $($rest)*);
    };
    ($($first:ident)::+ $(, $($part:ident)::+)* $(,)?) => {{
        let path = ::utoipa_axum::routes!(@path [path()] of $($first)::+);
        let routes = $crate::http::PathRoutes::new(
            path,
            || ::utoipa_axum::routes!($($first)::+ $(, $($part)::+)*),
        );
        $crate::routes!(@one routes $($first)::+, $($($part)::+,)*);
        routes
    }};
}
