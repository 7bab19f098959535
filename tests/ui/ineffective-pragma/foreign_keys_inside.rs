static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/ineffective-pragma/foreign_keys_inside");

fn main() {}
