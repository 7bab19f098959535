static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/copy_of_the_file_before");

fn main() {}
