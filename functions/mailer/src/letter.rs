//! What a mail has to say, found out when it is delivered: only here is it known
//! whether an address has an account.

use shared::App;
use shared::mail::{Message, Words};
use shared::model::{Deletion, Email, Locale, Mail, MailKind, Notice, Ticket, TicketId, TicketKind, User};
use shared::store::{Priority, Rate, StoreError};
use shared::token::TicketToken;

use crate::link::{leads_somewhere, link};

/// A mail that is ready to send, or none.
#[derive(Debug)]
pub(crate) enum Letter {
    /// There is nothing to say to this address.
    None,
    /// There is, but the address got enough mails.
    HeldBack,
    Some {
        to: Email,
        message: Message,
    },
}

/// The letter of a mail; makes the ticket that its link stands for, once.
pub(crate) async fn letter(app: &App, mail: &Mail) -> Result<Letter, StoreError> {
    let owner = app.store.user_by_email(&mail.to).await?;
    let locale = language(app, mail, owner.as_ref()).await?;
    let words = &app.own_words.of(&app.store, locale).await?;
    let id = TicketId::from(mail.id);
    if mail.ticket_made {
        let ticket = app.store.ticket(id).await?;
        // Unless it was redeemed meanwhile.
        return ticket.map_or(Ok(Letter::None), |ticket| with_link(app, words, mail, &ticket));
    }
    let plan = plan(app, mail, owner, words).await?;
    if !matches!(plan, Plan::Nothing) && !is_allowed(app, mail).await? {
        return Ok(Letter::HeldBack);
    }
    let kind = match plan {
        Plan::Nothing => return Ok(Letter::None),
        Plan::Say(message) => return Ok(to(mail, message)),
        Plan::Link(kind) => kind,
    };
    let lifetime = mail.link_lifetime();
    let expires_at = app.clock.now().saturating_add(lifetime).unwrap_or(jiff::Timestamp::MAX);
    let ticket = Ticket { id, email: mail.to.clone(), kind, tries: 0, expires_at };
    if app.store.make_ticket(mail, &ticket).await? {
        return with_link(app, words, mail, &ticket);
    }
    // Somebody else delivers it at this moment; whether that works is seen when
    // the stream brings it again.
    Err(StoreError::Unavailable("the mail is being delivered".to_owned()))
}

/// The language of whose address it is; else of who asked for the mail.
async fn language(app: &App, mail: &Mail, owner: Option<&User>) -> Result<Locale, StoreError> {
    let asked = match &mail.kind {
        MailKind::Registration { registration } => registration.locale,
        MailKind::ChangeEmail { user_id, .. } if owner.is_none() => {
            app.store.user(*user_id).await?.and_then(|user| user.locale)
        }
        _ => mail.locale,
    };
    Ok(owner.and_then(|user| user.locale).or(asked).unwrap_or_default())
}

/// Whether the address may get one more mail that a stranger could have asked for.
/// A link for a password goes first: nobody can use up what somebody who is
/// locked out waits for.
async fn is_allowed(app: &App, mail: &Mail) -> Result<bool, StoreError> {
    if mail.unlimited {
        return Ok(true);
    }
    if matches!(mail.kind, MailKind::Notice { .. }) {
        return has_room_for_notice(app, mail).await;
    }
    let Ok(secret) = app.secret() else {
        return Ok(false);
    };
    let name = secret.counter_name(&["mail", mail.to.as_str()]);
    let is_way_in = matches!(mail.kind, MailKind::ResetPassword);
    let priority = if is_way_in { Priority::High } else { Priority::Normal };
    app.store.allow_mail(&name, mail.id, priority, &app.config.limits.mail).await
}

/// Whether the address may get one more word of what happened to its account. Those
/// count apart: at most four times what strangers can cause in the longest of the
/// periods, so that a signed-in user cannot send mails without end.
async fn has_room_for_notice(app: &App, mail: &Mail) -> Result<bool, StoreError> {
    let Ok(secret) = app.secret() else {
        return Ok(false);
    };
    let longest = app.config.limits.mail.iter().max_by_key(|rate| rate.period);
    let rates: Vec<Rate> =
        longest.map(|rate| Rate { most: rate.most.saturating_mul(4), ..*rate }).into_iter().collect();
    let name = secret.counter_name(&["notice", mail.to.as_str()]);
    Ok(mail.unlimited || app.store.allow_mail(&name, mail.id, Priority::High, &rates).await?)
}

enum Plan {
    Nothing,
    Say(Message),
    Link(TicketKind),
}

async fn plan(app: &App, mail: &Mail, owner: Option<User>, words: &Words) -> Result<Plan, StoreError> {
    let is_out = owner.as_ref().is_some_and(User::is_out);
    let deletion = owner.as_ref().and_then(|user| user.deletion);
    Ok(match (&mail.kind, owner) {
        (MailKind::Notice { notice }, _) => match &mail.before {
            // Of an account that is gone nothing can be undone.
            Some(before) if leads_somewhere(app, mail) && app.store.user(before.user_id).await?.is_some() => {
                Plan::Link(TicketKind::Revoke(before.clone()))
            }
            _ => Plan::Say(Message::notice(words, *notice, None)),
        },
        // The address is still taken, but nobody can sign in with it.
        (MailKind::Registration { .. }, Some(_)) if let Some(Deletion { purge_at: until, .. }) = deletion => {
            Plan::Say(Message::notice(words, Notice::AccountDeleted { until }, None))
        }
        (MailKind::Registration { .. }, Some(_)) => Plan::Say(Message::already_registered(words)),
        (MailKind::Registration { registration }, None) => {
            Plan::Link(TicketKind::Registration { registration: registration.clone() })
        }
        (MailKind::ResetPassword | MailKind::VerifyEmail, _) if is_out => Plan::Nothing,
        (MailKind::ResetPassword, Some(user)) => {
            Plan::Link(TicketKind::ResetPassword { user_id: user.id, ticket_epoch: user.ticket_epoch })
        }
        (MailKind::Invitation { user_id, ticket_epoch }, Some(user)) => {
            let is_new = user.password_hash.is_none() && user.ticket_epoch == *ticket_epoch;
            if is_out || !is_new || user.id != *user_id {
                return Ok(Plan::Nothing);
            }
            Plan::Link(TicketKind::Invitation { user_id: user.id, ticket_epoch: user.ticket_epoch })
        }
        // Who has no password yet verifies the address with the first one; its invitation
        // would be void after this link.
        (MailKind::VerifyEmail, Some(user)) if !user.email_verified && !user.password_hash.is_none() => {
            Plan::Link(TicketKind::VerifyEmail { user_id: user.id, ticket_epoch: user.ticket_epoch })
        }
        (MailKind::ChangeEmail { user_id, .. }, Some(user)) if user.id != *user_id => {
            Plan::Say(Message::address_in_use(words))
        }
        (MailKind::ChangeEmail { user_id, ticket_epoch }, None) => {
            let (user_id, ticket_epoch) = (*user_id, *ticket_epoch);
            let current = app.store.user(user_id).await?;
            match current.filter(|user| user.ticket_epoch == ticket_epoch) {
                Some(_) => Plan::Link(TicketKind::ChangeEmail { user_id, ticket_epoch }),
                None => Plan::Nothing,
            }
        }
        _ => Plan::Nothing,
    })
}

fn to(mail: &Mail, message: Message) -> Letter {
    Letter::Some { to: mail.to.clone(), message }
}

fn with_link(app: &App, words: &Words, mail: &Mail, ticket: &Ticket) -> Result<Letter, StoreError> {
    let named = |page, name| link(app, mail, words.locale(), page, name, TicketToken(ticket.id));
    let token_at = |page| named(page, "token");
    let message = match ticket.kind {
        TicketKind::Registration { .. } => {
            Message::confirm_registration(words, &token_at("confirm-registration")?)
        }
        TicketKind::Invitation { .. } => Message::invitation(words, &token_at("accept-invite")?),
        TicketKind::ResetPassword { .. } => Message::reset_password(words, &token_at("reset-password")?),
        TicketKind::VerifyEmail { .. } => Message::verify_email(words, &token_at("verify-email")?),
        TicketKind::ChangeEmail { .. } => Message::confirm_email(words, &token_at("confirm-email")?),
        TicketKind::Revoke(_) => match mail.kind {
            MailKind::Notice { notice } => Message::notice(words, notice, Some(&named("not-me", "revoke")?)),
            _ => return Ok(Letter::None),
        },
        TicketKind::Mfa { .. } => return Ok(Letter::None),
    };
    Ok(to(mail, message))
}
