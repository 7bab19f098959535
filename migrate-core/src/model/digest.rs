//! One number for a history, so that a database that has all of it is known without a look at any name.
//!
//! Names in a binary are pages that a start would have to load. That another history has the same number is as good as
//! impossible, though it could be made so on purpose, by whoever could as well write the right rows.

/// What has been recorded, in order: a row after the other, by FNV-1a of 128 bits over words of eight bytes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u128);

const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

impl Digest {
    /// Of no row.
    pub(crate) const EMPTY: Self = Self(BASIS);

    /// The one that [`bits`](Digest::bits) has told.
    #[must_use]
    pub const fn new(bits: u128) -> Self {
        Self(bits)
    }

    /// What makes it again.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, version: &[u8], name: &[u8]) {
        for text in [version, name] {
            let (words, rest) = text.as_chunks();
            words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
            // With a mark behind it, which tells where one text ends and the next begins.
            self.mix(rest.iter().rfold(0xff, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ u128::from(word)).wrapping_mul(PRIME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(rows: &[(&str, &str)]) -> Digest {
        let mut digest = Digest::EMPTY;
        rows.iter().for_each(|(version, name)| digest.add(version.as_bytes(), name.as_bytes()));
        digest
    }

    #[test]
    fn every_other_history_has_another_number() {
        let rows = [("000", "create_schema_migrations"), ("001", "create_users")];
        assert_eq!(digest(&rows), digest(&rows));
        let others: [&[(&str, &str)]; 9] = [
            &[],
            &rows[..1],
            &[rows[1], rows[0]],
            &[rows[0], rows[1], ("002", "add_bio")],
            &[rows[0], ("001", "create_user")],
            &[rows[0], ("001", "create_users\0")],
            &[rows[0], ("0", "01create_users")],
            &[rows[0], ("001", "create_sures")],
            &[("000", "create_schema_migration"), ("s001", "create_users")],
        ];
        for other in others {
            assert_ne!(digest(&rows), digest(other), "{other:?}");
        }
        assert_eq!(Digest::new(digest(&rows).bits()), digest(&rows));
    }

    /// It is computed on the host and compared on the target, which may order bytes otherwise.
    #[test]
    fn the_number_is_the_same_on_every_machine() {
        assert_eq!(
            digest(&[("000", "create_schema_migrations")]).bits(),
            0x798e_0ebb_14f4_bdd8_709f_0787_d1a9_595b
        );
    }
}
