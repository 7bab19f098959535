static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/no_break_space");

fn main() {}
