static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/copy_with_a_new_name");

fn main() {}
