//! The two engines, as a program names them.

use std::fmt;

use embed_migrations_core::__remote::Engine;
use embed_migrations_core::Migrations;

use crate::server::Server;
use crate::session::Session;

/// A libSQL server: sqld or Turso.
///
/// The URL begins with `http://`, `https://` or `libsql://`, which is `https://` by another name. A token may also stand in
/// it, as `?authToken=…`.
#[derive(Clone)]
pub struct LibSql {
    pub(crate) server: Server,
}

impl LibSql {
    /// The server at a URL. One that cannot be a URL is told by the first call that would use it.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { server: Server::new(url, "", "libsql") }
    }

    /// With a token, which goes along as `Authorization: Bearer …`.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.server.bearer(token);
        self
    }

    /// A run that does no I/O of its own.
    pub fn session(&self, migrations: &Migrations) -> Session {
        Session::new(Engine::LibSql, self.server.clone(), *migrations)
    }
}

/// A cluster of rqlite, by one of its nodes.
///
/// The URL begins with `http://`, `https://`, `rqlite://` or `rqlites://`, of which the third is `http://` and the last
/// `https://`. User and password may also stand in it.
#[derive(Clone)]
pub struct Rqlite {
    pub(crate) server: Server,
}

impl Rqlite {
    /// The cluster with a node at a URL. One that cannot be a URL is told by the first call that would use it.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self { server: Server::new(url, "rqlite", "rqlites") }
    }

    /// With a user and a password, which go along as `Authorization: Basic …`.
    #[must_use]
    pub fn basic(mut self, user: &str, password: &str) -> Self {
        self.server.basic(user, password);
        self
    }

    /// A run that does no I/O of its own.
    pub fn session(&self, migrations: &Migrations) -> Session {
        Session::new(Engine::Rqlite, self.server.clone(), *migrations)
    }
}

impl fmt::Debug for LibSql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LibSql").field(&self.server).finish()
    }
}

impl fmt::Debug for Rqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rqlite").field(&self.server).finish()
    }
}
