//! A recipe as it is used: its sources by their kinds, and its constant texts in one piece,
//! which a batch takes into its store when a line first asks for it.

use crate::line::Room;
use crate::recipe::{Number, Recipe, Source};
use crate::table::{Span, Store, Table, Text, NO_NUMBER};

/// A recipe as it is used; its constants are places in its own texts and lists.
pub struct Prepared {
    texts: Vec<u8>,
    words: Vec<Text>, // of its lists
    constants: Vec<(usize, Text)>,
    groups: Vec<(usize, usize)>,
    addresses: Vec<(usize, usize)>,
    numbers: Vec<(usize, Number)>,
    answers: Vec<(usize, i8)>,
    lists: Vec<(usize, Span)>,
}

/// Where the texts and lists of a recipe begin in a batch's store.
#[derive(Clone, Copy)]
pub struct Place {
    texts: usize,
    lists: u32,
}

impl Prepared {
    pub fn new(recipe: &Recipe) -> Prepared {
        let (mut constants, mut groups, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        let mut store = Store::default();
        for (column, source) in &recipe.columns.texts {
            match source {
                Source::Group(number) => groups.push((*column, *number)),
                Source::Address(number) => addresses.push((*column, *number)),
                Source::Constant(text) => constants.push((*column, store.add(text))),
            }
        }
        let mut lists = Vec::new();
        for (column, words) in &recipe.columns.lists {
            lists.push((*column, (store.lists.len() as u32, words.len() as u32)));
            for word in words {
                let word = store.add(word);
                store.lists.push(word);
            }
        }
        Prepared {
            texts: store.bytes,
            words: store.lists,
            constants,
            groups,
            addresses,
            numbers: recipe.columns.numbers.clone(),
            answers: recipe.columns.answers.clone(),
            lists,
        }
    }

    /// Puts its texts and lists into a store.
    pub fn put(&self, store: &mut Store) -> Place {
        let place = Place {
            texts: store.bytes.len(),
            lists: store.lists.len() as u32,
        };
        store.bytes.extend_from_slice(&self.texts);
        let words = self.words.iter();
        store
            .lists
            .extend(words.map(|word| word.behind(place.texts)));
        place
    }

    /// Fills the columns of a hop whose line was read by its form.
    pub fn fill(
        &self,
        place: Place,
        row: usize,
        line: Text,
        room: &Room,
        store: &mut Store,
        hops: &mut Table,
    ) {
        for &(column, text) in &self.constants {
            hops.text(column, row, text.behind(place.texts));
        }
        for &(column, group) in &self.groups {
            if let Some((start, stop)) = room.machine.group(group) {
                hops.text(column, row, line.part(start, stop));
            }
        }
        for &(column, number) in &self.addresses {
            if let Some(&(start, stop)) = room.addresses.get(number) {
                let text = store.add(&room.written[start as usize..stop as usize]);
                hops.text(column, row, text);
            }
        }
        for &(column, number) in &self.numbers {
            let number = match number {
                Number::Constant(number) => Some(number),
                Number::Group(group) => room.machine.group(group).and_then(|(start, stop)| {
                    std::str::from_utf8(store.get(line.part(start, stop)))
                        .ok()?
                        .parse()
                        .ok()
                }),
            };
            hops.number(column, row, number.unwrap_or(NO_NUMBER));
        }
        for &(column, answer) in &self.answers {
            hops.answer(column, row, answer);
        }
        for &(column, (start, count)) in &self.lists {
            hops.list(column, row, (place.lists + start, count));
        }
    }
}
