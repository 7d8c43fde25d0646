//! What API Gateway says of a request, apart from the request itself.

use axum::extract::FromRequestParts;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;

use super::{HttpEvent, Problem};
use crate::config::{Config, pages_of};
use crate::model::{Actor, Agent, Device, Locale, Source, UserId, network};

/// Where a request came from and where it went. Nothing in it can be set by the
/// client, but for the device's name and the language.
#[derive(Clone, Debug, Default)]
pub struct RequestContext {
    /// API Gateway's id of the request.
    pub request_id: String,
    /// The API's address as clients know it, without a slash at its end.
    pub public_url: String,
    /// The client.
    pub device: Device,
    /// The path, for the problem document.
    pub path: String,
    /// What `Accept-Language` likes best.
    pub locale: Option<Locale>,
}

impl RequestContext {
    /// From an event (payload format 2.0). The public URL is the setting or the
    /// domain that API Gateway was called by, never the `Host` header.
    #[must_use]
    pub fn of(event: &HttpEvent, config: &Config) -> Self {
        let domain = event.domain.as_deref().unwrap_or("localhost");
        let agent = event.user_agent.as_deref().filter(|agent| !agent.is_empty());
        let language = event.headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
        Self {
            request_id: event.request_id.clone().unwrap_or_default(),
            public_url: config.public_url.clone().unwrap_or_else(|| format!("https://{domain}")),
            device: Device {
                name: agent.map(|agent| agent.chars().filter(|c| !c.is_control()).take(256).collect()),
                ip: event.source_ip.as_deref().map(|ip| ip.chars().take(64).collect()),
            },
            locale: language.and_then(Locale::accepted),
            path: event.path.as_deref().unwrap_or("/").chars().take(1024).collect(),
        }
    }

    /// Where the request came from, as limits count it: what API Gateway saw, and
    /// no header.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::of(self.device.ip.as_deref())
    }

    /// Who acts in this request.
    #[must_use]
    pub fn agent(&self, actor: Actor) -> Agent {
        Agent {
            actor,
            network: self.device.ip.as_deref().and_then(network),
            request_id: Some(self.request_id.clone()),
            link_base: Some(self.link_base()),
        }
    }

    /// A user acts in this request.
    #[must_use]
    pub fn agent_for(&self, user: UserId) -> Agent {
        self.agent(Actor::User(user))
    }

    /// Where links in mails lead, unless `FRONTEND_URL` says: our own pages.
    #[must_use]
    pub fn link_base(&self) -> String {
        pages_of(&self.public_url)
    }

    /// The API's own origin (RFC 6454 section 6.2): where its own pages come from.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.public_url.split_at(self.origin_length()).0
    }

    /// What stands before every path, as clients know it: empty, or with a slash at
    /// its beginning only.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.public_url.split_at(self.origin_length()).1
    }

    fn origin_length(&self) -> usize {
        let host = self.public_url.find("://").map_or(0, |at| at + 3);
        let path = self.public_url.split_at(host).1.find('/');
        path.map_or(self.public_url.len(), |at| host + at)
    }

    /// The issuer of access tokens (RFC 8414 section 2).
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("{}/auth", self.public_url)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or(Problem::Internal)
    }
}
