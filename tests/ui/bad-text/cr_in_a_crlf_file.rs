static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!("ui/bad-text/cr_in_a_crlf_file");

fn main() {}
