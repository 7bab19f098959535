static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/two_in_one_statement");

fn main() {}
