static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/double-quoted-string/same_text_elsewhere");

fn main() {}
