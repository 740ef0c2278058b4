//! A hash for keys of forms and names: quick, and of a number that no sender knows.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashers of one start.
#[derive(Clone, Copy)]
pub struct Quick(u64);

impl Default for Quick {
    fn default() -> Quick {
        Quick(RandomState::new().build_hasher().finish() | 1)
    }
}

/// Folds eight bytes a step.
pub struct Folded {
    state: u64,
    by: u64,
}

impl Folded {
    #[inline(always)]
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.by);
        self.state = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in &mut words {
            self.fold(u64::from_le_bytes(word.try_into().unwrap_or_default()));
        }
        let rest = words.remainder().iter();
        let last = rest.fold(1, |sum, &byte| sum << 8 | u64::from(byte));
        self.fold(last ^ (bytes.len() as u64) << 56);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

impl BuildHasher for Quick {
    type Hasher = Folded;

    fn build_hasher(&self) -> Folded {
        Folded {
            state: self.0.rotate_left(32),
            by: self.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_have_another_hash() {
        let quick = Quick::default();
        let hash = |text: &[u8]| quick.hash_one(text);
        assert_eq!(hash(b"a form of a line"), hash(b"a form of a line"));
        assert_ne!(hash(b"a form of a line"), hash(b"a form of a lime"));
        assert_ne!(hash(b""), hash(b"\0"));
        assert_ne!(
            Quick::default().hash_one(b"a"),
            Quick::default().hash_one(b"a")
        );
    }
}
