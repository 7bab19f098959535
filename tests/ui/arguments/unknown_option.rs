static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui", function = ["a/1"]);

fn main() {}
