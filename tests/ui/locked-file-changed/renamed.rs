static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/locked-file-changed/renamed");

fn main() {}
