static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/sql-error/broken_view_blocks_rename");

fn main() {}
