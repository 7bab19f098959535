static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-bootstrap/key_that_ignores_conflicts");

fn main() {}
