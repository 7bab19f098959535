//! File names: `001_create_users.sql` is version `001`, named `create_users`. Pure.
//!
//! Also decides which entries of a migrations folder are migrations, and which are left alone.

/// The parts of a migration's file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name<'a> {
    pub(crate) version: &'a str,
    /// The version as the number that orders it.
    pub(crate) number: u64,
    pub(crate) name: &'a str,
}

/// `VERSION_name.sql`: digits, then words of a-z and 0-9, all joined by single `_`.
pub(crate) fn parse(file_name: &str) -> Option<Name<'_>> {
    let (version, name) = file_name.strip_suffix(".sql")?.split_once('_')?;
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let number = number(version)?;
    name.split('_').all(is_word).then_some(Name { version, number, name })
}

/// A version as a number: digits only, and no more than fit.
pub(crate) fn number(version: &str) -> Option<u64> {
    // Without the first test, `parse` would accept a sign.
    version.bytes().all(|byte| byte.is_ascii_digit()).then(|| version.parse().ok())?
}

/// The version `number` as its digits stand in a file name.
pub(crate) fn padded(number: u64, width: usize) -> String {
    format!("{number:0width$}")
}

/// The number that a refused name begins with, if it does.
pub(crate) fn leading_number(file_name: &str) -> Option<u64> {
    number(leading_digits(file_name))
}

fn leading_digits(file_name: &str) -> &str {
    let digits = file_name.bytes().take_while(u8::is_ascii_digit).count();
    file_name.get(..digits).unwrap_or_default()
}

/// A name that would be accepted in place of `file_name`. `next` is the version to use where it has none.
pub(crate) fn suggest(file_name: &str, next: u64, width: usize) -> String {
    let number = leading_number(file_name).unwrap_or(next);
    let rest = file_name.strip_suffix(".sql").unwrap_or(file_name);
    let rest = rest.get(leading_digits(file_name).len()..).unwrap_or_default();
    let mut words = String::new();
    let mut before = '_';
    for character in rest.chars() {
        // `AddUsers` reads as two words; `URL` stays one.
        if character.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            words.push('_');
        }
        words.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' });
        before = character;
    }
    let words: Vec<_> = words.split('_').filter(|word| !word.is_empty()).collect();
    let words = if words.is_empty() { "describe_the_change".to_owned() } else { words.join("_") };
    format!("{}_{words}.sql", padded(number, width))
}

/// What an entry of a migrations folder is, by its name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A dot-file, `*.md` or `migrations.lock`.
    LeftAlone,
    /// Ends in `.sql`, so it has to be a migration.
    Migration,
    Unexpected,
}

pub(crate) fn entry(file_name: &str) -> Entry {
    if file_name.starts_with('.') || file_name.ends_with(".md") || file_name == "migrations.lock" {
        Entry::LeftAlone
    } else if file_name.ends_with(".sql") {
        Entry::Migration
    } else {
        Entry::Unexpected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_version_and_words() {
        assert_eq!(
            parse("001_create_users.sql"),
            Some(Name { version: "001", number: 1, name: "create_users" })
        );
        assert_eq!(parse("0_a.sql").map(|name| name.number), Some(0));
        assert_eq!(parse("012_20240101_x2.sql").map(|name| name.name), Some("20240101_x2"));
    }

    #[test]
    fn anything_else_is_refused() {
        for file_name in [
            "",
            ".sql",
            "_.sql",
            "001.sql",
            "001_.sql",
            "001__a.sql",
            "001_a_.sql",
            "001_A.sql",
            "001_a-b.sql",
            "001 a.sql",
            "001_é.sql",
            "+01_a.sql",
            "-1_a.sql",
            "a_001.sql",
            "001_a.SQL",
            "001_a.sql.",
            "001_a.sql ",
            "٠٠١_a.sql",
            "99999999999999999999_a.sql",
        ] {
            assert_eq!(parse(file_name), None, "{file_name}");
        }
    }

    #[test]
    fn a_suggestion_is_a_name_that_is_accepted() {
        for (file_name, suggestion) in [
            ("3-Add Users.sql", "003_add_users.sql"),
            ("AddUsers.sql", "007_add_users.sql"),
            ("V2__init.sql", "007_v2_init.sql"),
            ("0004.sql", "004_describe_the_change.sql"),
            ("005_größe.sql", "005_gr_e.sql"),
            ("99999999999999999999_a.sql", "007_a.sql"),
            ("日本.sql", "007_describe_the_change.sql"),
        ] {
            assert_eq!(suggest(file_name, 7, 3), suggestion);
            assert!(parse(suggestion).is_some());
        }
    }
}
