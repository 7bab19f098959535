static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/two_statements_of_one_line");

fn main() {}
