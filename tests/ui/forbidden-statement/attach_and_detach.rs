static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/forbidden-statement/attach_and_detach");

fn main() {}
