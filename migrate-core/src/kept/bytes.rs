//! Values as bytes and back: each with its length or its kind before it, so that no two are written alike.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rusqlite::types::Value;

/// Something that can be kept.
pub(crate) trait Keep: Sized {
    fn write(&self, to: &mut Vec<u8>);

    /// Takes it from the front; nothing where the bytes are no such thing.
    fn read(from: &mut &[u8]) -> Option<Self>;
}

/// A structure is its fields, one after another.
macro_rules! keep_fields {
    ($type:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::kept::bytes::Keep for $type {
            fn write(&self, to: &mut Vec<u8>) {
                $($crate::kept::bytes::Keep::write(&self.$field, to);)+
            }

            fn read(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: $crate::kept::bytes::Keep::read(from)?,)+ })
            }
        }
    };
}
pub(crate) use keep_fields;

/// All of the bytes are one value.
pub(crate) fn read_all<T: Keep>(mut bytes: &[u8]) -> Option<T> {
    let value = T::read(&mut bytes)?;
    bytes.is_empty().then_some(value)
}

fn take<'a>(from: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(taken)
}

/// Bytes as they are, behind their number.
pub(crate) fn write_bytes(bytes: &[u8], to: &mut Vec<u8>) {
    bytes.len().write(to);
    to.extend_from_slice(bytes);
}

pub(crate) fn read_bytes<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::read(from)?;
    take(from, length)
}

impl Keep for i64 {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        let (bytes, rest) = from.split_first_chunk()?;
        *from = rest;
        Some(Self::from_le_bytes(*bytes))
    }
}

/// A whole number of another type, as one that fits all of them.
macro_rules! keep_numbers {
    ($($type:ty),+) => {
        $(impl Keep for $type {
            fn write(&self, to: &mut Vec<u8>) {
                i64::try_from(*self).unwrap_or(i64::MAX).write(to);
            }

            fn read(from: &mut &[u8]) -> Option<Self> {
                i64::read(from)?.try_into().ok()
            }
        })+
    };
}
keep_numbers!(usize, u32, u8);

impl Keep for bool {
    fn write(&self, to: &mut Vec<u8>) {
        u8::from(*self).write(to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        match u8::read(from)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Keep for String {
    fn write(&self, to: &mut Vec<u8>) {
        write_bytes(self.as_bytes(), to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Self::from_utf8(read_bytes(from)?.to_owned()).ok()
    }
}

impl Keep for Value {
    fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Null => 0_u8.write(to),
            Self::Integer(value) => (1_u8, *value).write(to),
            Self::Real(value) => (2_u8, value.to_bits().cast_signed()).write(to),
            Self::Text(text) => {
                3_u8.write(to);
                text.write(to);
            }
            Self::Blob(bytes) => {
                4_u8.write(to);
                write_bytes(bytes, to);
            }
        }
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::read(from)? {
            0 => Self::Null,
            1 => Self::Integer(Keep::read(from)?),
            2 => Self::Real(f64::from_bits(i64::read(from)?.cast_unsigned())),
            3 => Self::Text(Keep::read(from)?),
            4 => Self::Blob(read_bytes(from)?.to_owned()),
            _ => return None,
        })
    }
}

impl<T: Keep> Keep for Option<T> {
    fn write(&self, to: &mut Vec<u8>) {
        self.is_some().write(to);
        if let Some(value) = self {
            value.write(to);
        }
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::read(from)? { Some(T::read(from)?) } else { None })
    }
}

impl<A: Keep, B: Keep> Keep for (A, B) {
    fn write(&self, to: &mut Vec<u8>) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl Keep for Range<usize> {
    fn write(&self, to: &mut Vec<u8>) {
        (self.start, self.end).write(to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        <(usize, usize)>::read(from).map(|(start, end)| start..end)
    }
}

/// A collection is its number of items, and then all of them.
fn write_items<'a, T: Keep + 'a>(items: impl ExactSizeIterator<Item = &'a T>, to: &mut Vec<u8>) {
    items.len().write(to);
    items.for_each(|item| item.write(to));
}

fn read_items<T: Keep, C: FromIterator<T>>(from: &mut &[u8]) -> Option<C> {
    (0..usize::read(from)?).map(|_| T::read(from)).collect()
}

impl<T: Keep> Keep for Vec<T> {
    fn write(&self, to: &mut Vec<u8>) {
        write_items(self.iter(), to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        read_items(from)
    }
}

impl<T: Keep + Ord> Keep for BTreeSet<T> {
    fn write(&self, to: &mut Vec<u8>) {
        write_items(self.iter(), to);
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        read_items(from)
    }
}

impl<K: Keep + Ord, V: Keep> Keep for BTreeMap<K, V> {
    fn write(&self, to: &mut Vec<u8>) {
        self.len().write(to);
        for (key, value) in self {
            key.write(to);
            value.write(to);
        }
    }

    fn read(from: &mut &[u8]) -> Option<Self> {
        read_items(from)
    }
}
