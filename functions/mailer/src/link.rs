//! Where the links in mails lead.

use shared::App;
use shared::config::pages_of;
use shared::model::{Locale, Mail};
use shared::store::StoreError;
use shared::token::TicketToken;

/// The link to a page, with the ticket's token in its fragment: no server that serves
/// the page is sent it. `FRONTEND_URL` has the pages; without it they are our own, at
/// the address by which the mail's request knew the API, in the mail's language.
pub(crate) fn link(
    app: &App,
    mail: &Mail,
    locale: Locale,
    page: &str,
    name: &str,
    ticket: TicketToken,
) -> Result<String, StoreError> {
    let secret = app.secret().map_err(|missing| StoreError::Unavailable(missing.0.to_owned()))?;
    let token = ticket.encode(secret);
    if let Some(front) = &app.config.frontend_url {
        return Ok(format!("{front}/{page}#{name}={token}"));
    }
    let base = base(app, mail).ok_or_else(|| {
        // From the command line, say: the mail is kept for who sets one of them.
        StoreError::Broken("neither FRONTEND_URL nor PUBLIC_URL is set".to_owned())
    })?;
    Ok(format!("{base}/{page}?lang={}#{name}={token}", locale.tag()))
}

/// Whether a link can lead anywhere.
pub(crate) fn leads_somewhere(app: &App, mail: &Mail) -> bool {
    app.config.frontend_url.is_some() || base(app, mail).is_some()
}

fn base(app: &App, mail: &Mail) -> Option<String> {
    mail.link_base.clone().or_else(|| app.config.public_url.as_deref().map(pages_of))
}
