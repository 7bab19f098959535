static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/forbidden-statement/journal_mode_before_begin");

fn main() {}
