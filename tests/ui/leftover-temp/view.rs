static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/view");

fn main() {}
