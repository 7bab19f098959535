static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/double-quoted-string/same_text_elsewhere");

fn main() {}
