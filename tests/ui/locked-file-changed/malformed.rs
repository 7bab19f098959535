static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/locked-file-changed/malformed");

fn main() {}
