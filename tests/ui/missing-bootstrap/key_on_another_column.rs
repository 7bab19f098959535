static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-bootstrap/key_on_another_column");

fn main() {}
