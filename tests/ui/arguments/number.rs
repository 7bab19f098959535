static _MIGRATIONS: embed_migrations::Migrations = embed_migrations::embed_migrations!(5);

fn main() {}
