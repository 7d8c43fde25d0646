//! The forms that settings have.

use http::Uri;
use jiff::SignedDuration;

use crate::store::Rate;

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

/// `off`, or what `parse` reads.
pub(super) fn off_or<T>(
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    if text == "off" { Ok(None) } else { parse(text).map(Some) }
}

/// So many in a time, such as `30/5m`: 1 to 1,000 in 1 s to 1 d.
pub(super) fn rate(text: &str) -> Result<Rate, String> {
    let parts = text.trim().split_once('/').and_then(|(most, period)| {
        let most = most.parse().ok().filter(|most| (1..=1000).contains(most))?;
        let period = duration(period).filter(|seconds| (1..=86_400).contains(seconds))?;
        Some(Rate { most, period: SignedDuration::from_secs(period) })
    });
    parts.ok_or_else(|| "must be 1 to 1000 in 1s to 1d, such as 30/5m, or off".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{duration, off_or, origin, rate, url};

    #[test]
    fn rates_are_a_number_in_a_time() {
        let found = rate("30/5m").unwrap();
        assert_eq!((found.most, found.period.as_secs()), (30, 300));
        for text in
            ["", "30", "30/", "/5m", "0/5m", "1001/5m", "30/0", "30/2d", "30/5", "-1/5m", "off", "1/1m,"]
        {
            assert!(rate(text).is_err(), "{text}");
        }
        assert_eq!(off_or("off", rate), Ok(None));
        assert_eq!(off_or("30/5m", rate), Ok(Some(found)));
    }

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
