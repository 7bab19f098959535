static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/row_on_a_later_line");

fn main() {}
