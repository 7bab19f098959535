static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/leftover-temp/two");

fn main() {}
