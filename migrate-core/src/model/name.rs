//! File names: `001_create_users.sql` is version `001`, named `create_users`.

/// The parts of a migration's file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileName<'a> {
    /// The digits as they stand in the file name.
    pub(crate) version: &'a str,
    /// The version as the number that orders it.
    pub(crate) number: u64,
    /// What follows the version, without `.sql`.
    pub(crate) name: &'a str,
}

/// `VERSION_name.sql`: digits, then words of a-z and 0-9, all joined by single `_`.
pub(crate) fn parse(file_name: &str) -> Option<FileName<'_>> {
    let (version, name) = file_name.strip_suffix(".sql")?.split_once('_')?;
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let number = number(version)?;
    name.split('_').all(is_word).then_some(FileName { version, number, name })
}

/// A version as a number: digits only, and no more than fit.
pub(crate) fn number(version: &str) -> Option<u64> {
    // Without the first test, `parse` would accept a sign.
    version.bytes().all(|byte| byte.is_ascii_digit()).then(|| version.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_version_and_words() {
        assert_eq!(
            parse("001_create_users.sql"),
            Some(FileName { version: "001", number: 1, name: "create_users" })
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
}
