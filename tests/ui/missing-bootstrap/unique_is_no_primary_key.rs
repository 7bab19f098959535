static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-bootstrap/unique_is_no_primary_key");

fn main() {}
