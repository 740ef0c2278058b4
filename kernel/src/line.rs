//! Received lines by their form (evidence/received/line_templates.py): the form is looked
//! up among those that Python learnt, and its recipe says where a hop's values come from. A
//! line of no such form is handed over, and what Python learns from it is taught here.

use std::collections::HashMap;

use crate::dialect::{Dialects, Mask, Open};
use crate::program::{Gave, Machine, Program};
use crate::stamp::{self, Stamp, Zones};
use crate::wire::Wire;

/// Why a line is handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    NotPlain = 0, // not ASCII, or too long
    NoForm = 1,   // of no usual form
    Stamp = 2,    // its time is of no usual form
    Unknown = 3,  // a form that was not taught
    Dialect = 4,  // its dialect needs Python
    NoRecipe = 5, // no recipe for the form in this dialect yet
    Refused = 6,  // a form that cannot be filled in
    Address = 7,  // what looks like an address is none
    Word = 8,     // a word that means something to the dialect
}

/// The pattern of a line and what its groups are for.
pub struct Cutter {
    line: Program,
    variables: Vec<u32>,
    as_is: Vec<u32>,
    by: usize,
    from: usize,
    id: usize,
    writer: usize,
    max_line: usize,
    max_from: usize,
}

/// Characters: longer words are nothing that a table knows (phrases.py).
const MAX_KNOWN: usize = 512;

/// Where one text of a hop comes from.
#[derive(Clone, Debug)]
pub enum Source {
    Group(usize),
    Address(usize),
    Constant(Vec<u8>),
}

/// Where one number of a hop comes from.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    Group(usize),
    Constant(i64),
}

/// Where the values of a hop come from.
#[derive(Clone, Default, Debug)]
pub struct Recipe {
    pub texts: Vec<(usize, Source)>,
    pub numbers: Vec<(usize, Number)>,
    pub answers: Vec<(usize, i8)>,
    pub lists: Vec<(usize, Vec<Vec<u8>>)>,
    addresses: Vec<usize>,
    /// What the words behind "from" are in every line of the form, or in none.
    known: Vec<Option<Program>>,
    has_known: bool,
}

struct Form {
    settled: Option<i32>,
    mask: Mask,
    recipes: Vec<(i32, Option<u32>)>, // None: it cannot be filled in
}

/// What Python taught.
#[derive(Default)]
pub struct Forms {
    by_key: HashMap<Vec<u8>, Form>,
    pub recipes: Vec<Recipe>,
}

/// What `read_line` found besides the machine's groups.
pub struct Found {
    pub recipe: u32,
    pub stamp: Stamp,
    /// Where the time stands in the line.
    pub time: usize,
}

/// Room that is kept from line to line.
#[derive(Default)]
pub struct Room {
    pub machine: Machine,
    asking: Machine,
    key: Vec<u8>,
    by: Vec<u8>,
    from: Vec<u8>,
    id: Vec<u8>,
    pub addresses: Vec<(u32, u32)>,
    pub written: Vec<u8>, // canonical addresses
}

impl Cutter {
    pub fn read(wire: &mut Wire) -> Option<Cutter> {
        Some(Cutter {
            line: wire.program()??,
            variables: wire.u32s()?,
            as_is: wire.u32s()?,
            by: wire.u32()? as usize,
            from: wire.u32()? as usize,
            id: wire.u32()? as usize,
            writer: wire.u32()? as usize,
            max_line: wire.u32()? as usize,
            max_from: wire.u32()? as usize,
        })
    }

    /// Reads a line by its form; its groups are in the room's machine afterwards, counted
    /// from 0 as in Python's `groups()`.
    pub fn read_line(
        &self,
        line: &[u8],
        forms: &Forms,
        dialects: &Dialects,
        zones: &Zones,
        room: &mut Room,
    ) -> Result<Found, Why> {
        if line.len() > self.max_line {
            return Err(Why::NotPlain);
        }
        let cut = line
            .windows(2)
            .rposition(|two| two[0] == b';' && two[1] == b' ')
            .ok_or(Why::NoForm)?;
        let (front, time) = (&line[..cut], cut + 2);
        let stamp = stamp::read(&line[time..], zones).ok_or(Why::Stamp)?;
        if room.machine.full_match(&self.line, front) != Gave::Match(front.len()) {
            return Err(Why::NoForm);
        }
        let from = room.machine.group(self.from);
        if from.is_some_and(|(start, stop)| stop - start > self.max_from) {
            return Err(Why::NotPlain);
        }
        self.write_key(front, room);
        let form = forms.by_key.get(&room.key).ok_or(Why::Unknown)?;
        let dialect = match form.settled {
            Some(settled) => settled,
            None => self
                .dialect(front, form, dialects, room)
                .ok_or(Why::Dialect)?,
        };
        let known = form.recipes.iter().find(|(number, _)| *number == dialect);
        let recipe = known.ok_or(Why::NoRecipe)?.1.ok_or(Why::Refused)?;
        self.check(front, &forms.recipes[recipe as usize], room)?;
        Ok(Found {
            recipe,
            stamp,
            time,
        })
    }

    /// The form's key: which of the texts that vary are there, and the others as they are.
    fn write_key(&self, front: &[u8], room: &mut Room) {
        room.key.clear();
        for &group in &self.variables {
            let there = room
                .machine
                .group(group as usize)
                .is_some_and(|(a, b)| a < b);
            room.key.push(u8::from(there));
        }
        for &group in &self.as_is {
            if let Some((start, stop)) = room.machine.group(group as usize) {
                room.key.extend_from_slice(&front[start..stop]);
            }
            room.key.push(0);
        }
    }

    fn dialect(&self, front: &[u8], form: &Form, all: &Dialects, room: &mut Room) -> Option<i32> {
        let group = |number: usize| {
            room.machine
                .group(number)
                .map_or(&[][..], |(start, stop)| &front[start..stop])
        };
        let writer = Some(group(self.writer)).filter(|text| !text.is_empty());
        words(group(self.by), &mut room.by)?;
        words(group(self.from), &mut room.from)?;
        words(group(self.id), &mut room.id)?;
        let open = Open {
            writer,
            by: &room.by,
            from: &room.from,
            id: &room.id,
        };
        all.find(form.mask, &open, &mut room.asking)
    }

    /// Whether the line's addresses are some, and its words mean nothing of their own.
    fn check(&self, front: &[u8], recipe: &Recipe, room: &mut Room) -> Result<(), Why> {
        let from = room
            .machine
            .group(self.from)
            .map_or(&[][..], |(a, b)| &front[a..b]);
        let word = match from
            .windows(2)
            .position(|two| two[0] == b' ' && two[1] == b'(')
        {
            Some(stop) => &from[..stop],
            None => from,
        };
        let mut is_known = false;
        for known in &recipe.known {
            let known = known.as_ref().ok_or(Why::Word)?;
            if word.len() <= MAX_KNOWN && !is_known {
                match room.asking.full_match(known, word) {
                    Gave::Up => return Err(Why::Word),
                    gave => is_known = gave != Gave::Nothing,
                }
            }
        }
        if is_known != recipe.has_known {
            return Err(Why::Word);
        }
        room.addresses.clear();
        room.written.clear();
        for &group in &recipe.addresses {
            let (start, stop) = room.machine.group(group).ok_or(Why::Address)?;
            let place = room.written.len() as u32;
            if !crate::address::add(&front[start..stop], &mut room.written) {
                return Err(Why::Address);
            }
            room.addresses.push((place, room.written.len() as u32));
        }
        Ok(())
    }
}

/// The text of a clause without its comments; None where Python's tokens may differ.
fn words(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.clear();
    let mut depth = 0usize;
    for (place, &byte) in text.iter().enumerate() {
        match byte {
            b'\\' => return None,
            b'"' if depth == 0 => return None,
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1)?,
            b' ' if depth == 0 && (out.is_empty() || text.get(place + 1) == Some(&b'(')) => {}
            _ if depth == 0 => out.push(byte),
            _ => {}
        }
        if depth > 2 {
            return None;
        }
    }
    (depth == 0).then_some(())
}

impl Recipe {
    fn read(wire: &mut Wire) -> Option<Recipe> {
        Some(Recipe {
            texts: wire.many(|wire| {
                let column = wire.u32()? as usize;
                let source = match wire.u32()? {
                    0 => Source::Group(wire.u32()? as usize),
                    1 => Source::Address(wire.u32()? as usize),
                    _ => Source::Constant(wire.bytes()?.to_vec()),
                };
                Some((column, source))
            })?,
            numbers: wire.many(|wire| {
                let column = wire.u32()? as usize;
                let number = match wire.u32()? {
                    3 => Number::Group(wire.u32()? as usize),
                    _ => Number::Constant(wire.i64()?),
                };
                Some((column, number))
            })?,
            answers: wire.many(|wire| Some((wire.u32()? as usize, wire.i64()? as i8)))?,
            lists: wire.many(|wire| {
                Some((
                    wire.u32()? as usize,
                    wire.many(|wire| Some(wire.bytes()?.to_vec()))?,
                ))
            })?,
            addresses: wire
                .u32s()?
                .into_iter()
                .map(|group| group as usize)
                .collect(),
            has_known: wire.u32()? != 0,
            known: wire.many(Wire::program)?,
        })
    }
}

impl Forms {
    /// Learns forms; None where what was handed over makes no sense.
    pub fn teach(&mut self, wire: &mut Wire, max_forms: usize) -> Option<()> {
        for _ in 0..wire.u32()? {
            let key = wire.bytes()?.to_vec();
            let settled = wire.i64()?;
            let mask = wire.set()?;
            let dialects = wire.many(|wire| Some((wire.i64()? as i32, wire.u32()?)))?;
            let mut recipes = Vec::new();
            for (dialect, fillable) in dialects {
                recipes.push((
                    dialect,
                    if fillable == 0 {
                        None
                    } else {
                        Some(self.add(wire)?)
                    },
                ));
            }
            let settled = (settled > -2).then_some(settled as i32);
            self.by_key.insert(
                key,
                Form {
                    settled,
                    mask,
                    recipes,
                },
            );
            if self.by_key.len() > max_forms || self.recipes.len() > 4 * max_forms {
                *self = Forms::default(); // what is forgotten is taught again when it is met
            }
        }
        Some(())
    }

    fn add(&mut self, wire: &mut Wire) -> Option<u32> {
        self.recipes.push(Recipe::read(wire)?);
        Some(self.recipes.len() as u32 - 1)
    }

    pub fn len(&self) -> usize {
        self.by_key.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_comments() {
        let mut out = Vec::new();
        for (text, expected) in [
            ("a.b (c [1]) (d (e) f)", "a.b"),
            ("a [1.2.3.4] (x)", "a [1.2.3.4]"),
            ("by", "by"),
            ("", ""),
        ] {
            assert_eq!(words(text.as_bytes(), &mut out), Some(()));
            assert_eq!(out, expected.as_bytes(), "{text}");
        }
        assert_eq!(words(b"a \"b\"", &mut out), None);
        assert_eq!(words(b"a (((b)))", &mut out), None);
    }
}
