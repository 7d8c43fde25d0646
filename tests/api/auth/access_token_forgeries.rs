//! Forged access tokens. The forger's key is on the list of public keys, so that
//! each is refused for the one thing that is wrong with it and not for its key.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::forge::{
    KID, encode, header, pair, present, public_der, refused, sign, sign_text, sign_with, stage,
};

/// `value` with one member set; `Null` removes it.
fn with(value: &Value, member: &str, new: Value) -> Value {
    let mut value = value.clone();
    let members = value.as_object_mut().unwrap();
    if new.is_null() {
        members.remove(member)
    } else {
        members.insert(member.to_owned(), new)
    };
    value
}

/// J01.
#[tokio::test]
async fn a_token_without_signature_is_refused() {
    let (world, ada, claims) = stage().await;
    for alg in ["none", "None", "NONE", ""] {
        let header = with(&header(), "alg", json!(alg));
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        for signature in ["", "AAAA"] {
            refused(&world, alg, &format!("{message}.{signature}")).await;
        }
        refused(&world, alg, &sign(&header, &claims)).await;
    }
    let (message, _) = ada.access_token.rsplit_once('.').unwrap();
    refused(&world, "no signature", &format!("{message}.")).await;
    refused(&world, "two parts", message).await;
}

/// J01, J08: the public key is no HMAC secret.
#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    let (world, _, claims) = stage().await;
    let der = public_der();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
    let modulus = pair().public_key().modulus().big_endian_without_leading_zero().to_vec();
    let names = encode(&modulus);
    for secret in [&der[..], pem.as_bytes(), &modulus, names.as_bytes(), b""] {
        let header = with(&header(), "alg", json!("HS256"));
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let signature = encode(hmac::sign(&key, message.as_bytes()));
        refused(&world, "HS256", &format!("{message}.{signature}")).await;
    }
}

/// J01, J03: one key, one algorithm.
#[tokio::test]
async fn a_token_of_another_algorithm_is_refused() {
    let (world, _, claims) = stage().await;
    let claims = claims.to_string();
    for alg in ["RS384", "RS512", "PS256", "ES256", "EdDSA", "HS512", "rs256", "RSA"] {
        let header = with(&header(), "alg", json!(alg)).to_string();
        refused(&world, alg, &sign_text(&header, &claims)).await;
        refused(&world, alg, &sign_with(&RSA_PKCS1_SHA384, &header, &claims)).await;
        refused(&world, alg, &sign_with(&RSA_PKCS1_SHA512, &header, &claims)).await;
        refused(&world, alg, &sign_with(&RSA_PSS_SHA256, &header, &claims)).await;
    }
    let header = header().to_string();
    refused(&world, "RS384 as RS256", &sign_with(&RSA_PKCS1_SHA384, &header, &claims)).await;
    refused(&world, "PS256 as RS256", &sign_with(&RSA_PSS_SHA256, &header, &claims)).await;
}

/// J05, J10.
#[tokio::test]
async fn a_token_of_another_type_or_with_a_critical_header_is_refused() {
    let (world, _, claims) = stage().await;
    for typ in [json!(null), json!("JWT"), json!("at+JWT "), json!("application/at+jwt"), json!(7)] {
        refused(&world, &typ.to_string(), &sign(&with(&header(), "typ", typ), &claims)).await;
    }
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!(["x"]), json!("x")] {
        let header = with(&with(&header(), "crit", crit.clone()), "b64", json!(true));
        refused(&world, &crit.to_string(), &sign(&header, &claims)).await;
    }
    for (name, value) in [("cty", json!("JWT")), ("zip", json!("DEF")), ("b64", json!(true))] {
        refused(&world, name, &sign(&with(&header(), name, value), &claims)).await;
    }
    let listed = json!(["at+jwt", "RS256", KID]).to_string();
    refused(&world, "a list", &sign_text(&listed, &claims.to_string())).await;
}

/// J02: a key that comes with the token, or by address, is not used.
#[tokio::test]
async fn a_token_cannot_bring_its_own_key() {
    let (world, _, claims) = stage().await;
    let key = pair().public_key();
    let n = encode(key.modulus().big_endian_without_leading_zero());
    let jwk = json!({ "kty": "RSA", "n": n, "e": "AQAB", "kid": "own", "alg": "RS256", "use": "sig" });
    let certificate = STANDARD.encode(public_der());
    for (name, value) in [
        ("jku", json!("https://evil.example/jwks.json")),
        ("x5u", json!("https://evil.example/x.pem")),
        ("jwk", jwk),
        ("x5c", json!([certificate])),
    ] {
        for kid in [KID, "own"] {
            let header = with(&with(&header(), name, value.clone()), "kid", json!(kid));
            refused(&world, name, &sign(&header, &claims)).await;
        }
    }
}

/// J02.
#[tokio::test]
async fn a_key_id_is_only_looked_up() {
    let (world, ada, claims) = stage().await;
    let ids = ["", "unknown", "../../etc/passwd", "' OR 1=1", "PUBLIC", "KEYS", "\u{0}", "🦀", "Forged"];
    for kid in ids.map(|kid| json!(kid)).into_iter().chain([json!(null), json!(7), json!(["forged"])]) {
        refused(&world, &kid.to_string(), &sign(&with(&header(), "kid", kid), &claims)).await;
    }
    refused(&world, "64 KB", &sign(&with(&header(), "kid", json!("k".repeat(65_536))), &claims)).await;
    // Another key's id: the signature is not that key's.
    let real = crate::forge::part(&ada.access_token, 0)["kid"].clone();
    refused(&world, "real", &sign(&with(&header(), "kid", real), &claims)).await;
    present(&world, &ada.access_token).await.ok(200);
}

/// J04, J06: every claim is asked for.
#[tokio::test]
async fn a_token_that_lacks_a_claim_is_refused() {
    let (world, _, claims) = stage().await;
    for claim in ["iss", "aud", "sub", "exp", "iat", "nbf", "jti", "sid", "client_id", "auth_time", "roles"] {
        refused(&world, claim, &sign(&header(), &with(&claims, claim, Value::Null))).await;
        let given = format!("\"{claim}\":{}", claims[claim]);
        let null = claims.to_string().replacen(&given, &format!("\"{claim}\":null"), 1);
        assert_ne!(null, claims.to_string());
        refused(&world, claim, &sign_text(&header().to_string(), &null)).await;
    }
}

/// J06.
#[tokio::test]
async fn a_token_for_or_from_somebody_else_is_refused() {
    let (world, _, claims) = stage().await;
    let issuer = claims["iss"].as_str().unwrap();
    let other = [json!(""), json!("https://evil.example/auth"), json!(format!("{issuer}/")), json!([issuer])];
    for iss in other.into_iter().chain([json!(issuer.to_uppercase()), json!(7)]) {
        refused(&world, &iss.to_string(), &sign(&header(), &with(&claims, "iss", iss))).await;
    }
    for aud in [json!(""), json!("other"), json!("Usher"), json!(["usher"]), json!(["other", "usher"])] {
        refused(&world, &aud.to_string(), &sign(&header(), &with(&claims, "aud", aud))).await;
    }
    for sub in [json!(""), json!("ada"), json!("../x"), json!(7), json!(["x"])] {
        refused(&world, &sub.to_string(), &sign(&header(), &with(&claims, "sub", sub.clone()))).await;
        refused(&world, &sub.to_string(), &sign(&header(), &with(&claims, "sid", sub))).await;
    }
}

/// J04: times are whole numbers, and leeway there is none.
#[tokio::test]
async fn a_token_is_good_from_nbf_until_exp_and_no_longer() {
    let (world, _, claims) = stage().await;
    let now = claims["iat"].as_i64().unwrap();
    for exp in [json!(now), json!(now - 1), json!(0), json!(-1), json!((now + 900).to_string())] {
        refused(&world, &exp.to_string(), &sign(&header(), &with(&claims, "exp", exp))).await;
    }
    for text in ["1e400", "1e18", "9999999999.5", "99999999999999999999", "true", "{}", "[9999999999]"] {
        let odd =
            claims.to_string().replacen(&format!("\"exp\":{}", now + 900), &format!("\"exp\":{text}"), 1);
        assert_ne!(odd, claims.to_string());
        refused(&world, text, &sign_text(&header().to_string(), &odd)).await;
    }
    for (claim, ahead) in [("nbf", 1), ("iat", 11)] {
        refused(&world, claim, &sign(&header(), &with(&claims, claim, json!(now + ahead)))).await;
        refused(&world, claim, &sign(&header(), &with(&claims, claim, json!("0")))).await;
    }
    let short = sign(&header(), &with(&claims, "exp", json!(now + 1)));
    present(&world, &short).await.ok(200);
    world.wait(SignedDuration::from_secs(1));
    refused(&world, "expired", &short).await;
}

/// J10.
#[tokio::test]
async fn a_token_with_more_than_belongs_there_is_refused() {
    let (world, ada, claims) = stage().await;
    let (header, claims) = (header().to_string(), claims.to_string());
    let twice = claims.replacen('{', "{\"sub\":\"00000000-0000-7000-8000-000000000000\",", 1);
    let long = claims.replacen('{', &format!("{{\"pad\":\"{}\",", "x".repeat(9000)), 1);
    for claims in
        [&twice, &long, &format!("{claims}x"), &format!("{claims}{{}}"), &format!("\u{feff}{claims}")]
    {
        refused(&world, claims, &sign_text(&header, claims)).await;
    }
    refused(&world, "header", &sign_text(&format!("{header}x"), &claims)).await;
    for rest in [".", ".x", "A", "=", "==", "%00", "~"] {
        refused(&world, rest, &format!("{}{rest}", ada.access_token)).await;
    }
    for token in ["x", ".", "..", "...", "a.b.c", "e30.e30.", &"A".repeat(65_536), &".".repeat(9_000)] {
        refused(&world, "garbage", token).await;
    }
}
