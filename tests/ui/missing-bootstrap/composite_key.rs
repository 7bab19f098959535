static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-bootstrap/composite_key");

fn main() {}
