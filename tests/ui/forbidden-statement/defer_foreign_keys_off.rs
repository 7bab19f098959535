static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/forbidden-statement/defer_foreign_keys_off");

fn main() {}
