static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/unterminated_after_begin_only");

fn main() {}
