static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/forbidden-statement/pragmas");

fn main() {}
