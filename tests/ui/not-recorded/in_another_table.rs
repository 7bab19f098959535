static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/in_another_table");

fn main() {}
