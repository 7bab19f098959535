//! A proxy of the tests' own, on loopback, that loses what it is told to lose. One connection upstream for each request, so
//! that each can be treated by its number.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use embed_migrations_remote::{LibSql, Rqlite};

use crate::Client;

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    Nothing,
    /// It never arrives.
    DropsRequest,
    /// It arrives, and the client hears nothing.
    DropsAnswer,
    /// Its first bytes arrive.
    CutsRequest(usize),
    /// The client hears the first bytes of the answer.
    CutsAnswer(usize),
    /// It arrives twice, and the client hears the first answer, or the second.
    Doubles {
        second: bool,
    },
    /// It arrives later.
    Delays(Duration),
}

pub(crate) struct Proxy {
    pub(crate) port: u16,
    open: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<usize>>>,
}

impl Proxy {
    /// In front of a server, with a rule for each request by its number.
    pub(crate) fn start(target: u16, rule: impl Fn(usize) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let (open, seen) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(Vec::new())));
        let rule = Arc::new(rule);
        let (is_open, has_seen) = (Arc::clone(&open), Arc::clone(&seen));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if !is_open.load(Ordering::Relaxed) {
                    return;
                }
                let (rule, seen) = (Arc::clone(&rule), Arc::clone(&has_seen));
                std::thread::spawn(move || serve(client, target, &*rule, &seen));
            }
        });
        Self { port, open, seen }
    }

    /// The same client, by way of the proxy.
    pub(crate) fn client(&self, client: &Client) -> Client {
        let url = format!("http://127.0.0.1:{}", self.port);
        match client {
            Client::LibSql(_) => Client::LibSql(LibSql::new(&url)),
            Client::Rqlite(_) => Client::Rqlite(Rqlite::new(&url)),
        }
    }

    /// How long the answers were, in the order of requests.
    pub(crate) fn seen(&self) -> Vec<usize> {
        self.seen.lock().expect("nobody panics with it").clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.open.store(false, Ordering::Relaxed);
        // One more connection, so that the listener looks.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(mut client: TcpStream, target: u16, rule: &dyn Fn(usize) -> Does, seen: &Mutex<Vec<usize>>) {
    let _ = client.set_read_timeout(Some(Duration::from_secs(60)));
    while let Some(request) = message(&mut client) {
        let number = {
            let mut seen = seen.lock().expect("nobody panics with it");
            seen.push(0);
            seen.len() - 1
        };
        let does = rule(number);
        match does {
            Does::DropsRequest => return,
            Does::Delays(time) => std::thread::sleep(time),
            Does::CutsRequest(bytes) => {
                let _ = upstream(target, request.get(..bytes).unwrap_or(&request), false);
                return;
            }
            _ => {}
        }
        let mut answer = upstream(target, &request, true);
        if let Does::Doubles { second } = does {
            let again = upstream(target, &request, true);
            if second {
                answer = again;
            }
        }
        let Some(answer) = answer else { return };
        seen.lock().expect("nobody panics with it")[number] = answer.len();
        let heard = match does {
            Does::DropsAnswer => return,
            Does::CutsAnswer(bytes) => answer.get(..bytes).unwrap_or(&answer),
            _ => &answer,
        };
        if client.write_all(heard).is_err() || matches!(does, Does::CutsAnswer(_)) {
            return;
        }
    }
}

fn upstream(target: u16, request: &[u8], whole: bool) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(("127.0.0.1", target)).ok()?;
    server.set_read_timeout(Some(Duration::from_secs(if whole { 60 } else { 2 }))).ok()?;
    server.write_all(request).ok()?;
    if !whole {
        server.shutdown(std::net::Shutdown::Write).ok()?;
        let _ = server.read_to_end(&mut Vec::new());
        return None;
    }
    message(&mut server)
}

/// One whole HTTP message. None where the other side closed before.
fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    let more = |stream: &mut TcpStream, data: &mut Vec<u8>| {
        let mut part = [0; 65536];
        let read = stream.read(&mut part).ok().filter(|&read| read > 0)?;
        data.extend_from_slice(&part[..read]);
        Some(())
    };
    let find = |data: &[u8], from: usize, what: &[u8]| {
        data.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| from + at)
    };
    let body = loop {
        if let Some(end) = find(&data, 0, b"\r\n\r\n") {
            break end + 4;
        }
        more(stream, &mut data)?;
    };
    let head = String::from_utf8_lossy(&data[..body]).to_ascii_lowercase();
    if let Some((_, length)) = head.split_once("\r\ncontent-length:") {
        let length: usize = length.split("\r\n").next()?.trim().parse().ok()?;
        while data.len() < body + length {
            more(stream, &mut data)?;
        }
    } else if head.contains("transfer-encoding: chunked") {
        let mut at = body;
        loop {
            let line = loop {
                if let Some(line) = find(&data, at, b"\r\n") {
                    break line;
                }
                more(stream, &mut data)?;
            };
            let size = usize::from_str_radix(std::str::from_utf8(&data[at..line]).ok()?.trim(), 16).ok()?;
            at = line + 2 + size + 2;
            while data.len() < at {
                more(stream, &mut data)?;
            }
            if size == 0 {
                break;
            }
        }
    }
    Some(data)
}
