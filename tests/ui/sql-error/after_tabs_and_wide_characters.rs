static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/after_tabs_and_wide_characters");

fn main() {}
