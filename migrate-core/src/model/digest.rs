//! One number for a history, so that a database that has all of it is known without a look at any name.
//!
//! Names in a binary are pages that a start would have to load. That another history has the same number is as good as
//! impossible, though it could be made so on purpose, by whoever could as well write the right rows.

/// What has been recorded, in order: a row after the other, sixteen bytes at a time.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest([u64; 2]);

/// Numbers without a pattern: the fractional parts of the golden ratio and of the square root of two.
const KEYS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0x6a09_e667_f3bc_c909];

impl Digest {
    /// Of no row. The fractional parts of the square roots of three and of five.
    pub(crate) const EMPTY: Self = Self([0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b]);

    /// The one that [`bits`](Digest::bits) has told.
    #[must_use]
    pub const fn new(bits: u128) -> Self {
        Self([(bits >> 64) as u64, bits as u64])
    }

    /// What makes it again.
    #[must_use]
    pub const fn bits(self) -> u128 {
        (self.0[0] as u128) << 64 | self.0[1] as u128
    }

    /// Adds a row: how long its texts are, and all of their bytes.
    pub(crate) fn add(&mut self, version: &[u8], name: &[u8]) {
        self.mix([version.len() as u64, name.len() as u64]);
        for mut text in [version, name] {
            while let Some((chunk, rest)) = text.split_first_chunk::<16>() {
                self.mix(ends(chunk));
                text = rest;
            }
            self.mix(ends(text));
        }
    }

    /// Folding the halves of a product together lets every bit of a factor count, unless the other one is zero.
    fn mix(&mut self, [first, second]: [u64; 2]) {
        let folded = |one: u64, other: u64| {
            let product = u128::from(one) * u128::from(other);
            product as u64 ^ (product >> 64) as u64
        };
        let [one, other] = self.0;
        self.0 = [folded(one ^ first, second ^ KEYS[0]), folded(other ^ second, first ^ KEYS[1])];
    }
}

/// All of at most sixteen bytes, as two words: where there are fewer, these overlap. A loop over bytes, which ends after a
/// different number of them each time, takes several times as long.
fn ends(text: &[u8]) -> [u64; 2] {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        [first, last].map(|word| u64::from_le_bytes(*word))
    } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        [first, last].map(|word| u64::from(u32::from_le_bytes(*word)))
    } else {
        match *text {
            [first, second, third] => [u16::from_le_bytes([first, second]).into(), third.into()],
            [first, second] => [first.into(), second.into()],
            [only] => [only.into(), 0],
            _ => [0, 0],
        }
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

    /// They are read in pieces, which begin and end elsewhere for each length.
    #[test]
    fn every_bit_of_a_text_of_any_length_counts() {
        let text: Vec<u8> = (1..=50).collect();
        let mut numbers = std::collections::HashSet::new();
        let mut is_new = |version: &[u8], name: &[u8]| {
            let mut digest = Digest::EMPTY;
            digest.add(version, name);
            numbers.insert(digest.bits())
        };
        for length in 0..text.len() {
            assert!(is_new(b"001", &text[..length]), "{length}");
            assert!(is_new(&text[..length], b"create_users"), "{length}");
            for bit in 0..8 * length {
                let mut other = text[..length].to_owned();
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(is_new(b"001", &other), "bit {bit} of {length}");
                assert!(is_new(&other, b"create_users"), "bit {bit} of {length}");
            }
        }
    }

    /// It is computed on the host and compared on the target, which may order bytes otherwise.
    #[test]
    fn the_number_is_the_same_on_every_machine() {
        assert_eq!(
            digest(&[("000", "create_schema_migrations")]).bits(),
            0xf170_60d9_a021_ba6c_0029_cb56_8531_7885
        );
    }
}
