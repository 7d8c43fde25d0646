//! Mails waiting to be sent. A mail that belongs to a change is written in that
//! change's transaction; the table's stream brings it to the mailer.

use aws_sdk_dynamodb::operation::scan::ScanInput;
use aws_sdk_dynamodb::types::AttributeValue;

use super::attempts::Tally;
use super::belonging::owned;
use super::item::from_item;
use super::key::{Key, MAIL_PREFIX, Record};
use super::record::last_of;
use super::terms::Terms;
use super::transaction::Guard;
use super::{Counter, Store, StoreError};
use crate::model::{Mail, MailId, Ticket, TicketId, UserId};

impl Store {
    /// Puts a mail into the outbox: by a transaction, for only those are told from their
    /// repetition. A `PutItem` whose answer was lost would be sent again by the SDK, and
    /// bring a mail back that was delivered meanwhile, and with it a spent link.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn put_mail(&self, mail: &Mail) -> Result<(), StoreError> {
        let transaction = self.transaction().put_new(mail, Guard::Unchanged)?;
        self.commit(transaction).await.map(|_| ())
    }

    /// Counts that somebody asks for a mail, and puts it into the outbox: both in one
    /// call, or neither where the counter, of a window, lets no more pass. Then so many
    /// whole seconds later, rounded up and never 0, it does.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn ask_for_mail(&self, counter: &Counter, mail: &Mail) -> Result<Result<(), u32>, StoreError> {
        let now = self.now().as_millisecond();
        let mut transaction = self.transaction().put_new(mail, Guard::Unchanged)?;
        if counter.is_on() {
            transaction = transaction.update(&counter.key, counter.one_more(now), Guard::Limit)?;
        }
        match self.commit(transaction).await? {
            Err(refusal) if refusal.by(Guard::Limit) => Ok(Err(counter.seconds(Tally::default(), now))),
            _ => Ok(Ok(())),
        }
    }

    /// The mail, unless it has been sent.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn mail(&self, id: MailId) -> Result<Option<Mail>, StoreError> {
        self.get(&Key::mail(id)).await
    }

    /// Makes the ticket that a mail carries and notes on the mail that it was
    /// made. `false`: the mail was sent, its ticket made, or its account deleted,
    /// meanwhile.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn make_ticket(&self, mail: &Mail, ticket: &Ticket) -> Result<bool, StoreError> {
        let made = Terms::new().set("ticket_made", true).when("ticket_made", false);
        let mut transaction = self
            .transaction()
            .update(&Key::mail(mail.id), made, Guard::Unchanged)?
            .put_new(ticket, Guard::Ticket)?;
        if let Some(user) = ticket.kind.user_id() {
            transaction = owned(transaction, user, ticket.id, last_of(mail.id))?;
        }
        Ok(self.commit(transaction).await?.is_ok())
    }

    /// Takes a mail that was sent, or is of no use any more, out of the outbox.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn delete_mail(&self, id: MailId) -> Result<(), StoreError> {
        self.delete(&Key::mail(id)).await
    }

    /// Marks a mail that can never be sent as it is, and that it is the user's.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn mark_failed(
        &self,
        id: MailId,
        failure: &str,
        owner: Option<UserId>,
    ) -> Result<(), StoreError> {
        let terms = Terms::new().set("failure", failure).when_there();
        let Some(owner) = owner else {
            return self.update(&Key::mail(id), terms).await.map(|_| ());
        };
        let transaction = self.transaction().update(&Key::mail(id), terms, Guard::Unchanged)?;
        let transaction = owned(transaction, owner, id.into(), last_of(id))?;
        match self.commit(transaction).await? {
            // The account went meanwhile, and so does what was to be said to it.
            Err(refusal) if refusal.by(Guard::User) => self.delete_mail(id).await,
            _ => Ok(()),
        }
    }

    /// Every mail in the outbox, in no order: reads the whole table. An item that
    /// does not read as a mail could not be sent either; it is left out.
    ///
    /// # Errors
    /// When the table does not answer.
    #[expect(clippy::disallowed_methods, reason = "an operator's command, rare, on what remained unsent")]
    pub async fn waiting_mails(&self) -> Result<Vec<Mail>, StoreError> {
        let scan = ScanInput::builder()
            .table_name(&self.table)
            .consistent_read(true)
            .filter_expression("begins_with(PK, :mail)")
            .expression_attribute_values(":mail", AttributeValue::S(MAIL_PREFIX.into()));
        let (mut mails, mut start) = (Vec::new(), None);
        loop {
            let page = self.scan_page(&scan, start).await?;
            for item in page.items {
                match from_item::<Mail>(item, self.now()) {
                    Ok(mail) => mails.extend(mail),
                    Err(error) => tracing::warn!(%error, "an item in the outbox is no mail"),
                }
            }
            start = page.next;
            if start.is_none() {
                return Ok(mails);
            }
        }
    }

    /// Puts a mail into the outbox anew, under a new id, so that the stream brings
    /// it to the mailer again, whatever the limit; a ticket made for the old one is void. `false`: it
    /// was sent meanwhile, as it was for sure when its ticket is gone before its
    /// time: spent.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn retry_mail(&self, mail: &Mail) -> Result<bool, StoreError> {
        let age = self.now().duration_since(mail.id.created_at());
        let has_ticket = mail.ticket_made && mail.failure.is_none() && age < mail.link_lifetime();
        if has_ticket && self.ticket(TicketId::from(mail.id)).await?.is_none() {
            self.delete_mail(mail.id).await?;
            return Ok(false);
        }
        let again = Mail {
            id: MailId::new(self.now()),
            unlimited: true,
            ticket_made: false,
            failure: None,
            ..mail.clone()
        };
        let transaction = self
            .transaction()
            .delete(&mail.key(), Terms::new().when_there(), Guard::Unchanged)?
            .delete(&Key::ticket(TicketId::from(mail.id)), Terms::new(), Guard::Ticket)?
            .put_over(&again)?;
        Ok(self.commit(transaction).await?.is_ok())
    }
}

/// The id of the mail that a stream record's `PK` names, if it names one.
#[must_use]
pub fn mail_id(pk: &str) -> Option<MailId> {
    pk.strip_prefix(MAIL_PREFIX)?.parse().ok()
}
