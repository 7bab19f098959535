static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/zero_width_space");

fn main() {}
