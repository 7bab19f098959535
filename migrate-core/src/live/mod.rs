//! Questions to an open connection, asked by a run and by the rehearsal alike. Nothing here changes a database.

pub(crate) mod foreign_keys;
pub(crate) mod history;
pub(crate) mod locate;
pub(crate) mod objects;
pub(crate) mod row;
#[cfg(feature = "build")]
pub(crate) mod schema;
pub(crate) mod temporary;
