//! The entries of a migrations folder, by their names alone: which are migrations, which are left alone, and
//! what a refused name could be instead. Pure.

use crate::model::name;
use crate::model::numbering::Numbering;

/// The lock file, beside the migrations: which of them are shipped history.
pub(crate) const LOCK: &str = "migrations.lock";

/// The folder of tests, beside the migrations.
#[cfg(any(feature = "build", feature = "include_dir"))]
pub(crate) const TESTS: &str = "tests";

/// The number that a refused name begins with, if it does.
pub(super) fn leading_number(file_name: &str) -> Option<u64> {
    name::number(leading_digits(file_name))
}

fn leading_digits(file_name: &str) -> &str {
    let digits = file_name.bytes().take_while(u8::is_ascii_digit).count();
    file_name.get(..digits).unwrap_or_default()
}

/// A name that would be accepted in place of `file_name`. `next` is the version to use where it has none.
pub(super) fn suggest(file_name: &str, next: u64, numbering: Numbering) -> String {
    let number = leading_number(file_name).and_then(|number| numbering.like(number)).unwrap_or(next);
    let rest = file_name.strip_suffix(".sql").unwrap_or(file_name);
    let rest = rest.get(leading_digits(file_name).len()..).unwrap_or_default();
    format!("{}_{}.sql", numbering.version(number), words(rest))
}

/// What is said in a few words, as a name that is accepted.
pub(crate) fn words(said: &str) -> String {
    let mut words = String::new();
    let mut before = '_';
    for character in said.chars() {
        // `AddUsers` reads as two words; `URL` stays one.
        if character.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            words.push('_');
        }
        match character {
            character if character.is_ascii_alphanumeric() => words.push(character.to_ascii_lowercase()),
            character => words.push_str(in_ascii(character)),
        }
        before = character;
    }
    let words: Vec<_> = words.split('_').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "describe_the_change".to_owned() } else { words.join("_") }
}

/// How a letter beyond ASCII is usually written where there are no others; anything else separates words.
fn in_ascii(character: char) -> &'static str {
    match character {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'œ' | 'Œ' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' | 'ẞ' => "ss",
        'å' | 'Å' | 'à' | 'À' | 'á' | 'Á' | 'â' | 'Â' | 'ã' | 'Ã' | 'ą' | 'Ą' => "a",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'è' | 'È' | 'é' | 'É' | 'ê' | 'Ê' | 'ë' | 'Ë' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ì' | 'Ì' | 'í' | 'Í' | 'î' | 'Î' | 'ï' | 'Ï' => "i",
        'ł' | 'Ł' => "l",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => "n",
        'ø' | 'Ø' | 'ò' | 'Ò' | 'ó' | 'Ó' | 'ô' | 'Ô' | 'õ' | 'Õ' => "o",
        'ř' | 'Ř' => "r",
        'ś' | 'Ś' | 'š' | 'Š' => "s",
        'ù' | 'Ù' | 'ú' | 'Ú' | 'û' | 'Û' | 'ů' | 'Ů' => "u",
        'ý' | 'Ý' | 'ÿ' => "y",
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => "z",
        '\'' | '’' => "",
        _ => "_",
    }
}

/// What an entry of a migrations folder is, by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A dot-file, `*.md` or the lock.
    LeftAlone,
    /// Ends in `.sql`, so it has to be a migration.
    Migration,
    Unexpected,
}

pub(super) fn kind(file_name: &str) -> EntryKind {
    if file_name.starts_with('.') || file_name.ends_with(".md") || file_name == LOCK {
        EntryKind::LeftAlone
    } else if file_name.ends_with(".sql") {
        EntryKind::Migration
    } else {
        EntryKind::Unexpected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_is_a_name_that_is_accepted() {
        for (file_name, suggestion) in [
            ("3-Add Users.sql", "003_add_users.sql"),
            ("AddUsers.sql", "007_add_users.sql"),
            ("V2__init.sql", "007_v2_init.sql"),
            ("0004.sql", "004_describe_the_change.sql"),
            ("005_größe.sql", "005_groesse.sql"),
            ("99999999999999999999_a.sql", "007_a.sql"),
            ("日本.sql", "007_describe_the_change.sql"),
        ] {
            assert_eq!(suggest(file_name, 7, Numbering::USUAL), suggestion);
            assert!(name::parse(suggestion).is_some());
        }
    }
}
