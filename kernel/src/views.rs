//! The rows of a batch as objects of Python's, for its views (native/views.py): of each
//! message its fields' names, where they stand, its columns, and its hops.

use crate::batch::Batch;
use crate::columns::{FIELD_NAMES, STAMP_COLUMNS, STAMP_RAW};
use crate::objects::Objects;
use crate::table::{Column, Store, Table, Text, NO_NUMBER, UNKNOWN};
use crate::wire::Wire;

const LONGEST_SHARED: usize = 40; // bytes of a text that is looked up among others
const MINUTE: i64 = 60; // seconds

/// Which columns, in which order.
struct Wanted {
    messages: Vec<u32>,
    hops: Vec<u32>, // STAMP_RAW stands for the whole time
}

impl Batch {
    /// Writes all messages as a list, None for one that was handed over whole. `wire` has
    /// the columns of a message and of a hop.
    pub fn views(&self, wire: &mut Wire, out: &mut Vec<u8>) -> Option<()> {
        let wanted = Wanted {
            messages: wire.u32s()?,
            hops: wire.u32s()?,
        };
        let mut to = Objects::new(out);
        let mut at = 0; // among the bounds
        to.list(self.spans.len());
        for (message, &answered) in self.answered.iter().enumerate() {
            if answered {
                to.none();
                continue;
            }
            let (first, count) = self.messages.list_at(FIELD_NAMES, message)?;
            let names = self.store.lists.get(first as usize..)?;
            let names = names.get(..count as usize)?;
            let bounds = self.bounds.get(at..=at + names.len())?;
            at += bounds.len();
            to.tuple(6);
            to.tuple(names.len());
            names
                .iter()
                .for_each(|&name| to.shared(self.store.get(name)));
            to.tuple(names.len());
            names
                .iter()
                .for_each(|&name| to.lowered(self.store.get(name)));
            to.tuple(bounds.len());
            bounds.iter().for_each(|&bound| to.number(i64::from(bound)));
            to.tuple(wanted.messages.len());
            for &column in &wanted.messages {
                write(&self.messages, column, message, &self.store, &mut to)?;
            }
            self.write_hops(message, &wanted.hops, &mut to)?;
        }
        Some(())
    }

    fn write_hops<'a>(
        &'a self,
        message: usize,
        columns: &[u32],
        to: &mut Objects<'a, '_>,
    ) -> Option<()> {
        let &(first, count) = self.spans.get(message)?;
        to.number(i64::from(first));
        to.tuple(count as usize);
        for row in first..first + count {
            let row = row as usize;
            to.list(columns.len());
            for &column in columns {
                if column as usize == STAMP_RAW {
                    self.write_stamp(row, to)?;
                } else {
                    write(&self.hops, column, row, &self.store, to)?;
                }
            }
        }
        Some(())
    }

    /// A time as a tuple; its text alone where no column holds its instant.
    fn write_stamp<'a>(&'a self, row: usize, to: &mut Objects<'a, '_>) -> Option<()> {
        let Some(raw) = self.hops.text_at(STAMP_RAW, row) else {
            to.none();
            return Some(());
        };
        let [instant, offset, zone, defects] = STAMP_COLUMNS;
        let numbers = |column| self.hops.number_at(column, row);
        let Some(at) = numbers(instant) else {
            to.text(self.store.get(raw));
            return Some(());
        };
        let wall = at.checked_add(numbers(offset).unwrap_or(0).checked_mul(MINUTE)?)?;
        to.tuple(6);
        to.text(self.store.get(raw));
        for column in [instant, offset, zone] {
            write(&self.hops, column as u32, row, &self.store, to)?;
        }
        to.number(wall);
        write(&self.hops, defects as u32, row, &self.store, to)
    }
}

fn write<'a>(
    table: &'a Table,
    column: u32,
    row: usize,
    store: &'a Store,
    to: &mut Objects<'a, '_>,
) -> Option<()> {
    match table.columns.get(column as usize)? {
        Column::Texts(cells) => write_text(*cells.get(row)?, store, to),
        Column::Numbers(cells) => match *cells.get(row)? {
            NO_NUMBER => to.none(),
            number => to.number(number),
        },
        Column::Answers(cells) => match *cells.get(row)? {
            UNKNOWN => to.none(),
            answer => to.answer(answer == 1),
        },
        Column::Lists(cells) => {
            let &(start, count) = cells.get(row)?;
            let texts = store.lists.get(start as usize..)?.get(..count as usize)?;
            to.tuple(texts.len());
            texts.iter().for_each(|&text| write_text(text, store, to));
        }
    }
    Some(())
}

fn write_text<'a>(text: Text, store: &'a Store, to: &mut Objects<'a, '_>) {
    if text == Text::NULL {
        to.none();
    } else if text.len() <= LONGEST_SHARED {
        to.shared(store.get(text));
    } else {
        to.text(store.get(text));
    }
}
