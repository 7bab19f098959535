static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-bootstrap/no_primary_key");

fn main() {}
