//! Notes that end a clause, as the version of a program: what the tables say of one that
//! was never seen, by their own expressions (evidence/bulk/native/notes.py).

use crate::dialect::{Asking, Mask};
use crate::machine::{Gave, Machine};
use crate::program::Program;
use crate::recipe::{Columns, Recipe, Source};
use crate::schema::{place, HOPS};
use crate::wire::Wire;

/// Stands for a note in the key of a clause.
pub const HOLE: u8 = 1;
const MTA: usize = place(HOPS, "mta");
const UNREAD: usize = place(HOPS, "unread");

/// A note that a table knows.
struct Phrase {
    program: Option<Program>,
    /// Whether what it says is no matter to the words beside it.
    simple: bool,
    captured: Columns,
    says: Columns,
}

/// What the tables know of the notes of one clause.
pub struct Book {
    pub clause: usize,
    asking: Asking,
    common: Vec<Phrase>,
    guesses: Vec<Phrase>,
    own: Vec<(bool, Vec<Phrase>)>, // of each dialect; whether it names a program
}

impl Book {
    pub fn read(wire: &mut Wire) -> Option<Book> {
        Some(Book {
            clause: wire.u32()? as usize,
            asking: Asking::read(wire)?,
            common: wire.many(Phrase::read)?,
            guesses: wire.many(Phrase::read)?,
            own: wire.many(|wire| Some((wire.u32()? != 0, wire.many(Phrase::read)?)))?,
        })
    }

    /// Those of the alternatives in `mask` that a note does not rule out.
    pub fn narrowed(&self, mask: Mask, note: &[u8], machine: &mut Machine) -> Option<Mask> {
        self.asking.narrowed(mask, note, machine)
    }

    /// Adds what a note says in a dialect to what its clause says; None where Python has
    /// to read it.
    pub fn add(
        &self,
        recipe: &mut Recipe,
        dialect: i32,
        note: &[u8],
        machine: &mut Machine,
    ) -> Option<()> {
        let own = usize::try_from(dialect)
            .ok()
            .and_then(|one| self.own.get(one));
        let (names, own) = own.map_or((false, &[][..]), |(names, own)| (*names, own));
        let guesses = if names { &[][..] } else { &self.guesses };
        let end = note.iter().rev().take_while(|&&byte| byte == b' ').count();
        let text = &note[..note.len() - end];
        for phrase in own.iter().chain(&self.common).chain(guesses) {
            match machine.full_match(phrase.program.as_ref()?, text) {
                Gave::Up => return None,
                Gave::Nothing => {}
                Gave::Match(_) => return phrase.add(recipe, text, machine),
            }
        }
        let unread = [b"(", note, b")"].concat();
        recipe.columns.lists.push((UNREAD, vec![unread]));
        Some(())
    }
}

impl Phrase {
    fn read(wire: &mut Wire) -> Option<Phrase> {
        Some(Phrase {
            program: wire.program()?,
            simple: wire.u32()? != 0,
            captured: Columns::read(wire)?,
            says: Columns::read(wire)?,
        })
    }

    fn add(&self, recipe: &mut Recipe, text: &[u8], found: &Machine) -> Option<()> {
        let columns = &mut recipe.columns;
        self.simple.then_some(())?;
        for (column, source) in &self.captured.texts {
            if let Source::Group(group) = source {
                if let Some((start, stop)) = found.group(*group) {
                    let text = text[start..stop].to_vec();
                    columns.texts.push((*column, Source::Constant(text)));
                }
            }
        }
        for (column, source) in &self.says.texts {
            match columns.texts.iter_mut().find(|(one, _)| one == column) {
                None => columns.texts.push((*column, source.clone())),
                Some((_, told)) if *column == MTA => *told = source.clone(),
                Some(_) => {}
            }
        }
        Some(())
    }
}

/// Where the inside of the one note stands that ends a text, which is a clause or the
/// end of one; None where it has another, or something that makes a line less than plain.
pub fn note_in(text: &[u8]) -> Option<(usize, usize)> {
    let start = text.iter().position(|&byte| byte == b'(')? + 1;
    let note = text.get(start..)?.strip_suffix(b")")?;
    let mut depth = 1;
    for (place, &byte) in note.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b'"' | b'\\' | 0..=31 | 127 => return None,
            b'b' | b'B' if begins_by(&note[place..]) => return None,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    (depth == 1 && !note.is_empty()).then_some((start, start + note.len()))
}

/// Whether a second "by" may begin here, at which a line is parted.
fn begins_by(text: &[u8]) -> bool {
    text.len() > 2 && text[1].eq_ignore_ascii_case(&b'y') && text[2] == b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_what_is_none() {
        let note =
            |text: &'static str| note_in(text.as_bytes()).map(|(start, stop)| &text[start..stop]);
        assert_eq!(note("(8.12.3/8.11.3)"), Some("8.12.3/8.11.3"));
        assert_eq!(note("ESMTP (Exim 4 (Debian))"), Some("Exim 4 (Debian)"));
        for text in [
            "", "()", "(a) (b)", "(a", "a)", "(a by b)", "(\"a\")", "ESMTP", "(a) b",
        ] {
            assert_eq!(note(text), None, "{text}");
        }
    }
}
