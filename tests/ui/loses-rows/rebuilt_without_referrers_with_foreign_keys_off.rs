static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/loses-rows/rebuilt_without_referrers_with_foreign_keys_off");

fn main() {}
