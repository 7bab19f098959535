static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/resets-autoincrement/rows_deleted_first");

fn main() {}
