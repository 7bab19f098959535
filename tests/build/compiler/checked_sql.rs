//! Every statement that is wrong is told at its literal, and those that are right compile.
#![deny(warnings)]

embed_migrations::checked_sql! { sql, "right" }
embed_migrations::checked_sql! { other, "no_such_folder" }
embed_migrations::checked_sql! { odd, "right", collation = ["x"] }

const EMAIL: &str = "SELECT email FROM users";

fn main() {
    let _: &'static str = sql!("SELECT name FROM parent WHERE id = ?1");
    let _ = sql!("SELECT nmae FROM parent");
    let _ = sql!(
        r"SELECT name
          FROM parnet"
    );
    let _ = sql!("SELECT name FROM parent; SELECT 1");
    let _ = sql!("DROP TABLE parent");
    let _ = sql!(EMAIL);
    let _ = sql!(concat!("SELECT ", "name FROM parent"));
    let _ = sql!();
    let _ = other!("SELECT anything FROM nothing");
    let _ = odd!("SELECT name FROM parent");
}
