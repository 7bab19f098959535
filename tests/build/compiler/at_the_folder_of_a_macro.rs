//! A folder that comes through a macro of the application's own.
macro_rules! mine {
    ($folder:literal) => {
        embed_migrations::embed_migrations!($folder)
    };
}

static MIGRATIONS: embed_migrations::Migrations = mine!("typo");

fn main() {}
