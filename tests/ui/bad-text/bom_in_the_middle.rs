static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/bom_in_the_middle");

fn main() {}
