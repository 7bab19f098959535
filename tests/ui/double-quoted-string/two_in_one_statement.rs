static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/double-quoted-string/two_in_one_statement");

fn main() {}
