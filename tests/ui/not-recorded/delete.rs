static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/delete");

fn main() {}
