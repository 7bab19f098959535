static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/through_a_temporary_copy");

fn main() {}
