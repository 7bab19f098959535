static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/not-recorded/record_deleted_and_written_again");

fn main() {}
