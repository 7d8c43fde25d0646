//! The page that a person reads. Mail is untrusted: its text is escaped and its HTML is confined
//! to a frame without scripts, forms, or the page's origin.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{Html, IntoResponse, Response};

use super::{Mailbox, Message};

/// The page shows this many of the newest messages; `/messages` has them all.
const SHOWN: usize = 100;

/// Frames made with `srcdoc` inherit this policy, so a mail loads nothing and runs nothing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    connect-src 'self'; img-src data:; frame-ancestors 'none'; form-action 'none'";

pub(super) async fn page(State(mailbox): State<Mailbox>) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(render(&mailbox.messages()))).into_response()
}

pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css")).into_response()
}

pub(super) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("page.js")).into_response()
}

fn render(messages: &[Message]) -> String {
    let list = if messages.is_empty() {
        "<p class=\"empty\">No mail yet. What Usher sends appears here by itself.</p>".to_owned()
    } else {
        messages.iter().rev().take(SHOWN).map(article).collect()
    };
    let count = match messages.len() {
        0 => "empty".to_owned(),
        1 => "1 message".to_owned(),
        n if n > SHOWN => format!("{n} messages, the newest {SHOWN} shown"),
        n => format!("{n} messages, newest first"),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Mailbox</title>\n<link rel=\"stylesheet\" href=\"/page.css\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <script src=\"/page.js\" defer></script>\n</head>\n<body>\n<header>\n<h1>Mailbox</h1>\n\
         <p><span id=\"count\" role=\"status\">{count}</span> · <a href=\"/messages\">as JSON</a></p>\n\
         <button type=\"button\" id=\"empty\" hidden>Empty</button>\n</header>\n\
         <main>\n{list}</main>\n</body>\n</html>\n"
    )
}

fn article(message: &Message) -> String {
    let id = escape(&message.id);
    let mut article = format!(
        "<article id=\"m-{id}\" aria-labelledby=\"s-{id}\">\n<h2 id=\"s-{id}\">{subject}</h2>\n\
         <dl>\n<dt>To</dt><dd>{to}</dd>\n<dt>From</dt><dd>{from}</dd>\n\
         <dt>Sent</dt><dd><time datetime=\"{time}\">{time}</time></dd>\n</dl>\n\
         <div class=\"text\">{text}</div>\n",
        subject = escape(&message.subject),
        to = escape(&message.to.join(", ")),
        from = escape(&message.from),
        time = message.sent_at.strftime("%FT%TZ"),
        text = linked(&message.text),
    );
    if !message.html.is_empty() {
        article.push_str(&frame(&message.html));
    }
    article.push_str("</article>\n");
    article
}

/// The HTML body, folded away. A link in it opens a new tab, and nothing else in it does anything.
fn frame(html: &str) -> String {
    format!(
        "<details>\n<summary>HTML version</summary>\n<iframe title=\"HTML version\" loading=\"lazy\" \
         sandbox=\"allow-popups allow-popups-to-escape-sandbox\" referrerpolicy=\"no-referrer\" \
         srcdoc=\"{}\"></iframe>\n</details>\n",
        escape(&format!("<base target=\"_blank\">{html}"))
    )
}

/// `text` escaped, with its web addresses made links.
fn linked(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    for word in text.split_inclusive(char::is_whitespace) {
        let start = ["https://", "http://"].iter().filter_map(|scheme| word.find(scheme)).min();
        let (before, rest) = word.split_at(start.unwrap_or(word.len()));
        let url = rest.trim_end_matches(|c: char| c.is_whitespace() || ".,;:!?)>]}'\"".contains(c));
        html.push_str(&escape(before));
        if !url.is_empty() {
            let url = escape(url);
            // Writing to a String cannot fail.
            let _ = write!(html, "<a href=\"{url}\" target=\"_blank\" rel=\"noopener\">{url}</a>");
        }
        html.push_str(&escape(&rest[url.len()..]));
    }
    html
}

/// `text` with what HTML gives a meaning to, in content and in quoted attributes, written out.
fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn nothing_in_a_mail_becomes_part_of_the_page() {
        let hostile = "\"'><script>alert(1)</script>";
        let page = render(&[Message {
            id: hostile.to_owned(),
            to: vec![hostile.to_owned()],
            from: hostile.to_owned(),
            subject: hostile.to_owned(),
            text: format!("{hostile} https://x.test/{hostile}"),
            html: format!("<b>{hostile}</b>"),
            sent_at: Timestamp::UNIX_EPOCH,
        }]);
        assert_eq!(page.matches("<script").count(), 1, "the page's own script only: {page}");
        assert!(!page.contains("<b>"), "a body stays inside its attribute: {page}");
    }

    #[test]
    fn a_links_end_is_not_the_sentences_punctuation() {
        let html = linked("Open\nhttp://localhost:3000/reset#token=a.b-c_d.\n(or https://x.test/?a=1&b=2)");
        assert!(html.contains("href=\"http://localhost:3000/reset#token=a.b-c_d\""), "{html}");
        assert!(html.contains("href=\"https://x.test/?a=1&amp;b=2\""), "{html}");
        assert!(html.ends_with("</a>)"), "{html}");
    }
}
