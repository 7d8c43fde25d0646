//! The operator's own words for mails.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::item::from_item;
use super::key::{Key, Record};
use super::{Store, StoreError};
use crate::model::Locale;

/// The operator's words in one language, as they were set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailText {
    /// The language.
    pub locale: Locale,
    /// The file.
    pub text: String,
    /// When it was set.
    pub updated_at: Timestamp,
}

impl Record for MailText {
    fn key(&self) -> Key {
        Key::mail_text(self.locale)
    }
}

impl Store {
    /// The operator's words in a language, if there are any.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn mail_text(&self, locale: Locale) -> Result<Option<MailText>, StoreError> {
        self.get(&Key::mail_text(locale)).await
    }

    /// The operator's words in every language.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn mail_texts(&self) -> Result<Vec<MailText>, StoreError> {
        let items = self.get_all(&Locale::ALL.map(Key::mail_text)).await?;
        let texts = items.into_iter().map(|item| from_item(item, self.now()));
        let mut texts: Vec<MailText> = texts.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        texts.sort_by_key(|text| text.locale.tag());
        Ok(texts)
    }

    /// Sets the operator's words in a language, in place of what was there.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn set_mail_text(&self, text: &MailText) -> Result<(), StoreError> {
        self.commit(self.transaction().put_over(text)?).await.map(|_| ())
    }

    /// Goes back to the built-in words of a language.
    ///
    /// # Errors
    /// When the table does not answer.
    pub async fn remove_mail_text(&self, locale: Locale) -> Result<(), StoreError> {
        self.delete(&Key::mail_text(locale)).await
    }
}
