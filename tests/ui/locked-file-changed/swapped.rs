static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/locked-file-changed/swapped");

fn main() {}
