//! A blocking HTTP client for one session: connections that are kept, timeouts, and the way to the leader.
//!
//! What ureq would do by itself is switched off where it would be wrong here: an answer with a status is an answer, and a
//! redirected POST stays a POST.

use std::time::{Duration, Instant};

use crate::error::Error;
use crate::request::{Request, Step};
use crate::session::Session;

/// How often a request may be sent elsewhere.
const REDIRECTS: usize = 5;

/// The largest answer that is read. It is one row for each migration, and as many beyond.
const LARGEST_ANSWER: u64 = 64 << 20;

/// Carries a session out. `told` is called after each step.
pub(crate) fn carry_out(
    session: &mut Session,
    timeout: Duration,
    mut told: impl FnMut(&mut Session),
) -> Result<(), Error> {
    let agent = agent(timeout);
    loop {
        let step = session.next();
        told(session);
        match step? {
            None => return Ok(()),
            Some(Step::Wait(time)) => std::thread::sleep(time),
            Some(Step::Request(request)) => {
                let start = Instant::now();
                let answer = send(&agent, &request);
                session.passed(start.elapsed());
                let result = match answer {
                    Ok((status, body)) => session.receive(status, &body),
                    Err(error) => session.lost(error),
                };
                told(session);
                result?;
            }
        }
    }
}

fn agent(timeout: Duration) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(timeout.min(Duration::from_secs(10))))
        .timeout_global(Some(timeout))
        .user_agent(concat!("embed-migrations/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

fn send(agent: &ureq::Agent, request: &Request) -> Result<(u16, Vec<u8>), ureq::Error> {
    let mut url = request.url().to_owned();
    for _ in 0..=REDIRECTS {
        let mut builder = agent.post(&url);
        for (name, value) in request.headers() {
            builder = builder.header(name, value);
        }
        let mut answer = builder.send(request.body())?;
        let status = answer.status().as_u16();
        let location = answer.headers().get("location").and_then(|location| location.to_str().ok());
        match location.filter(|_| matches!(status, 301 | 302 | 307 | 308)).and_then(|to| target(&url, to)) {
            Some(target) => url = target,
            None => {
                let body = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec()?;
                return Ok((status, body));
            }
        }
    }
    Err(ureq::Error::TooManyRedirects)
}

/// Where a redirect leads: the whole URL of the leader, or another path here. Never from TLS to none, as what authorises
/// the request goes along.
fn target(from: &str, to: &str) -> Option<String> {
    let (scheme, rest) = from.split_once("://")?;
    if to.starts_with('/') {
        let host = rest.split('/').next()?;
        return Some(format!("{scheme}://{host}{to}"));
    }
    let (new, _) = to.split_once("://")?;
    let kept = new == scheme || (scheme == "http" && new == "https");
    kept.then(|| to.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_the_leader_and_never_out_of_tls() {
        for (from, to, target_url) in [
            ("http://a:1/db/execute?x", "http://b:2/db/execute?x", Some("http://b:2/db/execute?x")),
            ("http://a:1/x", "/y", Some("http://a:1/y")),
            ("http://a/x", "https://a/x", Some("https://a/x")),
            ("https://a/x", "http://b/x", None),
            ("http://a/x", "file:///etc/passwd", None),
            ("http://a/x", "y", None),
        ] {
            assert_eq!(target(from, to).as_deref(), target_url, "{from} {to}");
        }
    }
}
