//! Which dialect a line of an open form is of (evidence/received/dialects.py): the same
//! expressions, the same order, on the texts that the form leaves open.

use std::collections::HashMap;

use crate::hashing::Quick;
use crate::machine::{Gave, Machine};
use crate::notes::Book;
use crate::program::Program;
use crate::wire::Wire;

/// Alternatives by which dialects are known, as bits.
pub type Mask = [u64; 4];
const ALL: Mask = [u64::MAX; 4];

/// What single texts behind "by" do not rule out: one writes many lines. So many are kept.
#[derive(Default)]
pub struct Allowed {
    hosts: HashMap<Vec<u8>, Mask, Quick>,
    writers: HashMap<Vec<u8>, Mask, Quick>,
}
const MAX_KEPT: usize = 4_096;

/// One alternative: its number, and what `candidates` asks of it.
struct Recogniser {
    number: u32,
    /// Whether nothing is left to ask once the memo parts hold.
    settles: bool,
}

/// What the alternatives ask of one part of a line.
pub struct Asking {
    nothing: Mask,
    all: Vec<(Mask, Option<Program>)>,
}

/// The tables of dialects.
pub struct Dialects {
    order: Vec<Recogniser>, // those that ask least first
    settling: Mask,
    by_comment: Asking,
    by: Asking,
    from: Asking,
    id: Asking,
    /// What is known of the notes of clauses.
    pub books: Vec<Book>,
}

pub fn and(one: Mask, other: Mask) -> Mask {
    [
        one[0] & other[0],
        one[1] & other[1],
        one[2] & other[2],
        one[3] & other[3],
    ]
}

pub fn is_empty(mask: Mask) -> bool {
    mask == [0; 4]
}

fn has(mask: Mask, number: u32) -> bool {
    mask[(number >> 6) as usize & 3] >> (number & 63) & 1 != 0
}

/// A line's texts that its form leaves open, without their comments.
pub struct Open<'a> {
    pub writer: Option<&'a [u8]>, // an address in the comment behind "by"
    pub by: &'a [u8],
    pub from: &'a [u8],
    pub id: &'a [u8],
}

impl Dialects {
    pub fn read(wire: &mut Wire) -> Option<Dialects> {
        let order = wire.many(|wire| {
            Some(Recogniser {
                number: wire.u32()?,
                settles: wire.u32()? != 0,
            })
        })?;
        let mut settling = [0; 4];
        for one in order.iter().filter(|one| one.settles) {
            settling[(one.number >> 6) as usize & 3] |= 1 << (one.number & 63);
        }
        Some(Dialects {
            order,
            settling,
            by_comment: Asking::read(wire)?,
            by: Asking::read(wire)?,
            from: Asking::read(wire)?,
            id: Asking::read(wire)?,
            books: Vec::new(),
        })
    }

    /// The number of the alternative that recognises a line, -1 for none; None where
    /// Python has to find it.
    pub fn find(
        &self,
        mut mask: Mask,
        open: &Open,
        kept: &mut Allowed,
        machine: &mut Machine,
    ) -> Option<i32> {
        if let Some(writer) = open.writer {
            let allowed = self
                .by_comment
                .remembered(writer, &mut kept.writers, machine)?;
            mask = and(mask, allowed);
        }
        if let Some(settled) = self.settled(mask) {
            return Some(settled);
        }
        if is_empty(mask) {
            return Some(-1);
        }
        let allowed = self.by.remembered(open.by, &mut kept.hosts, machine)?;
        mask = and(mask, allowed);
        // none is settled now, for one that is asks nothing of these parts
        for one in self.order.iter().filter(|one| has(mask, one.number)) {
            if self.from.allows(one.number, open.from, machine)?
                && self.id.allows(one.number, open.id, machine)?
            {
                return Some(one.number as i32);
            }
        }
        Some(-1)
    }

    /// The alternative that is settled by what a mask stands for.
    pub fn settled(&self, mask: Mask) -> Option<i32> {
        if is_empty(and(mask, self.settling)) {
            return None;
        }
        let mut order = self.order.iter();
        order
            .find(|one| one.settles && has(mask, one.number))
            .map(|one| one.number as i32)
    }
}

impl Asking {
    pub fn read(wire: &mut Wire) -> Option<Asking> {
        let nothing = wire.set()?;
        Some(Asking {
            nothing,
            all: wire.many(|wire| Some((wire.set()?, wire.program()?)))?,
        })
    }

    /// The alternatives that a text does not rule out, as they are remembered.
    fn remembered(
        &self,
        text: &[u8],
        known: &mut HashMap<Vec<u8>, Mask, Quick>,
        machine: &mut Machine,
    ) -> Option<Mask> {
        if let Some(&mask) = known.get(text) {
            return Some(mask);
        }
        let mask = self.narrowed(ALL, text, machine)?;
        if known.len() >= MAX_KEPT {
            known.clear();
        }
        known.insert(text.to_vec(), mask);
        Some(mask)
    }

    /// Whether a text does not rule out one alternative.
    fn allows(&self, number: u32, text: &[u8], machine: &mut Machine) -> Option<bool> {
        if has(self.nothing, number) {
            return Some(true);
        }
        for (_, program) in self.all.iter().filter(|(asked, _)| has(*asked, number)) {
            let program = program.as_ref()?;
            match machine.search(program, text) {
                Gave::Match(_) => return Some(true),
                Gave::Nothing => {}
                Gave::Up => return None,
            }
        }
        Some(false)
    }

    /// Those of the alternatives in `mask` that a text does not rule out.
    pub fn narrowed(&self, mask: Mask, text: &[u8], machine: &mut Machine) -> Option<Mask> {
        let mut answer = and(mask, self.nothing);
        for (asked, program) in &self.all {
            let asked = and(mask, *asked);
            if is_empty(asked) {
                continue;
            }
            let program = program.as_ref()?;
            if program.rules_out(text) {
                continue;
            }
            match machine.search(program, text) {
                Gave::Match(_) => {
                    for (word, bits) in answer.iter_mut().zip(asked) {
                        *word |= bits;
                    }
                }
                Gave::Nothing => {}
                Gave::Up => return None,
            }
        }
        Some(answer)
    }
}
