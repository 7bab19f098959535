static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-bootstrap/composite_key");

fn main() {}
