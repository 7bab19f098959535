static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/in_the_temporary_schema");

fn main() {}
