static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/in_rebuild");

fn main() {}
