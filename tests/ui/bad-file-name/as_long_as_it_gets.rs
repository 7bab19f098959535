static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-file-name/as_long_as_it_gets");

fn main() {}
