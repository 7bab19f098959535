static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/second_row_of_many");

fn main() {}
