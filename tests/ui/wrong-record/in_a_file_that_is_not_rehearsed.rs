static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/in_a_file_that_is_not_rehearsed");

fn main() {}
