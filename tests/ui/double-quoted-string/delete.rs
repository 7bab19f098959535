static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/delete");

fn main() {}
