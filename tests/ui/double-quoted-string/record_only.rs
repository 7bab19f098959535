static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/record_only");

fn main() {}
