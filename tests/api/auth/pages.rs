//! `/auth/pages/**`: the pages that mailed links lead to without a front end.

use serde_json::json;
use shared::model::Locale;
use tests::{Call, OTHER_PASSWORD, PASSWORD, Person, World};

use crate::steps::{login, raw, verify};

const PAGES: [&str; 6] =
    ["confirm-registration", "verify-email", "reset-password", "confirm-email", "accept-invite", "not-me"];

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A world without a front end, whose address API Gateway alone says.
async fn bare() -> World {
    World::with(&[("FRONTEND_URL", ""), ("PUBLIC_URL", "")]).await
}

/// The newest link to `address`.
async fn link(world: &World, address: &str, page: &str) -> String {
    let mail = world.mails_to(address).await.pop().expect("a mail");
    let found = mail.text.lines().find(|line| line.contains(page));
    found.unwrap_or_else(|| panic!("{}", mail.text)).to_owned()
}

#[tokio::test]
async fn every_page_is_there_in_every_language_from_its_side() {
    let world = World::new().await;
    let mut titles = std::collections::BTreeSet::new();
    for page in PAGES {
        for locale in Locale::ALL {
            let tag = locale.tag();
            let reply = world.get(&format!("/auth/pages/{page}?lang={tag}")).await.ok(200);
            let direction = if tag == "ar" { "rtl" } else { "ltr" };
            let begin = format!("<!doctype html>\n<html lang=\"{tag}\" dir=\"{direction}\">");
            assert!(reply.text.starts_with(&begin), "{page} {tag}");
            assert_eq!(reply.header("content-language"), tag);
            let title = reply.text.split("<title>").nth(1).unwrap().split('<').next().unwrap().to_owned();
            assert!(reply.text.contains(&format!("<h1>{title}</h1>")), "{page} {tag}");
            assert!(reply.text.contains("<noscript><p>") && !reply.text.contains('{'), "{page} {tag}");
            titles.insert(title);
        }
    }
    assert_eq!(titles.len(), PAGES.len() * 10, "each page has its own title in each language");
}

#[tokio::test]
async fn the_link_says_the_language_else_the_browser_does() {
    let world = World::new().await;
    for (query, accept, tag) in [
        ("?lang=ja", "de", "ja"),
        ("", "nl, fr;q=0.8, de;q=0.4", "fr"),
        ("", "xx", "en"),
        ("?lang=en", "de", "en"),
    ] {
        let call = Call::new("GET", &format!("/auth/pages/verify-email{query}"));
        let reply = world.call(call.header("accept-language", accept)).await.ok(200);
        assert!(reply.text.contains(&format!("<html lang=\"{tag}\"")), "{query} {accept}");
    }
    for query in ["?lang=nl", "?lang=de&lang=de", "?token=x", "?lang=%3Cscript%3E"] {
        world.get(&format!("/auth/pages/verify-email{query}")).await.refused(400, "invalid_query");
    }
}

#[tokio::test]
async fn a_page_loads_and_tells_nothing_elsewhere() {
    let world = World::new().await;
    for page in PAGES {
        let reply = world.get(&format!("/auth/pages/{page}")).await.ok(200);
        assert_eq!(reply.header("content-security-policy"), POLICY);
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        for word in ["://", " style=", " on", "<script>", "<style"] {
            assert!(!reply.text.contains(&format!("<{word}")) && !has_attribute(&reply.text, word), "{word}");
        }
        for file in ["assets/pages.css", "assets/pages.js"] {
            assert!(reply.text.contains(&format!("=\"{file}\"")), "{file}");
            let asset = world.get(&format!("/auth/pages/{file}")).await.ok(200);
            let kind = if file.ends_with("js") { "text/javascript" } else { "text/css" };
            assert_eq!(asset.header("content-type"), format!("{kind}; charset=utf-8"));
        }
    }
}

/// Whether `word` is in the page's markup, outside its texts.
fn has_attribute(html: &str, word: &str) -> bool {
    html.split('<').filter_map(|part| part.split('>').next()).any(|tag| tag.contains(word))
}

#[tokio::test]
async fn there_are_no_other_pages() {
    let world = World::new().await;
    for path in ["nothing", "Not-Me", "reset-password.html", "assets", "assets/other.js", "assets/..%2Fx"] {
        world.get(&format!("/auth/pages/{path}")).await.refused(404, "not_found");
    }
    world.get("/auth/pages").await.refused(404, "not_found");
    let call = Call::new("POST", "/auth/pages/verify-email").json(&json!({ "token": "x" }));
    world.call(call).await.refused(405, "method_not_allowed");
}

#[tokio::test]
async fn a_page_asks_for_a_password_as_long_as_the_policy_wants_it() {
    let world = World::with(&[("PASSWORD_MIN_LENGTH", "15")]).await;
    for page in ["reset-password", "accept-invite"] {
        let html = world.get(&format!("/auth/pages/{page}?lang=de")).await.ok(200).text;
        assert!(html.contains("data-least=\"15\"") && html.contains("Mindestens 15 Zeichen"), "{html}");
        assert!(html.contains("autocomplete=\"new-password\""), "{html}");
    }
    let html = world.get("/auth/pages/confirm-registration").await.ok(200).text;
    assert!(html.contains("autocomplete=\"current-password\"") && html.contains("data-least=\"1\""));
}

/// Scanners of mails open links, often more than once.
#[tokio::test]
async fn asking_for_a_page_spends_no_token() {
    let world = bare().await;
    let ada = Person::registered(&world, "ada@example.com").await;
    let _ = world.post("/auth/forgot-password", json!({ "email": ada.email })).await.ok(202);
    let link = link(&world, &ada.email, "/reset-password").await;
    let (page, token) = link.split_once("#token=").unwrap();
    let path = page.strip_prefix("https://abc123.execute-api.eu-central-1.amazonaws.com").unwrap();
    for _ in 0..20 {
        let reply = world.get(path).await.ok(200);
        assert!(!reply.text.contains(token));
        world.get(&format!("{path}&token={token}")).await.refused(400, "invalid_query");
    }
    let body = json!({ "token": token, "new_password": OTHER_PASSWORD });
    let _ = world.post("/auth/reset-password", body).await.ok(204);
    login(&world, &ada.email, OTHER_PASSWORD).await.ok(200);
}

/// Each link leads to a page whose button posts to the route that takes its token.
#[tokio::test]
async fn without_a_front_end_links_lead_to_our_own_pages_in_the_mails_language() {
    let world = bare().await;
    let api = "https://abc123.execute-api.eu-central-1.amazonaws.com/auth/pages";
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "locale": "ar" });
    let evil = Call::new("POST", "/auth/register").json(&body).header("host", "evil.example");
    let _ = world.call(evil.header("x-forwarded-host", "evil.example")).await.ok(202);
    let found = link(&world, "ada@example.com", "confirm").await;
    let (page, token) = found.split_once("#token=").unwrap();
    assert_eq!(page, format!("{api}/confirm-registration?lang=ar"));
    let html = world.get(page.strip_prefix("https://abc123.execute-api.eu-central-1.amazonaws.com").unwrap());
    let html = html.await.ok(200).text;
    assert!(html.contains("dir=\"rtl\"") && html.contains("data-post=\"../confirm-registration\""), "{html}");
    let body = json!({ "token": token, "password": PASSWORD });
    let tokens = world.post("/auth/confirm-registration", body).await.ok(200).body;
    let ada = Person::from_tokens(&tokens, PASSWORD);

    let body = json!({ "new_email": "new@example.com", "current_password": PASSWORD });
    let _ = ada.post(&world, "/users/me/change-email", body).await.ok(202);
    let found = link(&world, "new@example.com", "confirm-email").await;
    let (page, token) = found.split_once("#token=").unwrap();
    assert_eq!(page, format!("{api}/confirm-email?lang=ar"));
    let html = world.get("/auth/pages/confirm-email").await.ok(200).text;
    assert!(html.contains("data-post=\"../verify-email\""), "{html}");
    verify(&world, token).await.ok(204);
    let undo = link(&world, "ada@example.com", "not-me").await;
    assert!(undo.starts_with(&format!("{api}/not-me?lang=ar#revoke=")), "{undo}");
}

#[tokio::test]
async fn the_public_url_is_where_the_pages_are() {
    let world = World::with(&[("FRONTEND_URL", ""), ("PUBLIC_URL", "https://api.example.com/id/")]).await;
    let _ = raw(&world, "/auth/register", json!({ "email": "ada@example.com", "password": PASSWORD })).await;
    let found = link(&world, "ada@example.com", "confirm").await;
    let page = "https://api.example.com/id/auth/pages/confirm-registration?lang=en#token=";
    assert!(found.starts_with(page), "{found}");
}

/// An operator's mail comes with no request: where it knows no address, it says what
/// happened without a link.
#[tokio::test]
async fn a_notice_that_no_request_caused_needs_an_address_for_its_link() {
    for (public, links) in [("", 0), ("https://api.example.com", 1)] {
        let world = World::with(&[("FRONTEND_URL", ""), ("PUBLIC_URL", public)]).await;
        Person::admin(&world, "ada@example.com").await;
        let mail = world.mails_to("ada@example.com").await.pop().unwrap();
        assert_eq!(mail.text.matches("#revoke=").count(), links, "{}", mail.text);
        assert_eq!(mail.subject, "You are an administrator now");
    }
}

/// Where the address is somebody else's by now, nothing is mailed.
#[tokio::test]
async fn who_secured_an_account_is_told_what_to_do_if_no_mail_comes() {
    let world = World::new().await;
    for (tag, words) in [("en", "If none comes"), ("de", "Kommt binnen"), ("fr", "Si rien n’arrive")] {
        let page = world.get(&format!("/auth/pages/not-me?lang={tag}")).await.ok(200).text;
        let done = page.split("data-text=\"done\">").nth(1).unwrap().split("</p>").next().unwrap();
        assert!(done.contains(words), "{done}");
    }
}
