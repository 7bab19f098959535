static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/outside-transaction/what_it_made_is_used_later");

fn main() {}
