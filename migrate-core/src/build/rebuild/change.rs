//! What a rebuild is usually for.

/// What is to become of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It no longer takes NULL: this is its default, and what stands where NULL was.
    NotNull {
        /// The column.
        column: String,
        /// An expression.
        default: String,
    },
    /// It has another type.
    Type {
        /// The column.
        column: String,
        /// The type.
        declared: String,
    },
    /// It is gone.
    Drop {
        /// The column.
        column: String,
    },
    /// No two rows agree in it.
    Unique {
        /// The column.
        column: String,
    },
    /// It is compared in another way.
    Collate {
        /// The column.
        column: String,
        /// The collation.
        collation: String,
    },
}

impl Change {
    /// The column.
    pub(super) fn column(&self) -> &str {
        match self {
            Self::NotNull { column, .. }
            | Self::Type { column, .. }
            | Self::Drop { column }
            | Self::Unique { column }
            | Self::Collate { column, .. } => column,
        }
    }
}
