//! Keys of the forms of lines and clauses (evidence/received/line_templates.py, `key_of`):
//! which of the texts that vary are there, the others as they are, and what kinds of names.

use std::collections::HashMap;

use crate::clause::is_there;
use crate::composer::Line;
use crate::hashing::Quick;
use crate::machine::{Gave, Machine};
use crate::notes::HOLE;
use crate::program::Program;
use crate::wire::Wire;

/// Names whose answer is kept.
const MAX_NAMES: usize = 4_096;

/// Groups of a line by what they are for.
#[derive(Debug, Default)]
pub struct Places {
    variables: Vec<u32>,
    as_is: Vec<u32>,
    names: Vec<u32>,
}

/// Which names a table may know.
pub struct Names {
    known: Option<Program>,
}

/// The names that were asked for.
#[derive(Default)]
pub struct Asked {
    known: HashMap<Vec<u8>, bool, Quick>,
    machine: Machine,
}

impl Places {
    pub fn read(wire: &mut Wire) -> Option<Places> {
        Some(Places {
            variables: wire.u32s()?,
            as_is: wire.u32s()?,
            names: wire.u32s()?,
        })
    }

    /// Adds the key of a line's clause; a hole may stand in place of a part of it.
    pub fn write(
        &self,
        line: &Line,
        hole: Option<(usize, usize)>,
        names: &Names,
        asked: &mut Asked,
        key: &mut Vec<u8>,
    ) {
        let Line { text, found } = line;
        for eight in self.variables.chunks(8) {
            let groups = eight.iter().enumerate();
            key.push(groups.fold(0, |bits, (bit, &group)| {
                bits | u8::from(is_there(found, group as usize)) << bit
            }));
        }
        for &group in &self.as_is {
            if let Some((start, stop)) = found.group(group as usize) {
                match hole {
                    Some((from, to)) if start <= from && to <= stop => {
                        key.extend_from_slice(&text[start..from]);
                        key.push(HOLE);
                        key.extend_from_slice(&text[to..stop]);
                    }
                    _ => key.extend_from_slice(&text[start..stop]),
                }
            }
            key.push(0);
        }
        for &group in &self.names {
            if let Some((start, stop)) = found.group(group as usize) {
                names.write(&text[start..stop], asked, key);
            }
            key.push(0);
        }
    }
}

impl Names {
    pub fn read(wire: &mut Wire) -> Option<Names> {
        Some(Names {
            known: wire.program()?,
        })
    }

    /// A known name as it is; of any other its letters' case and its signs.
    fn write(&self, name: &[u8], asked: &mut Asked, key: &mut Vec<u8>) {
        if name.is_empty() || self.is_known(name, asked) {
            key.extend_from_slice(name);
            return;
        }
        let upper = name.iter().any(u8::is_ascii_uppercase);
        let lower = name.iter().any(u8::is_ascii_lowercase);
        key.extend_from_slice(match (upper, lower) {
            (true, false) => b"*A",
            (false, true) => b"*a",
            _ => b"*Aa",
        });
        for sign in *b"-_" {
            if name.contains(&sign) {
                key.push(sign);
            }
        }
    }

    fn is_known(&self, name: &[u8], asked: &mut Asked) -> bool {
        if let Some(&known) = asked.known.get(name) {
            return known;
        }
        let lower = name.to_ascii_lowercase();
        let known = self
            .known
            .as_ref()
            .is_none_or(|program| asked.machine.search(program, &lower) != Gave::Nothing);
        if asked.known.len() >= MAX_NAMES {
            asked.known.clear();
        }
        asked.known.insert(name.to_vec(), known);
        known
    }
}
