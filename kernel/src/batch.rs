//! Reads messages into two tables, and keeps what it hands over as questions. Python
//! answers them, row by row; then the columns are laid out.

use crate::boundary::Unknown;
use crate::dialect::Dialects;
use crate::forms::Forms;
use crate::header::{Field, Header, Names};
use crate::kept::Rule;
use crate::lessons::Lessons;
use crate::line::{Cutter, Room};
use crate::places::Places;
use crate::prepared::Place;
use crate::questions::{Question, MESSAGE};
use crate::schema::{HOPS, MESSAGES};
use crate::stamp::{Stamp, DEFECTS};
use crate::table::{laid, Laid, Span, Store, Table, Text};
use crate::text;
use crate::times::Times;

/// Lines of a message, and bytes of the store: room for so many is made beforehand.
const USUAL_HOPS: usize = 6;
const USUAL_BYTES: usize = 3_072;

/// All that was handed over once, when the kernel was loaded.
pub struct Tables {
    pub cutter: Cutter,
    pub dialects: Dialects,
    pub names: Names,
    pub unknown: Unknown,
    pub times: Times,
    pub kept: Rule,
}

/// Texts that many rows share.
pub(crate) struct Words {
    pub present: Text,
    pub absent: Text,
    pub empty: Text,
    pub separator: Text,
    pub defects: [Text; DEFECTS.len()],
}

pub struct Batch {
    pub store: Store,
    pub messages: Table,
    pub hops: Table,
    pub questions: Vec<Question>,
    /// The first row and the number of the hops of each message.
    pub(crate) spans: Vec<(u32, u32)>,
    /// Where the fields of each message that was read begin, and where the last one stops.
    pub bounds: Vec<u32>,
    pub(crate) answered: Vec<bool>, // messages that were handed over
    pub(crate) placed: Vec<Option<Place>>, // the recipes that were used, by their numbers
    pub(crate) age: u32,            // of the forms that these are of
    pub(crate) words: Words,
    pub(crate) room: Room,
    pub(crate) lessons: Lessons,
    pub(crate) scratch: Vec<u8>,
    /// Messages, hops, kept fields.
    pub laid: [Vec<Laid>; 3],
}

impl Batch {
    pub fn new(count: usize) -> Batch {
        let mut store = Store::default();
        let words = Words {
            present: store.add(b"present"),
            absent: store.add(b"absent"),
            empty: store.add(b"empty"),
            separator: store.add(b"mbox_separator_in_header"),
            defects: DEFECTS.map(|word| store.add(word.as_bytes())),
        };
        let mut messages = Table::new(MESSAGES);
        messages.grow(count);
        Batch {
            store,
            messages,
            hops: Table::new(HOPS),
            questions: Vec::new(),
            spans: vec![(0, 0); count],
            bounds: Vec::new(),
            answered: vec![false; count],
            placed: Vec::new(),
            age: 0,
            words,
            room: Room::default(),
            lessons: Lessons::default(),
            scratch: Vec::new(),
            laid: Default::default(),
        }
    }

    /// Reads all messages; those with a `skip` are handed over unread.
    pub fn read(&mut self, mails: &[&[u8]], skip: &[u8], tables: &Tables, forms: &mut Forms) {
        let (mut header, mut places) = (Header::default(), Places::default());
        self.hops.reserve(mails.len() * USUAL_HOPS);
        self.store.bytes.reserve(mails.len() * USUAL_BYTES);
        for (number, data) in mails.iter().enumerate() {
            if skip[number] != 0 || !header.read(data, &tables.names) {
                self.answered[number] = true;
                self.ask(MESSAGE, 0, number, number, Text::new(0, 0));
                continue;
            }
            places.find(data, &header);
            self.add_message(number, data, &header, &places, tables);
            self.add_hops(number, data, &places.received, tables, forms);
        }
        self.remember(forms);
    }

    /// The unfolded value of a field, in the store; whether it is ASCII.
    pub(crate) fn unfold(&mut self, data: &[u8], field: Field) -> (Text, bool) {
        let start = self.store.bytes.len();
        let raw = &data[field.start as usize..field.stop as usize];
        let ascii = text::unfold(raw, &mut self.store.bytes);
        (Text::new(start, self.store.bytes.len()), ascii)
    }

    pub(crate) fn defects(&mut self, stamp: &Stamp) -> Span {
        let start = self.store.lists.len();
        for (bit, word) in self.words.defects.iter().enumerate() {
            if stamp.defects >> bit & 1 != 0 {
                self.store.lists.push(*word);
            }
        }
        (start as u32, (self.store.lists.len() - start) as u32)
    }

    /// Lays the columns out; None where one is too long. `told`: nothing is known of the
    /// receiver, and this is what is told of the boundary then.
    pub fn finish(&mut self, told: Option<&Unknown>) -> Option<()> {
        if self.laid[..2].iter().any(|columns| !columns.is_empty()) {
            return None; // they are lent already, and stay where they are
        }
        if let Some(unknown) = told {
            self.add_boundaries(unknown);
        }
        let messages: Vec<u32> = (0..self.messages.rows as u32).collect();
        self.laid[0] = all_laid(&self.messages, &messages, &self.store)?;
        self.laid[1] = all_laid(&self.hops, &in_order(&self.spans), &self.store)?;
        Some(())
    }
}

/// The rows of a table message by message, of each the first one and how many.
pub(crate) fn in_order(spans: &[(u32, u32)]) -> Vec<u32> {
    let spans = spans.iter();
    spans
        .flat_map(|&(first, count)| first..first + count)
        .collect()
}

/// All columns of a table, laid out.
pub(crate) fn all_laid(table: &Table, rows: &[u32], store: &Store) -> Option<Vec<Laid>> {
    let columns = table.columns.iter();
    columns.map(|column| laid(column, rows, store)).collect()
}
