static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-bootstrap/unique_is_no_primary_key");

fn main() {}
