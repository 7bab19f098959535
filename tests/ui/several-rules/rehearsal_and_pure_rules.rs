static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/several-rules/rehearsal_and_pure_rules");

fn main() {}
