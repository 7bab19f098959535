static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/missing-bootstrap/a_view");

fn main() {}
