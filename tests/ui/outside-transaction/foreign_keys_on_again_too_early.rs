static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/foreign_keys_on_again_too_early");

fn main() {}
