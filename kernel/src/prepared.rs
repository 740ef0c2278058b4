//! A recipe while it is used in one batch: its constant texts stand in the batch's store.

use crate::line::Room;
use crate::recipe::{Number, Recipe, Source};
use crate::table::{Span, Store, Table, Text, NO_NUMBER};

/// A recipe as it is used in one batch: its constant texts stand in the batch's store.
pub struct Prepared {
    constants: Vec<(usize, Text)>,
    groups: Vec<(usize, usize)>,
    addresses: Vec<(usize, usize)>,
    numbers: Vec<(usize, Number)>,
    answers: Vec<(usize, i8)>,
    lists: Vec<(usize, Span)>,
}

impl Prepared {
    pub fn new(recipe: &Recipe, store: &mut Store) -> Prepared {
        let (mut constants, mut groups, mut addresses) = (Vec::new(), Vec::new(), Vec::new());
        for (column, source) in &recipe.columns.texts {
            match source {
                Source::Group(number) => groups.push((*column, *number)),
                Source::Address(number) => addresses.push((*column, *number)),
                Source::Constant(text) => constants.push((*column, store.add(text))),
            }
        }
        let lists = recipe.columns.lists.iter().map(|(column, words)| {
            let texts: Vec<Text> = words.iter().map(|word| store.add(word)).collect();
            let start = store.lists.len() as u32;
            store.lists.extend(texts);
            (*column, (start, words.len() as u32))
        });
        Prepared {
            lists: lists.collect(),
            constants,
            groups,
            addresses,
            numbers: recipe.columns.numbers.clone(),
            answers: recipe.columns.answers.clone(),
        }
    }

    /// Fills the columns of a hop whose line was read by its form.
    pub fn fill(&self, row: usize, line: Text, room: &Room, store: &mut Store, hops: &mut Table) {
        for &(column, text) in &self.constants {
            hops.text(column, row, text);
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
        for &(column, list) in &self.lists {
            hops.list(column, row, list);
        }
    }
}
