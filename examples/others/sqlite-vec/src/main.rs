//! Vectors beside the rows that they belong to, in virtual tables of sqlite-vec. The compiler has no sqlite-vec: it rehearses
//! with a stand-in that has the same columns.

use std::error::Error;
use std::ffi::{c_char, c_int};

use embed_migrations::rusqlite::{Connection, ffi};
use embed_migrations::{Migrations, checked_sql, embed_migrations};

static MIGRATIONS: Migrations = embed_migrations!("migrations", modules = ["vec0(distance, k)"]);
checked_sql! { sql, "migrations", modules = ["vec0(distance, k)"] }

type Init =
    unsafe extern "C" fn(*mut ffi::sqlite3, *mut *mut c_char, *const ffi::sqlite3_api_routines) -> c_int;

fn main() -> Result<(), Box<dyn Error>> {
    // SAFETY: this is the entry point of an extension, which sqlite-vec declares without its arguments.
    let code = unsafe {
        let init = std::mem::transmute::<*const (), Init>(sqlite_vec::sqlite3_vec_init as *const ());
        ffi::sqlite3_auto_extension(Some(init))
    };
    assert_eq!(code, ffi::SQLITE_OK);

    let mut conn = Connection::open_in_memory()?;
    MIGRATIONS.runner().target("001").run(&mut conn)?;
    for (note, vector) in [(1, "[0, 0, 1]"), (2, "[0, 1, 0]"), (3, "[1, 0, 0]")] {
        conn.execute("INSERT INTO note_vectors (note, embedding) VALUES (?1, ?2)", (note, vector))?;
    }

    // The newer release finds what the older one stored.
    MIGRATIONS.run(&mut conn)?;
    let mut nearest = conn.prepare(sql!(
        "SELECT note FROM vectors WHERE embedding MATCH ?1 AND k = 2 AND language = 'en' ORDER BY distance"
    ))?;
    let notes: Vec<i64> =
        nearest.query_map(["[0, 0.9, 0.2]"], |row| row.get(0))?.collect::<Result<_, _>>()?;
    assert_eq!(notes, [2, 1]);
    println!("nearest: {notes:?}");
    Ok(())
}
