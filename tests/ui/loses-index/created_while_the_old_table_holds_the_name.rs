static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-index/created_while_the_old_table_holds_the_name");

fn main() {}
