static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/index_and_check");

fn main() {}
