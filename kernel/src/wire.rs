//! Reads what Python hands over: numbers of 32 or 64 bits, little-endian, and texts behind
//! their lengths. None where the bytes end too early.

use crate::program::{Program, Set};

pub struct Wire<'a> {
    bytes: &'a [u8],
}

impl<'a> Wire<'a> {
    pub fn new(bytes: &'a [u8]) -> Wire<'a> {
        Wire { bytes }
    }

    pub fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(..size)?;
        self.bytes = &self.bytes[size..];
        Some(taken)
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub fn i64(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub fn u32s(&mut self) -> Option<Vec<u32>> {
        let count = self.u32()? as usize;
        let bytes = self.take(count.checked_mul(4)?)?;
        Some(
            bytes
                .chunks_exact(4)
                .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect(),
        )
    }

    pub fn i64s(&mut self, count: usize) -> Option<Vec<i64>> {
        let bytes = self.take(count.checked_mul(8)?)?;
        Some(
            bytes
                .chunks_exact(8)
                .map(|b| i64::from_le_bytes(b.try_into().unwrap_or([0; 8])))
                .collect(),
        )
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let size = self.u32()? as usize;
        self.take(size)
    }

    /// As many as are counted in front of them.
    pub fn many<T>(&mut self, read: impl Fn(&mut Wire<'a>) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()?;
        (0..count).map(|_| read(self)).collect()
    }

    pub fn set(&mut self) -> Option<Set> {
        let mut set = [0; 4];
        for word in &mut set {
            *word = self.i64()? as u64;
        }
        Some(set)
    }

    /// A program; None inside where Python could not compile its expression.
    #[allow(clippy::option_option)]
    pub fn program(&mut self) -> Option<Option<Program>> {
        if self.u32()? == 0 {
            return Some(None);
        }
        let code = self.u32s()?;
        let sets = self.many(Wire::set)?;
        let texts = self.bytes()?.to_vec();
        let tables = self.many(|wire| wire.take(256)?.try_into().ok())?;
        let slots = self.u32()? as usize;
        let first = if self.u32()? == 0 {
            None
        } else {
            Some(self.set()?)
        };
        Some(Some(Program::new(
            &code, &sets, texts, tables, slots, first,
        )?))
    }
}
