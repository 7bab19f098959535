static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!("ui/missing-bootstrap/only_in_a_comment");

fn main() {}
