//! The secret as a link, and the link as a picture.

use qrcodegen::{QrCode, QrCodeEcc};
use shared::http::RequestContext;
use shared::model::User;

/// Light modules around the code (ISO/IEC 18004 section 9.1).
const QUIET: i32 = 4;

/// The link in Google's key URI format. The issuer is the host of the API.
pub(super) fn otpauth_uri(context: &RequestContext, user: &User, secret: &str) -> String {
    let host = context.public_url.split("://").last().unwrap_or_default();
    let issuer = encoded(host.split(['/', ':']).next().unwrap_or_default());
    let account = encoded(user.email.as_str());
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

/// The picture of a text: one path on a white ground. `None`: the text is too long.
pub(super) fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h{size}v{size}h-{size}z\"/>\
         <path d=\"{path}\"/></svg>"
    ))
}

/// Percent-encoded (RFC 3986 section 2.1): all but the unreserved characters.
fn encoded(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use super::{encoded, qr_svg};

    #[test]
    fn what_could_end_a_part_of_the_link_is_encoded() {
        assert_eq!(encoded("Ada+x&y=1?#/:@b-c._~%.io"), "Ada%2Bx%26y%3D1%3F%23%2F%3A%40b-c._~%25.io");
    }

    #[test]
    fn the_picture_has_a_quiet_zone_and_the_three_eyes() {
        let svg = qr_svg("otpauth://totp/x").unwrap();
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 33 33\""), "{svg}");
        for corner in ["M4,4h", "M28,4h", "M4,28h"] {
            assert!(svg.contains(corner), "{corner}: {svg}");
        }
        assert!(!svg.contains("M3,") && !svg.contains("M29,"));
        assert!(qr_svg(&"x".repeat(3000)).is_none());
    }
}
