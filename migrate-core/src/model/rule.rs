//! The rules for a migrations folder, each with a stable id.

use std::fmt;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $class:ident $id:literal,)+) => {
        /// The rules for a migrations folder. Each has a stable id, which ends every message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                $(#[doc = $doc])+
                ///
                #[doc = include_str!(concat!("../../rules/", $id, ".md"))]
                $rule,
            )+
        }

        impl Rule {
            /// Every rule, in the order of the documentation.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule,)+];

            /// The stable id, such as `wrong-record`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Rule::$rule => $id,)+ }
            }

            /// What it is about, in Markdown, with a bad and a good example.
            #[cfg(feature = "build")]
            #[must_use]
            pub const fn explanation(self) -> &'static str {
                match self { $(Rule::$rule => include_str!(concat!("../../rules/", $id, ".md")),)+ }
            }

            /// Whether it is a hazard: something that a file may mean to do, and can allow itself.
            #[must_use]
            pub const fn is_hazard(self) -> bool {
                match self { $(Rule::$rule => rules!(@is_hazard $class),)+ }
            }
        }
    };
    (@is_hazard rule) => { false };
    (@is_hazard hazard) => { true };
}

rules! {
    /// The name is not `VERSION_name.sql`.
    BadFileName = rule "bad-file-name",
    /// Two files share a number.
    DuplicateVersion = rule "duplicate-version",
    /// There is a gap between two numbers.
    MissingVersion = rule "missing-version",
    /// The version is not padded as the first one is.
    WrongWidth = rule "wrong-width",
    /// No version 0, or it does not create the table that it records itself in.
    MissingBootstrap = rule "missing-bootstrap",
    /// A folder, a backup, `.SQL`, a symlink that leaves the package.
    UnexpectedEntry = rule "unexpected-entry",
    /// Not UTF-8, or it cannot be read.
    UnreadableFile = rule "unreadable-file",
    /// A NUL byte, a lone CR, something unterminated, an invisible space.
    BadText = rule "bad-text",
    /// No folder, or nothing in it.
    NoMigrations = rule "no-migrations",
    /// No BEGIN, or no COMMIT after it.
    NoTransaction = rule "no-transaction",
    /// BEGIN, COMMIT, END, ROLLBACK, SAVEPOINT or RELEASE inside the transaction.
    NestedTransaction = rule "nested-transaction",
    /// A statement before BEGIN or after COMMIT that may not stand there.
    OutsideTransaction = rule "outside-transaction",
    /// Not exactly one new row in the tracking table, or others touched.
    NotRecorded = rule "not-recorded",
    /// Another version or name is recorded than the file's own.
    WrongRecord = rule "wrong-record",
    /// `PRAGMA foreign_keys` inside the transaction, or `foreign_key_check`.
    IneffectivePragma = rule "ineffective-pragma",
    /// ATTACH, DETACH, VACUUM, and most PRAGMAs.
    ForbiddenStatement = rule "forbidden-statement",
    /// A temporary object is left at COMMIT, or hides a table.
    LeftoverTemp = rule "leftover-temp",
    /// `?`, `:name`, `@name`, `$name`.
    BindParameter = rule "bind-parameter",
    /// SQLite refuses a statement.
    SqlError = rule "sql-error",
    /// A `-- migrate:` comment that says nothing we know, or allows what does not happen.
    BadAllow = rule "bad-allow",
    /// A file in `migrations.lock` was edited, renamed or removed.
    LockedFileChanged = rule "locked-file-changed",
    /// (timestamps) A file that is not in the lock is older than one that is.
    LateVersion = rule "late-version",
    /// A step in Rust that a file calls and the macro does not name, or the other way round.
    UnknownStep = rule "unknown-step",
    /// A test in `migrations/tests/` does not hold.
    FailedExpectation = rule "failed-expectation",
    /// A test in `migrations/tests/` that is of no version, expects nothing, or gives rows that are refused.
    BadTest = rule "bad-test",
    /// (`compatible`) The floor is set to something else than the file's own position, or where nothing breaks.
    WrongFloor = rule "wrong-floor",
    /// (`replicated`) libSQL or rqlite cannot run a statement.
    UnsupportedStatement = rule "unsupported-statement",
    /// Runs on empty tables, and fails on filled ones.
    FailsWithRows = hazard "fails-with-rows",
    /// Fails where columns are NULL that may be.
    FailsWithNulls = hazard "fails-with-nulls",
    /// Fails where two rows agree in columns that need not differ.
    FailsWithDuplicates = hazard "fails-with-duplicates",
    /// Dropping a table deletes or nulls rows of a table that refers to it.
    DeletesChildRows = hazard "deletes-child-rows",
    /// A table comes out of its rebuild with fewer rows.
    LosesRows = hazard "loses-rows",
    /// A column comes out of the rebuild of its table without its values.
    LosesValues = hazard "loses-values",
    /// A table comes out of its rebuild without a CHECK, a key, or a reference.
    LosesConstraint = hazard "loses-constraint",
    /// An index does not survive the rebuild of its table.
    LosesIndex = hazard "loses-index",
    /// A trigger does not survive the rebuild of its table.
    LosesTrigger = hazard "loses-trigger",
    /// A rebuilt AUTOINCREMENT table would hand out ids again.
    ResetsAutoincrement = hazard "resets-autoincrement",
    /// A view, a trigger or a foreign key is left that refers to something gone.
    DanglingReference = hazard "dangling-reference",
    /// Rows are left that violate a foreign key, and did not before.
    ForeignKeyViolation = hazard "foreign-key-violation",
    /// (`compatible`) A statement that the previous release can run no longer works.
    BreaksOlderRelease = hazard "breaks-older-release",
    /// (`replicated`) Each node of an engine would come to another value.
    Nondeterministic = hazard "nondeterministic",
    /// `DEFAULT word`, which SQLite takes for a string.
    BareDefault = hazard "bare-default",
    /// Runs only because SQLite takes a double-quoted name for a string.
    DoubleQuotedString = hazard "double-quoted-string",
}

#[cfg(feature = "check")]
impl Rule {
    /// The rule with an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }

    /// The ids of all hazards, as a message lists them.
    pub(crate) fn hazards() -> String {
        let hazards: Vec<_> =
            Self::ALL.iter().filter(|rule| rule.is_hazard()).map(|rule| rule.id()).collect();
        hazards.join(", ")
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
    }
}
