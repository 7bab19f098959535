static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/two_files_swapped");

fn main() {}
