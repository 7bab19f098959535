//! What a run tells `tracing`, behind the feature of that name. Names and fields are promised in the docs of
//! `Runner::run`, and stay.
//!
//! Without the feature nothing of it is compiled, and what is called instead does nothing.

pub(super) use told::{applied, is_listening, run, waited};

#[cfg(feature = "tracing")]
mod told {
    use std::time::Duration;

    use tracing::{Level, debug, enabled, error, info, info_span};

    use super::super::error::Error;
    use super::super::words::InFull;
    use crate::model::migration::Migration;

    /// Also the name under which a filter knows all of it.
    const TARGET: &str = "embed_migrations";

    /// Whether anybody would hear of a migration, so that the time that it takes is worth measuring.
    pub(in super::super) fn is_listening() -> bool {
        enabled!(target: TARGET, Level::INFO)
    }

    /// Runs in a span, and tells of a failure.
    pub(in super::super) fn run<T>(run: impl FnOnce() -> Result<T, Box<Error>>) -> Result<T, Error> {
        let _span = info_span!(target: TARGET, "migrate").entered();
        let result = run().map_err(|error| *error);
        match &result {
            Err(error @ Error::Failed { migration, place, source, .. }) => error!(
                target: TARGET,
                file = migration.file_name(),
                line = place.line,
                column = place.column,
                cause = %InFull(source),
                "{error}"
            ),
            Err(error) => error!(target: TARGET, "{error}"),
            Ok(_) => {}
        }
        result
    }

    /// A migration is in the database for good.
    pub(in super::super) fn applied(migration: &Migration, elapsed: Duration) {
        info!(
            target: TARGET,
            version = migration.version(),
            name = migration.name(),
            elapsed_ms = milliseconds(elapsed),
            "migration applied"
        );
    }

    /// Another connection was in the way for so long.
    pub(in super::super) fn waited(waited: Duration) {
        if !waited.is_zero() {
            debug!(target: TARGET, waited_ms = milliseconds(waited), "waited for another connection");
        }
    }

    fn milliseconds(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(not(feature = "tracing"))]
mod told {
    use std::time::Duration;

    use super::super::error::Error;
    use crate::model::migration::Migration;

    pub(in super::super) fn is_listening() -> bool {
        false
    }

    pub(in super::super) fn run<T>(run: impl FnOnce() -> Result<T, Box<Error>>) -> Result<T, Error> {
        run().map_err(|error| *error)
    }

    pub(in super::super) fn applied(_: &Migration, _: Duration) {}

    pub(in super::super) fn waited(_: Duration) {}
}
