static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/or_ignore_with_common_table");

fn main() {}
