//! The forms that settings have.

use http::Uri;

/// Seconds of a duration: a whole number and `s`, `m`, `h` or `d`; `0` needs no unit.
pub(super) fn duration(text: &str) -> Option<i64> {
    if text == "0" {
        return Some(0);
    }
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<i64>().ok()?.checked_mul(unit)
}

/// An absolute http or https URL without query, its last slash dropped.
pub(super) fn url(text: &str) -> Result<String, String> {
    let rule = || "must be a URL such as https://app.example.com".to_owned();
    let uri: Uri = text.parse().map_err(|_| rule())?;
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    if !web || uri.host().is_none_or(str::is_empty) || uri.query().is_some() || text.contains('#') {
        return Err(rule());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// An origin (RFC 6454 section 6.2): scheme, host and port, nothing more.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let rule = || "must be origins such as https://app.example.com, separated by commas".to_owned();
    let text = text.trim();
    let url = url(text).map_err(|_| rule())?;
    let bare = url == text && url.matches('/').count() == 2;
    bare.then_some(url).ok_or_else(rule)
}

#[cfg(test)]
mod tests {
    use super::{duration, origin, url};

    #[test]
    fn durations_have_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("12h", 43_200), ("1d", 86_400), ("0", 0)] {
            assert_eq!(duration(text), Some(seconds));
        }
        for text in ["", "15", "m", "-1m", "+1m", "1.5h", "1w", "99999999999999999999d"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn urls_and_origins_are_whole() {
        assert_eq!(url("https://a.example/x/").unwrap(), "https://a.example/x");
        assert_eq!(origin(" http://localhost:3000").unwrap(), "http://localhost:3000");
        for text in ["", "*", "a.example", "ftp://a.example", "https://", "https://a.example?x"] {
            assert!(url(text).is_err(), "{text}");
            assert!(origin(text).is_err(), "{text}");
        }
        assert!(origin("https://a.example/").is_err());
        assert!(origin("https://a.example/x").is_err());
    }
}
