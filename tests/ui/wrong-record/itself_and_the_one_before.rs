static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/wrong-record/itself_and_the_one_before");

fn main() {}
