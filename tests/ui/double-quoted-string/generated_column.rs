static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/generated_column");

fn main() {}
