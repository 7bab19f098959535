//! Every trap that was met at run time, one test each. The id in a comment is only a label: D1, F2 …

mod files;
mod foreign_keys;
mod locks;
mod security;
mod text;
mod transactions;
mod versions;
