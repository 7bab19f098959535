static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/duplicate-version/one_of_another_width");

fn main() {}
