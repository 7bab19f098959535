static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/in_the_record");

fn main() {}
