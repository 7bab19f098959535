static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/nul_in_comment_and_string");

fn main() {}
