static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/resets-autoincrement/rows_deleted_first");

fn main() {}
