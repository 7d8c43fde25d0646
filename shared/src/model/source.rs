//! Where requests come from.

use std::net::IpAddr;

/// A place that requests come from, as limits count it: an IPv4 address, or the
/// /64 network of an IPv6 address, for that is the least that one customer has to
/// itself (RFC 6177). What is no address is one place, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

impl Source {
    /// The source of a request from `ip`, which API Gateway says.
    #[must_use]
    pub fn of(ip: Option<&str>) -> Self {
        let ip = ip.and_then(|ip| ip.parse().ok());
        Self(match ip.map(|ip: IpAddr| ip.to_canonical()) {
            Some(IpAddr::V4(ip)) => ip.to_string(),
            Some(IpAddr::V6(ip)) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
            None => "unknown".to_owned(),
        })
    }

    /// Its one spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn an_ipv4_address_is_a_source_and_so_is_a_64_of_ipv6() {
        for (ip, source) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::", "2001:db8:1:3::/64"),
            ("", "unknown"),
            ("203.0.113.7, 198.51.100.1", "unknown"),
            ("203.0.113.7:1234", "unknown"),
        ] {
            assert_eq!(Source::of(Some(ip)).as_str(), source, "{ip}");
        }
        assert_eq!(Source::of(None), Source::of(Some("x")));
    }
}
