static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/double-quoted-string/second_row_of_many");

fn main() {}
