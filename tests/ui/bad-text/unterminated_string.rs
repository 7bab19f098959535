static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/unterminated_string");

fn main() {}
