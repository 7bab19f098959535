static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/no-transaction/no_begin_and_a_file_that_needs_it");

fn main() {}
