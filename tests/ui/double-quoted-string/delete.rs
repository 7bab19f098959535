static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/double-quoted-string/delete");

fn main() {}
