static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/no-transaction/commented_commit");

fn main() {}
