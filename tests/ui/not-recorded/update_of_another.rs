static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/update_of_another");

fn main() {}
