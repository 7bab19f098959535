static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/insert_and_update");

fn main() {}
