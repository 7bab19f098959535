static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/foreign-key-violation/allowed_but_certain");

fn main() {}
