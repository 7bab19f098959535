static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/ineffective-pragma/foreign_key_check");

fn main() {}
