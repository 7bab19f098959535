static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/foreign_keys_left_off");

fn main() {}
