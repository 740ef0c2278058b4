//! Received lines by their form (evidence/received/line_templates.py): the form is looked
//! up among those that Python learnt, and its recipe says where a hop's values come from. A
//! line of no such form is handed over, and what Python learns from it is taught here.

use crate::clause::Key;
use crate::composer::{Composer, Line, Spare};
use crate::dialect::{Allowed, Dialects, Mask, Open};
use crate::forms::Forms;
use crate::machine::{Gave, Machine};
use crate::parted::{join, parted};
use crate::program::Program;
use crate::recipe::Recipe;
use crate::stamp::Stamp;
use crate::times::Times;
use crate::wire::Wire;

/// Why a line is handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    NotPlain = 0, // not ASCII, or too long
    NoForm = 1,   // of no usual form
    Stamp = 2,    // it has no time, or one that needs Python
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
    composer: Composer,
    by: usize,
    from: usize,
    id: usize,
    writer: usize,
    max_line: usize,
    max_from: usize,
    max_forms: usize,
    /// Characters of a clause by which its dialect is known.
    max_clause: usize,
}

/// Characters: longer words are nothing that a table knows (phrases.py).
const MAX_KNOWN: usize = 512;

/// What `read_line` found besides the machine's groups.
pub struct Found {
    pub recipe: u32,
    pub stamp: Stamp,
    /// Where the time stands in the line.
    pub time: (usize, usize),
}

/// Room that is kept from line to line.
#[derive(Default)]
pub struct Room {
    pub machine: Machine,
    pub(crate) asking: Machine,
    key: Key,
    pub spare: Spare,
    by: Vec<u8>,
    from: Vec<u8>,
    id: Vec<u8>,
    /// The line without its time, where something stands behind that.
    pub joined: Vec<u8>,
    pub addresses: Vec<(u32, u32)>,
    pub written: Vec<u8>, // canonical addresses
}

impl Cutter {
    pub fn read(wire: &mut Wire) -> Option<Cutter> {
        let line = wire.program()??;
        let (by, from) = (wire.u32()? as usize, wire.u32()? as usize);
        let (id, writer) = (wire.u32()? as usize, wire.u32()? as usize);
        Some(Cutter {
            line,
            by,
            from,
            id,
            writer,
            max_line: wire.u32()? as usize,
            max_from: wire.u32()? as usize,
            max_forms: wire.u32()? as usize,
            max_clause: wire.u32()? as usize,
            composer: Composer::read(wire, by, from, writer)?,
        })
    }

    /// Reads a line by its form; its groups are in the room's machine afterwards, counted
    /// from 0 as in Python's `groups()`, as places in the line or in the room's joined one.
    pub fn read_line(
        &self,
        line: &[u8],
        forms: &mut Forms,
        dialects: &Dialects,
        times: &Times,
        room: &mut Room,
    ) -> Result<Found, Why> {
        if line.len() > self.max_line {
            return Err(Why::NotPlain);
        }
        let parted = parted(line, times, &mut room.asking)?;
        if is_odd(&line[parted.time.0..parted.time.1]) {
            return Err(Why::Stamp);
        }
        let mut joined = std::mem::take(&mut room.joined);
        join(line, &parted, &mut joined);
        let text = if joined.is_empty() {
            &line[..parted.front.1]
        } else {
            &joined[..]
        };
        let recipe = self.recipe(text, forms, dialects, room);
        room.joined = joined;
        let recipe = recipe?;
        Ok(Found {
            recipe,
            stamp: parted.stamp,
            time: parted.time,
        })
    }

    /// The recipe of a line that stands without its time, whose groups it checks.
    fn recipe(
        &self,
        text: &[u8],
        forms: &mut Forms,
        dialects: &Dialects,
        room: &mut Room,
    ) -> Result<u32, Why> {
        if room.machine.full_match(&self.line, text) != Gave::Match(text.len()) {
            return Err(Why::NoForm);
        }
        let from = room.machine.group(self.from);
        if from.is_some_and(|(start, stop)| stop - start > self.max_from) {
            return Err(Why::NotPlain);
        }
        if text.len() > self.max_clause && self.composer.has_longer(&room.machine, self.max_clause)
        {
            return Err(Why::NotPlain);
        }
        let Room {
            machine,
            key,
            spare,
            ..
        } = room;
        let line = Line {
            text,
            found: machine,
        };
        self.composer.write_key(&line, &mut forms.names, key);
        let number = match forms.by_key.get(&key.bytes) {
            Some(&number) => number,
            None => {
                let form = self.composer.form(key, &line, forms, dialects, spare)?;
                forms.keep(&key.bytes, form, self.max_forms)
            }
        };
        let form = &forms.all[number as usize];
        let dialect = match form.settled {
            Some(settled) => settled,
            None => self
                .dialect(text, form.mask, dialects, &mut forms.allowed, room)
                .ok_or(Why::Dialect)?,
        };
        let known = form.recipes.iter().find(|(one, _)| *one == dialect);
        let recipe = match known {
            Some((_, recipe)) => *recipe,
            None => {
                let clauses = form.clauses.clone();
                let Room { machine, spare, .. } = room;
                let line = Line {
                    text,
                    found: machine,
                };
                let composer = &self.composer;
                let made = composer.recipe(&clauses, dialect, &line, forms, dialects, spare)?;
                forms.add(number, dialect, made)
            }
        };
        let recipe = recipe.ok_or(Why::Refused)?;
        self.check(text, &forms.recipes[recipe as usize].0, room)?;
        Ok(recipe)
    }

    fn dialect(
        &self,
        front: &[u8],
        mask: Mask,
        all: &Dialects,
        allowed: &mut Allowed,
        room: &mut Room,
    ) -> Option<i32> {
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
        all.find(mask, &open, allowed, &mut room.asking)
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
        for known in recipe.known.iter() {
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

/// Whether a time has what is no part of one (line_templates.py, `_is_odd`): what seems
/// a weekday may be a second writer's.
fn is_odd(time: &[u8]) -> bool {
    let odd = |byte: &u8| byte.is_ascii_control() || b"\"\\<>[]".contains(byte);
    let by = time
        .get(..3)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"by "));
    by || (time.last() == Some(&b')') && time.iter().any(odd))
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
