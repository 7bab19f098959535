static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-rows/through_a_temporary_copy");

fn main() {}
