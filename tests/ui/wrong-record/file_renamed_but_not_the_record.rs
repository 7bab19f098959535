static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/file_renamed_but_not_the_record");

fn main() {}
