static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/dangling-reference/at_the_file_that_did_it");

fn main() {}
