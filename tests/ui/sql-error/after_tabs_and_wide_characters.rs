static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/sql-error/after_tabs_and_wide_characters");

fn main() {}
