static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/bad-text/cr_in_a_crlf_file");

fn main() {}
