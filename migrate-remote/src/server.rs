//! Where an engine is, and what it asks for: a URL taken apart, with user, password and token out of it, so that no
//! message that shows a URL shows them.

use crate::request::{Request, Secret};

/// An engine's address.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// `http://host:port/prefix`, without a `/` at the end, or what is wrong with it.
    base: Result<String, &'static str>,
    authorization: Option<Secret>,
    /// What a server's answer must not be shown with.
    secrets: Vec<Secret>,
}

impl Server {
    /// Reads `scheme://user:password@host:port/prefix?authToken=…`. `schemes` are the engine's own, without TLS and with
    /// it; `http` and `https` always do.
    pub(crate) fn new(url: &str, plain: &str, tls: &str) -> Self {
        let mut server = Self { base: Err(""), authorization: None, secrets: Vec::new() };
        server.base = server.read(url.trim(), plain, tls);
        server
    }

    fn read(&mut self, url: &str, plain: &str, tls: &str) -> Result<String, &'static str> {
        let (scheme, rest) = url.split_once("://").ok_or("it has no scheme, such as https://")?;
        let scheme = scheme.to_ascii_lowercase();
        let mut secure = match scheme.as_str() {
            "https" => true,
            "http" => false,
            own if own == tls => true,
            own if own == plain => false,
            _ => return Err("its scheme is not one of this engine"),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "authToken" => self.bearer(&decoded(value)),
                "tls" => secure = value != "0",
                _ => return Err("it has a parameter that is not known here"),
            }
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = match authority.rsplit_once('@') {
            Some((user, host)) => {
                let (user, password) = user.split_once(':').unwrap_or((user, ""));
                self.basic(&decoded(user), &decoded(password));
                host
            }
            None => authority,
        };
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("it names no host");
        }
        let path = path.trim_end_matches('/');
        let slash = if path.is_empty() { "" } else { "/" };
        Ok(format!("{}://{host}{slash}{path}", if secure { "https" } else { "http" }))
    }

    pub(crate) fn basic(&mut self, user: &str, password: &str) {
        let encoded = base64(format!("{user}:{password}").as_bytes());
        self.secrets.extend([Secret(password.to_owned()), Secret(encoded.clone())]);
        self.authorization = Some(Secret(format!("Basic {encoded}")));
    }

    pub(crate) fn bearer(&mut self, token: &str) {
        self.secrets.push(Secret(token.to_owned()));
        self.authorization = Some(Secret(format!("Bearer {token}")));
    }

    /// What is wrong with the URL.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        if let Err(problem) = self.base {
            return Some(problem);
        }
        // It would end the header, and the client would refuse it with the value in its message.
        let broken =
            self.authorization.as_ref().is_some_and(|secret| secret.0.contains(|c: char| c.is_control()));
        broken.then_some("its token or password holds a control character")
    }

    pub(crate) fn request(&self, path: &str, body: &serde_json::Value) -> Request {
        let base = self.base.as_deref().unwrap_or_default();
        Request {
            url: format!("{base}{path}"),
            authorization: self.authorization.clone(),
            body: body.to_string().into_bytes(),
        }
    }

    /// What a server or a client said, without what it must not say.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut secrets: Vec<_> = self.secrets.iter().map(|secret| secret.0.as_str()).collect();
        // The longest first, as one may be the beginning of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret, "(secret)");
        }
        text
    }
}

/// `%41` as `A`. What is no such escape stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = match (byte, tail) {
            (b'%', [high, low, ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
            }
            _ => None,
        };
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let index = usize::try_from(word >> (18 - 6 * digit) & 63).unwrap_or_default();
            let padding = digit > chunk.len();
            text.push(if padding { '=' } else { DIGITS.get(index).copied().map_or('=', char::from) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_shows_no_secret() {
        for (url, base, authorization) in [
            ("http://127.0.0.1:4001", "http://127.0.0.1:4001/x", None),
            ("rqlite://localhost:4001/", "http://localhost:4001/x", None),
            ("rqlites://[::1]:4001", "https://[::1]:4001/x", None),
            ("https://host/a/b/", "https://host/a/b/x", None),
            ("HTTP://u:p%40ss@host:1", "http://host:1/x", Some("Basic dTpwQHNz")),
            ("rqlites://host?authToken=a%2Bb", "https://host/x", Some("Bearer a+b")),
            ("rqlites://host?tls=0", "http://host/x", None),
        ] {
            let server = Server::new(url, "rqlite", "rqlites");
            assert_eq!(server.problem(), None, "{url}");
            let request = server.request("/x", &serde_json::json!([]));
            assert_eq!(request.url(), base, "{url}");
            let found = request.headers().find(|(name, _)| *name == "authorization").map(|(_, value)| value);
            assert_eq!(found, authorization, "{url}");
            let shown = format!("{request:?} {server:?}");
            for secret in ["p@ss", "p%40ss", "a+b", "dTpwQHNz"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }

    #[test]
    fn a_url_that_cannot_be_one_is_told() {
        for url in
            ["", "localhost:4001", "postgres://host", "http://", "http://u:p@", "http://a b", "http://h?x=1"]
        {
            assert!(Server::new(url, "rqlite", "rqlites").problem().is_some(), "{url}");
        }
        let mut server = Server::new("http://host", "rqlite", "rqlites");
        server.bearer("a\r\nb");
        assert!(server.problem().is_some());
    }

    #[test]
    fn base64_pads_what_is_short() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn an_answer_that_repeats_a_secret_is_not_shown_with_it() {
        let mut server = Server::new("http://host", "rqlite", "rqlites");
        server.basic("user", "hunter2");
        assert_eq!(server.redacted("wrong password hunter2"), "wrong password (secret)");
    }
}
