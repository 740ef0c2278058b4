//! Recipes: where the values of a hop come from, of a line's groups or of what its form
//! says by itself. Python makes them of its own reading, clause by clause (evidence/bulk/
//! native/forms.py).

use std::sync::Arc;

use crate::program::Program;
use crate::wire::Wire;

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

/// Columns of a hop, with where their values come from.
#[derive(Clone, Default, Debug)]
pub struct Columns {
    pub texts: Vec<(usize, Source)>,
    pub numbers: Vec<(usize, Number)>,
    pub answers: Vec<(usize, i8)>,
    pub lists: Vec<(usize, Vec<Vec<u8>>)>,
}

/// Expressions for words behind "from" that a dialect gives a meaning of their own; None
/// for one that Python could not compile.
pub type Known = Arc<Vec<Option<Program>>>;

/// Where the values of a hop come from.
#[derive(Clone, Default, Debug)]
pub struct Recipe {
    pub columns: Columns,
    /// Groups that have to be addresses.
    pub addresses: Vec<usize>,
    /// What the words behind "from" are in every line of the form, or in none.
    pub known: Known,
    pub has_known: bool,
}

impl Columns {
    pub fn read(wire: &mut Wire) -> Option<Columns> {
        Some(Columns {
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
                let column = wire.u32()? as usize;
                Some((column, wire.many(|wire| Some(wire.bytes()?.to_vec()))?))
            })?,
        })
    }

    /// Lays other columns over these: a value goes before one that is there, a list in
    /// front of it. The addresses of `over` stand behind so many others.
    pub fn lay_over(&mut self, over: &Columns, addresses: usize) {
        for (column, source) in &over.texts {
            let source = match source {
                Source::Address(number) => Source::Address(number + addresses),
                other => other.clone(),
            };
            put(&mut self.texts, *column, source);
        }
        for &(column, number) in &over.numbers {
            put(&mut self.numbers, column, number);
        }
        for &(column, answer) in &over.answers {
            put(&mut self.answers, column, answer);
        }
        for (column, words) in &over.lists {
            let mut words = words.clone();
            if let Some((_, behind)) = self.lists.iter().find(|(one, _)| one == column) {
                words.extend_from_slice(behind);
            }
            put(&mut self.lists, *column, words);
        }
    }

    /// Whether there is a text for a column.
    pub fn tells(&self, column: usize) -> bool {
        self.texts.iter().any(|(one, _)| *one == column)
    }

    /// The text of a column that is the same in every line.
    pub fn constant(&self, column: usize) -> Option<&[u8]> {
        let found = self.texts.iter().find(|(one, _)| *one == column);
        match found {
            Some((_, Source::Constant(text))) => Some(text),
            _ => None,
        }
    }
}

fn put<T>(columns: &mut Vec<(usize, T)>, column: usize, value: T) {
    match columns.iter_mut().find(|(one, _)| *one == column) {
        Some((_, old)) => *old = value,
        None => columns.push((column, value)),
    }
}

impl Recipe {
    /// Reads what a clause says.
    pub fn read(wire: &mut Wire) -> Option<Recipe> {
        Some(Recipe {
            columns: Columns::read(wire)?,
            addresses: wire.u32s()?.into_iter().map(|one| one as usize).collect(),
            known: Known::default(),
            has_known: wire.u32()? != 0,
        })
    }

    /// Adds what another clause says, which stands in front of those that are there.
    pub fn add(&mut self, clause: &Recipe) {
        self.columns.lay_over(&clause.columns, self.addresses.len());
        self.addresses.extend_from_slice(&clause.addresses);
        self.has_known |= clause.has_known;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_front_goes_before() {
        let list = |word: &[u8]| vec![(7, vec![word.to_vec()])];
        let mut recipe = Recipe {
            columns: Columns {
                texts: vec![(1, Source::Constant(b"a".to_vec()))],
                lists: list(b"behind"),
                ..Columns::default()
            },
            addresses: vec![5],
            ..Recipe::default()
        };
        recipe.add(&Recipe {
            columns: Columns {
                texts: vec![(1, Source::Address(0))],
                lists: list(b"front"),
                ..Columns::default()
            },
            addresses: vec![6],
            ..Recipe::default()
        });
        assert!(matches!(
            recipe.columns.texts[..],
            [(1, Source::Address(1))]
        ));
        assert_eq!(
            recipe.columns.lists,
            [(7, vec![b"front".to_vec(), b"behind".to_vec()])]
        );
        assert_eq!(recipe.addresses, [5, 6]);
    }
}
