static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/not_rehearsed_needs_a_right_record");

fn main() {}
