//! How often one source may ask.

use shared::App;
use shared::http::{Problem, RequestContext};
use shared::model::Mail;
use shared::store::{Attempt, Counter};

/// The counter of requests of one kind from the source of this one.
pub(crate) fn of_source(app: &App, context: &RequestContext, kind: &str) -> Result<Counter, Problem> {
    let name = app.secret()?.counter_name(&["source", kind, context.source().as_str()]);
    Ok(Counter::new(&format!("source-{kind}"), &name, app.config.limits.source(), app.clock.now()))
}

/// Counts a request of this kind from its source, and lets it pass within
/// `SOURCE_LIMIT`.
pub(crate) async fn within(app: &App, context: &RequestContext, kind: &str) -> Result<(), Problem> {
    match app.store.attempt(&of_source(app, context, kind)?).await? {
        Attempt::Counted(_) => Ok(()),
        Attempt::Refused(seconds) => Err(Problem::TooManyRequests(seconds)),
    }
}

/// The same for a request that comes to a mail: counted and put into the outbox at once,
/// or neither.
pub(crate) async fn mail_within(
    app: &App,
    context: &RequestContext,
    kind: &str,
    mail: Mail,
) -> Result<(), Problem> {
    let mail = mail.linking_to(Some(context.link_base()));
    let asked = app.store.ask_for_mail(&of_source(app, context, kind)?, &mail).await?;
    asked.map_err(Problem::TooManyRequests)
}
