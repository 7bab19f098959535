static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-bootstrap/key_on_another_column");

fn main() {}
