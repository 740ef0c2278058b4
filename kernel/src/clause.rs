//! The clauses of a line, by its groups, and the keys of their forms.

use crate::dialect::Mask;
use crate::keys::Places;
use crate::machine::Machine;
use crate::wire::Wire;

/// A clause of a line: the groups that hold it, and those that its key is made of.
pub struct Part {
    pub groups: Vec<u32>,
    pub places: Places,
    /// Whether it stands in front of "by", whose being there goes into the key.
    pub front: bool,
    /// Whether its meaning asks for the kind of hop.
    pub asks_kind: bool,
    /// The group that may end with a note.
    pub hole: Option<usize>,
    /// The alternatives that a line without it does not rule out.
    pub without: Mask,
}

/// The key of a line's form: the keys of its clauses, one behind the other.
#[derive(Default)]
pub struct Key {
    pub bytes: Vec<u8>,
    pub starts: Vec<usize>,
}

impl Key {
    pub fn clauses(&self) -> impl Iterator<Item = &[u8]> {
        self.starts.iter().enumerate().map(|(number, &start)| {
            let stop = self.starts.get(number + 1);
            &self.bytes[start..stop.copied().unwrap_or(self.bytes.len())]
        })
    }
}

impl Part {
    pub fn read(wire: &mut Wire) -> Option<Part> {
        Some(Part {
            groups: wire.u32s()?,
            places: Places::read(wire)?,
            front: wire.u32()? != 0,
            asks_kind: wire.u32()? != 0,
            hole: wire.u32()?.checked_sub(1).map(|group| group as usize),
            without: wire.set()?,
        })
    }

    pub fn is_there(&self, found: &Machine) -> bool {
        let mut groups = self.groups.iter();
        groups.any(|&group| is_there(found, group as usize))
    }
}

/// Whether something stands in a group.
pub fn is_there(found: &Machine, group: usize) -> bool {
    found.group(group).is_some_and(|(start, stop)| start < stop)
}
