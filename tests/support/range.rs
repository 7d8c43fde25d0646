//! What stands in for the range check of Pwned Passwords.

use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How it answers.
#[derive(Clone, Debug)]
pub enum Range {
    /// This status and this body.
    Says(u16, String),
    /// Never.
    Hangs,
    /// By closing the connection.
    Closes,
}

/// A service that answers every range alike, and keeps what it was asked.
#[derive(Debug)]
pub struct Ranges {
    /// Where it listens: `HIBP_URL`.
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Ranges {
    /// Starts one. It lives as long as the test.
    pub async fn new(range: Range) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let server = tokio::spawn(serve(listener, range, asked.clone()));
        Self { url, asked, server }
    }

    /// The heads of the requests, in small letters.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// From now on nobody listens.
    pub async fn gone(self) -> String {
        self.server.abort();
        let _ = self.server.await;
        self.url
    }
}

/// 40 capital digits.
#[must_use]
pub fn sha1(text: &str) -> String {
    let mut hex = String::new();
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref() {
        hex += &format!("{byte:02X}");
    }
    hex
}

/// A range that lists `password` so many times, among others.
#[must_use]
pub fn listing(password: &str, times: u32) -> String {
    let other = |last: u8| format!("{}{last:02X}:1\r\n", "0A".repeat(16) + "0");
    format!("{}{}:{times}\r\n{}", other(1), &sha1(password)[5..], other(2).trim_end())
}

async fn serve(listener: TcpListener, range: Range, asked: Arc<Mutex<Vec<String>>>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let (range, asked) = (range.clone(), asked.clone());
        tokio::spawn(async move {
            let head = head(&mut client).await;
            asked.lock().unwrap().push(head.to_lowercase());
            let answer = match range {
                Range::Hangs => std::future::pending().await,
                Range::Closes => return,
                Range::Says(status, body) => {
                    format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n\r\n{body}", body.len())
                }
            };
            let _ = client.write_all(answer.as_bytes()).await;
        });
    }
}

async fn head(client: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") && client.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {}
    String::from_utf8(bytes).unwrap()
}
