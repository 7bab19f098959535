static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/several-rules/rehearsal_and_pure_rules");

fn main() {}
