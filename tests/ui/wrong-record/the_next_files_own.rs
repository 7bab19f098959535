static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/the_next_files_own");

fn main() {}
