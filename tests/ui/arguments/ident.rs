static _MIGRATIONS: migrate::Migrations = migrate::embed_migrations!(migrations);

fn main() {}
