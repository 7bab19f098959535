static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-trigger/created_while_the_old_table_holds_the_name");

fn main() {}
