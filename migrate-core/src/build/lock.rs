//! `migrations.lock`: which files are shipped history, and may no longer change. Pure.
//!
//! A line `SHA-256  FILE` for each file, in the format of `sha256sum`. The hash is taken over the normalised
//! text without its comments, so that those can still be mended.

use sha2::{Digest, Sha256};

use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::rule::Rule;
use crate::sql::token::{self, TokenKind};

/// What the file is called, beside the migrations.
pub(crate) const FILE_NAME: &str = "migrations.lock";

/// Holds the files of a folder, as names and normalised texts, against its lock. Gives the names of the shipped
/// ones, and what has become of them.
pub(crate) fn check(shown: &str, lock: &str, files: &[(&str, &str)]) -> (Vec<String>, Vec<Problem>) {
    let mut shipped = Vec::new();
    let mut problems = Vec::new();
    let mut offset = 0;
    for line in lock.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut problem = |message| {
            problems.push(Problem {
                file: format!("{shown}/{FILE_NAME}"),
                place: Some(Place::new(lock, start..start + line.len())),
                rule: Rule::LockedFileChanged,
                message,
            });
        };
        let entry = line.split_once(char::is_whitespace).map(|(hash, name)| {
            // `sha256sum --binary` puts a star before the name.
            let name = name.trim_start();
            (hash, name.strip_prefix('*').unwrap_or(name))
        });
        let Some((locked, name)) = entry.filter(|(hash, _)| is_hash(hash)) else {
            problem(
                "a line of this file is a SHA-256 in hexadecimal, two spaces, and a file name".to_owned(),
            );
            continue;
        };
        shipped.push(name.to_owned());
        if let Some((_, text)) = files.iter().find(|(file, _)| *file == name) {
            if !locked.eq_ignore_ascii_case(&hash(text)) {
                problems.push(Problem::of_file(
                    format!("{shown}/{name}"),
                    Rule::LockedFileChanged,
                    "the file is shipped, and databases out there have run it as it was; restore it, and write the \
                     change into the next file",
                ));
            }
            continue;
        }
        let renamed = files.iter().find(|(_, text)| locked.eq_ignore_ascii_case(&hash(text)));
        problem(match renamed {
            Some((now, _)) => format!("{name} is shipped, and is now called {now}; give it its name back"),
            None => format!("{name} is shipped, and is no longer there; restore it"),
        });
    }
    (shipped, problems)
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The hash of a normalised text, in hexadecimal.
pub(crate) fn hash(text: &str) -> String {
    let digest = Sha256::digest(without_comments(text).as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text as if its comments had never been written: a comment goes with the space before it, and takes its
/// line along where nothing else is on it.
pub(crate) fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut after_comment = false;
    for token in token::tokens(text) {
        let mut piece = token.text;
        if token.kind == TokenKind::Comment {
            kept.truncate(kept.trim_end_matches([' ', '\t']).len());
            after_comment = true;
            continue;
        }
        if std::mem::take(&mut after_comment) && (kept.is_empty() || kept.ends_with('\n')) {
            piece = piece.strip_prefix([' ', '\t']).unwrap_or(piece).trim_start_matches([' ', '\t']);
            piece = piece.strip_prefix('\n').unwrap_or(piece);
        }
        kept.push_str(piece);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_leave_no_trace() {
        for (text, bare) in [
            ("BEGIN;\n-- a\nCOMMIT;\n", "BEGIN;\nCOMMIT;\n"),
            ("-- a\n\nBEGIN;", "\nBEGIN;"),
            ("BEGIN; -- a\nCOMMIT;", "BEGIN;\nCOMMIT;"),
            ("  /* a */ \nBEGIN;", "BEGIN;"),
            ("SELECT '-- a';", "SELECT '-- a';"),
            ("BEGIN; COMMIT;\n-- a", "BEGIN; COMMIT;\n"),
        ] {
            assert_eq!(without_comments(text), bare, "{text:?}");
        }
    }

    #[test]
    fn a_text_without_comments_is_hashed_as_it_is() {
        // printf 'BEGIN;\n' | sha256sum
        let text = "BEGIN;\n";
        assert_eq!(without_comments(text), text);
        assert_eq!(hash(text), "b3c34a6baecf4bc98f21f56f9f1fc003051b61aaec14fcd8d7e80b6341f2ecce");
    }

    #[test]
    fn what_is_shipped_stays() {
        let lock = |hash: &str, name: &str| format!("# shipped\n\n{hash}  {name}\n");
        let files = [("000_a.sql", "BEGIN;\n"), ("001_b.sql", "COMMIT;\n")];
        let told = |lock: String| {
            let (_, problems) = check("m", &lock, &files);
            problems
                .iter()
                .map(|problem| problem.to_string().lines().next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(told(lock(&hash("BEGIN;\n"), "000_a.sql")), [""; 0]);
        assert_eq!(told(lock(&hash("-- x\nBEGIN;\n").to_uppercase(), "000_a.sql")), [""; 0]);
        for (lock, words) in [
            (lock(&hash("END;\n"), "000_a.sql"), "m/000_a.sql: the file is shipped"),
            (
                lock(&hash("COMMIT;\n"), "001_c.sql"),
                "m/migrations.lock:3:1: 001_c.sql is shipped, and is now called 001_b.sql",
            ),
            (
                lock(&hash("END;\n"), "001_c.sql"),
                "m/migrations.lock:3:1: 001_c.sql is shipped, and is no longer there",
            ),
            (lock("12", "001_b.sql"), "m/migrations.lock:3:1: a line of this file is"),
        ] {
            let told = told(lock);
            assert!(told.len() == 1 && told[0].starts_with(words), "{told:?}");
        }
    }
}
