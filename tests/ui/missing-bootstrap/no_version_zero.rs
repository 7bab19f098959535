static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-bootstrap/no_version_zero");

fn main() {}
