static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/far_along_a_long_line");

fn main() {}
