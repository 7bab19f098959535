//! The sessions against engines that are a SQLite of this process, with every kind of answer at every step.

mod answers;
mod course;
mod fake;
#[path = "../shared/sets.rs"]
mod sets;
mod words;
