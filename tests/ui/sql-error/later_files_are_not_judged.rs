static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/later_files_are_not_judged");

fn main() {}
