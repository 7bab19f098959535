static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/forbidden-statement/journal_mode_before_begin");

fn main() {}
