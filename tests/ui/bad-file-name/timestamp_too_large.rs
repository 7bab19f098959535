static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-file-name/timestamp_too_large");

fn main() {}
