//! What a session asks of its caller: to send a request, or to wait. Holds what has to be sent, and shows no secret.

use std::fmt;
use std::time::Duration;

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this, and tell the session what came back: [`receive`](crate::Session::receive) or
    /// [`lost`](crate::Session::lost).
    Request(Request),
    /// Wait this long, and ask again.
    Wait(Duration),
}

/// An HTTP request. `Debug` leaves out what authorises it.
#[derive(Clone)]
pub struct Request {
    pub(crate) url: String,
    pub(crate) authorization: Option<Secret>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Always `POST`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        "POST"
    }

    /// Where to send it. Holds no user, password or token.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Names and values. `authorization` is among them where the engine asks for it.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let authorization = self.authorization.as_ref().map(|secret| ("authorization", secret.0.as_str()));
        [("content-type", "application/json"), ("accept", "application/json")]
            .into_iter()
            .chain(authorization)
    }

    /// JSON.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method())
            .field("url", &self.url)
            .field("authorization", &self.authorization)
            .field("body", &String::from_utf8_lossy(&self.body))
            .finish()
    }
}

/// What nobody may read in a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(pub(crate) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}
