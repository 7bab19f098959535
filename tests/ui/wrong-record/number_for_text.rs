static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/number_for_text");

fn main() {}
