static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/loses-rows/rebuilt_without_referrers_with_foreign_keys_off");

fn main() {}
