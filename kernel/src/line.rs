//! Received lines by their form (evidence/received/line_templates.py): the form is looked
//! up among those that Python learnt, and its recipe says where a hop's values come from. A
//! line of no such form is handed over, and what Python learns from it is taught here.

use crate::dialect::{Dialects, Open};
use crate::forms::{Composer, Form, Forms, Key};
use crate::keys::Asked;
use crate::machine::{Gave, Machine};
use crate::program::Program;
use crate::recipe::Recipe;
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
    composer: Composer,
    by: usize,
    from: usize,
    id: usize,
    writer: usize,
    max_line: usize,
    max_from: usize,
    max_forms: usize,
}

/// Stands for a time in the middle of a line (evidence/received/line_pattern.py).
const BEHIND_TIME: &[u8] = b" \n";
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
    asking: Machine,
    asked: Asked,
    key: Key,
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
        zones: &Zones,
        room: &mut Room,
    ) -> Result<Found, Why> {
        if line.len() > self.max_line {
            return Err(Why::NotPlain);
        }
        let (time, stamp) = time_of(line, zones)?;
        let mut joined = std::mem::take(&mut room.joined);
        join(line, time, &mut joined);
        let text = if joined.is_empty() {
            &line[..time.0 - 2]
        } else {
            &joined[..]
        };
        let recipe = self.recipe(text, forms, dialects, room);
        room.joined = joined;
        let recipe = recipe?;
        Ok(Found {
            recipe,
            stamp,
            time,
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
        let Room {
            machine,
            asked,
            key,
            ..
        } = room;
        self.composer.write_key(text, machine, asked, key);
        if !forms.by_key.contains_key(&key.bytes) {
            let form = self.composer.form(key, machine, forms, dialects)?;
            forms.keep(&key.bytes, form, self.max_forms);
        }
        let form = forms.by_key.get(&key.bytes).ok_or(Why::Unknown)?;
        let dialect = match form.settled {
            Some(settled) => settled,
            None => self
                .dialect(text, form, dialects, room)
                .ok_or(Why::Dialect)?,
        };
        let recipe = match form.recipes.iter().find(|(number, _)| *number == dialect) {
            Some((_, recipe)) => *recipe,
            None => {
                let made = self.composer.recipe(form, dialect, &room.machine, forms)?;
                forms.add(&room.key.bytes, dialect, made)
            }
        };
        let recipe = recipe.ok_or(Why::Refused)?;
        self.check(text, &forms.recipes[recipe as usize], room)?;
        Ok(recipe)
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

/// Where the time of a line stands, behind its last semicolon, and the time. Behind it
/// may stand a note with a mailbox in it, which is no zone's name; a time is read in front
/// of one where it is of the most usual form, as Python does.
fn time_of(line: &[u8], zones: &Zones) -> Result<((usize, usize), Stamp), Why> {
    let start = line
        .windows(2)
        .rposition(|two| two == b"; ")
        .ok_or(Why::NoForm)?
        + 2;
    let stop = note_behind(&line[start..]).map_or(line.len(), |place| start + place);
    let time = &line[start..stop];
    if stop < line.len() && !ends_with_zone(time) {
        return Err(Why::Stamp);
    }
    let stamp = stamp::read(time, zones).ok_or(Why::Stamp)?;
    Ok(((start, stop), stamp))
}

/// Where the last note begins, with the space before it, where an "@" stands in it.
fn note_behind(back: &[u8]) -> Option<usize> {
    let inner = back.strip_suffix(b")")?;
    let open = inner.iter().rposition(|&byte| byte == b'(')?;
    (inner[open..].contains(&b'@') && open > 0 && back[open - 1] == b' ').then(|| open - 1)
}

/// Whether a time ends with an offset, or with an offset and a note, and has no fraction.
fn ends_with_zone(time: &[u8]) -> bool {
    let offset = |text: &[u8]| matches!(text, [.., b'+' | b'-', a, b, c, d] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()));
    let open = time.windows(2).position(|two| two == b" (");
    let front = open.map_or(time, |place| &time[..place]);
    offset(front)
        && !front.contains(&b'.')
        && front.iter().filter(|&&byte| byte == b',').count() <= 1
}

/// The line without its time, where something stands behind that; else nothing.
fn join(line: &[u8], time: (usize, usize), out: &mut Vec<u8>) {
    out.clear();
    if time.1 < line.len() {
        out.extend_from_slice(&line[..time.0 - 2]);
        out.extend_from_slice(BEHIND_TIME);
        out.extend_from_slice(&line[time.1 + 1..]);
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
