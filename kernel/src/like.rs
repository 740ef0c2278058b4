//! What is known of a clause from one that differs in its note alone (notes.rs).

use crate::clause::is_there;
use crate::composer::{Composer, Line, Spare};
use crate::dialect::Dialects;
use crate::forms::{Clause, Forms, Reading, MAX_FORMS};
use crate::notes::{note_in, Book};

impl Composer {
    /// Learns a clause from one that differs in its note alone: which alternatives it does
    /// not rule out.
    pub(crate) fn learn(
        &self,
        key: &[u8],
        line: &Line,
        forms: &mut Forms,
        dialects: &Dialects,
        spare: &mut Spare,
    ) -> Option<()> {
        let (book, note) = self.with_hole(key, line, dialects, spare)?;
        let like = forms.with_holes.get(&spare.key)?;
        let mask = book.narrowed(like.mask, note, &mut spare.machine)?;
        let readings = Vec::new();
        if forms.clauses.len() < MAX_FORMS {
            forms
                .clauses
                .insert(key.to_vec(), Clause { mask, readings });
        }
        Some(())
    }

    /// The same for what it says in a dialect, as a kind of hop.
    pub(crate) fn learn_reading(
        &self,
        key: &[u8],
        (dialect, kind): (i32, &[u8]),
        line: &Line,
        forms: &mut Forms,
        dialects: &Dialects,
        spare: &mut Spare,
    ) -> Option<()> {
        let (book, note) = self.with_hole(key, line, dialects, spare)?;
        let like = forms.with_holes.get(&spare.key)?.reading(dialect, kind)?;
        let mut recipe = like.recipe.clone();
        if let Some(recipe) = &mut recipe {
            book.add(recipe, dialect, note, &mut spare.machine)?;
        }
        let kind = kind.to_vec();
        let reading = Reading {
            dialect,
            kind,
            recipe,
        };
        forms.clauses.get_mut(key)?.readings.push(reading);
        Some(())
    }

    /// Writes the key of a clause with a hole in place of the note that ends it; gives the
    /// note, and what is known of such.
    fn with_hole<'a>(
        &self,
        key: &[u8],
        line: &Line<'a>,
        dialects: &'a Dialects,
        spare: &mut Spare,
    ) -> Option<(&'a Book, &'a [u8])> {
        let number = *key.first()? as usize;
        let part = self.parts.get(number)?;
        let (start, stop) = line.found.group(part.hole?)?;
        let (from, to) = note_in(&line.text[start..stop])?;
        let note = (start + from, start + to);
        spare.key.clear();
        spare.key.push(number as u8);
        if part.front {
            spare.key.push(u8::from(is_there(line.found, self.by)));
        }
        let Spare { asked, key, .. } = spare;
        part.places.write(line, Some(note), &self.names, asked, key);
        let book = dialects.books.iter().find(|book| book.clause == number)?;
        Some((book, &line.text[note.0..note.1]))
    }
}
