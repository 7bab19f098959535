static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-allow/in_a_shipped_file");

fn main() {}
