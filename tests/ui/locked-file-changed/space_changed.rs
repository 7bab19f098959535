static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/locked-file-changed/space_changed");

fn main() {}
