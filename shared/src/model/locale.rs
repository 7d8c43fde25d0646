//! The languages that mails are written in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language, by its tag (RFC 5646).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Portuguese.
    Pt,
    /// Bengali.
    Bn,
    /// Tamil.
    Ta,
    /// Hindi.
    Hi,
    /// Japanese.
    Ja,
    /// Arabic, from right to left.
    Ar,
}

impl Locale {
    /// Every language.
    pub const ALL: [Self; 10] =
        [Self::En, Self::De, Self::Fr, Self::Es, Self::Pt, Self::Bn, Self::Ta, Self::Hi, Self::Ja, Self::Ar];

    /// Its tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Pt => "pt",
            Self::Bn => "bn",
            Self::Ta => "ta",
            Self::Hi => "hi",
            Self::Ja => "ja",
            Self::Ar => "ar",
        }
    }

    /// The language of that tag, whatever its region or script.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.tag()))
    }

    /// The one that an `Accept-Language` (RFC 9110 section 12.5.4) likes best.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        let mut best = None;
        for range in header.split(',').take(20) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok());
            let (Some(locale), Some(weight)) = (Self::of_tag(tag.trim()), weight) else { continue };
            if weight > 0.0 && best.is_none_or(|(_, most)| weight > most) {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }
}

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn the_best_liked_language_that_there_is_is_taken() {
        for (header, locale) in [
            ("de", Some(Locale::De)),
            ("de-AT,de;q=0.9,en;q=0.8", Some(Locale::De)),
            ("nl, en;q=0.5, fr;q=0.7", Some(Locale::Fr)),
            ("PT-br", Some(Locale::Pt)),
            ("en;q=0, ja;q=0.1", Some(Locale::Ja)),
            ("en;q=2x, ar", Some(Locale::Ar)),
            ("*", None),
            ("", None),
            (";;;,,,q=", None),
        ] {
            assert_eq!(Locale::accepted(header), locale, "{header}");
        }
    }
}
