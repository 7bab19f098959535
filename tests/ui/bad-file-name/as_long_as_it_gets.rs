static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-file-name/as_long_as_it_gets");

fn main() {}
