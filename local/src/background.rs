//! Servers that outlive the runtime that asked for them.
//!
//! Every `#[tokio::test]` has a runtime of its own, and what was spawned on it dies with it. A
//! server that many tests share therefore runs on a thread of its own, until the process ends.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// Starts `serve` on a free loopback port and returns the address once it listens.
///
/// # Errors
/// The thread, its runtime or the listener could not be had.
pub(crate) async fn serve<S, F>(name: &str, serve: S) -> io::Result<SocketAddr>
where
    S: FnOnce(TcpListener) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let (ready, address) = oneshot::channel();
    thread::Builder::new().name(name.to_owned()).spawn(move || run(serve, ready))?;
    address.await.unwrap_or_else(|_| Err(io::Error::other("the server ended before it listened")))
}

fn run<S, F>(serve: S, ready: oneshot::Sender<io::Result<SocketAddr>>)
where
    S: FnOnce(TcpListener) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let listening = runtime.and_then(|runtime| {
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        Ok((runtime, listener, address))
    });
    match listening {
        Ok((runtime, listener, address)) => {
            if ready.send(Ok(address)).is_ok() {
                // On a worker: from this thread each new connection would wait for one more to wake up.
                let _ = runtime.block_on(runtime.spawn(serve(listener)));
            }
        }
        // A receiver that has gone away wants no answer.
        Err(error) => drop(ready.send(Err(error))),
    }
}
