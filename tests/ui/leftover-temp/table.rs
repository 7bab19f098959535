static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/table");

fn main() {}
