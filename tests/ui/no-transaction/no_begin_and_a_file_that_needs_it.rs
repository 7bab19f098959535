static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/no_begin_and_a_file_that_needs_it");

fn main() {}
