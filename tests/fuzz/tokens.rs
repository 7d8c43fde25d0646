//! Whatever is not exactly a token that was given is none. security.md J10, S12.

use proptest::prelude::*;
use proptest::sample::Index;
use shared::model::{Carrier, SessionId, TicketId, UserId};
use shared::token::{AppSecret, RefreshToken, TicketToken};
use tests::Call;

use crate::{Stage, any_json, holds, text};

fn secret() -> AppSecret {
    AppSecret::parse(tests::APP_SECRET).unwrap()
}

/// Refresh tokens of any session.
fn refresh_token() -> impl Strategy<Value = RefreshToken> {
    any::<([u8; 16], [u8; 16], u64)>().prop_map(|(user, session, counter)| RefreshToken {
        user: UserId::from_bytes(user),
        session: SessionId::from_bytes(session),
        counter,
    })
}

/// The text with one character changed, put in or taken out.
fn changed(text: &str, at: Index, how: u8, to: char) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = at.index(chars.len());
    match how % 3 {
        0 => chars[at] = to,
        1 => chars.insert(at, to),
        _ => drop(chars.remove(at)),
    }
    chars.into_iter().collect()
}

fn change() -> impl Strategy<Value = (Index, u8, char)> {
    (any::<Index>(), any::<u8>(), prop_oneof![prop::char::range('!', '~'), any::<char>()])
}

#[test]
fn a_refresh_token_says_what_was_put_into_it_and_nothing_else_is_one() {
    let secret = secret();
    holds(&(refresh_token(), change(), text()), |(token, (at, how, to), text)| {
        let encoded = token.encode(&secret, Carrier::Json);
        assert_eq!(RefreshToken::decode(&encoded, &secret, Carrier::Json), Some(token));
        let other = changed(&encoded, at, how, to);
        assert!(
            other == encoded || RefreshToken::decode(&other, &secret, Carrier::Json).is_none(),
            "{other}"
        );
        assert_eq!(RefreshToken::decode(&encoded, &secret, Carrier::Cookie), None);
        assert_eq!(RefreshToken::decode(&text, &secret, Carrier::Json), None);
        assert_eq!(RefreshToken::decode(&text, &secret, Carrier::Cookie), None);
        assert_eq!(TicketToken::decode(&encoded, &secret), None);
    });
}

#[test]
fn a_mails_token_says_what_was_put_into_it_and_nothing_else_is_one() {
    let secret = secret();
    holds(&(any::<[u8; 16]>(), change(), text()), |(id, (at, how, to), text)| {
        let token = TicketToken(TicketId::from_bytes(id));
        let encoded = token.encode(&secret);
        assert_eq!(TicketToken::decode(&encoded, &secret), Some(token));
        let other = changed(&encoded, at, how, to);
        assert!(other == encoded || TicketToken::decode(&other, &secret).is_none(), "{other}");
        assert_eq!(TicketToken::decode(&text, &secret), None);
        assert_eq!(RefreshToken::decode(&encoded, &secret, Carrier::Json), None);
    });
}

/// Authorization headers: anything, and what looks like a JWT of ours.
fn authorization() -> impl Strategy<Value = String> {
    use base64::Engine as _;
    let part = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let jwt = (any_json(), any_json(), text()).prop_map(move |(header, claims, signature)| {
        format!("{}.{}.{}", part(header.to_string()), part(claims.to_string()), part(signature))
    });
    prop_oneof![
        text(),
        text().prop_map(|text| format!("Bearer {text}")),
        jwt.prop_map(|jwt| format!("Bearer {jwt}")),
    ]
}

#[test]
fn no_other_authorization_signs_anybody_in() {
    let stage = Stage::new();
    holds(&authorization(), |value| {
        let reply =
            stage.answered("users", &Call::new("GET", "/users/me").header("authorization", &value).event());
        let refused = ["unauthenticated", "invalid_access_token"].contains(&reply.code());
        assert!(reply.status == 401 && refused, "{value:?}: {}", reply.body);
    });
}

#[test]
fn no_change_to_an_access_token_is_overlooked() {
    let stage = Stage::new();
    let good = stage.ada.access_token.clone();
    let _ = stage.answered("users", &Call::new("GET", "/users/me").token(&good).event()).ok(200);
    holds(&change(), |(at, how, to)| {
        let other = changed(&good, at, how, to);
        // Blanks around a token are none of it.
        if other.trim() != good {
            let reply = stage.answered("users", &Call::new("GET", "/users/me").token(&other).event());
            assert_eq!(reply.status, 401, "{other}: {}", reply.body);
        }
    });
}
