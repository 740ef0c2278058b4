//! The rows of a table while they are filled: column by column, texts as places in one
//! store. At the end each column is laid out as Apache Arrow does: validity bits, offsets
//! of 32 bits, data.

/// A text as a place in the store: 40 bits of start and 24 of length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text(u64);

impl Text {
    pub const NULL: Text = Text(u64::MAX);

    /// The text from `start` to `stop`.
    #[inline(always)]
    pub fn new(start: usize, stop: usize) -> Text {
        debug_assert!(stop - start < (1 << 24) - 1 && start < 1 << 40);
        Text((start as u64) << 24 | (stop - start) as u64)
    }

    pub fn start(self) -> usize {
        (self.0 >> 24) as usize
    }

    pub fn len(self) -> usize {
        (self.0 & 0xff_ffff) as usize
    }

    /// The same where so many bytes stand in front.
    #[inline(always)]
    pub fn behind(self, bytes: usize) -> Text {
        Text::new(bytes + self.start(), bytes + self.start() + self.len())
    }

    /// A part of it.
    #[inline(always)]
    pub fn part(self, start: usize, stop: usize) -> Text {
        Text::new(self.start() + start, self.start() + stop)
    }
}

/// The largest text of a cell.
pub const MAX_TEXT: usize = (1 << 24) - 2;
pub const NO_NUMBER: i64 = i64::MIN;
pub const UNKNOWN: i8 = -1;

/// A list of texts as a place among the lists of the store.
pub type Span = (u32, u32);

/// All texts of a batch, and all lists of them.
#[derive(Default)]
pub struct Store {
    pub bytes: Vec<u8>,
    pub lists: Vec<Text>,
}

impl Store {
    pub fn add(&mut self, text: &[u8]) -> Text {
        let start = self.bytes.len();
        self.bytes
            .extend_from_slice(&text[..text.len().min(MAX_TEXT)]);
        Text::new(start, self.bytes.len())
    }

    pub fn get(&self, text: Text) -> &[u8] {
        &self.bytes[text.start()..text.start() + text.len()]
    }
}

pub enum Column {
    Texts(Vec<Text>),
    Numbers(Vec<i64>),
    Answers(Vec<i8>),
    Lists(Vec<Span>),
}

/// The columns of one table.
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: usize,
}

impl Table {
    pub fn new(schema: &[(&str, u8)]) -> Table {
        let columns = schema
            .iter()
            .map(|(_, kind)| match kind {
                b't' => Column::Texts(Vec::new()),
                b'i' => Column::Numbers(Vec::new()),
                b'b' => Column::Answers(Vec::new()),
                _ => Column::Lists(Vec::new()),
            })
            .collect();
        Table { columns, rows: 0 }
    }

    /// Makes room for so many rows.
    pub fn reserve(&mut self, count: usize) {
        for column in &mut self.columns {
            match column {
                Column::Texts(cells) => cells.reserve(count),
                Column::Numbers(cells) => cells.reserve(count),
                Column::Answers(cells) => cells.reserve(count),
                Column::Lists(cells) => cells.reserve(count),
            }
        }
    }

    /// Adds rows that say nothing; the number of the first.
    pub fn grow(&mut self, count: usize) -> usize {
        let first = self.rows;
        self.rows += count;
        for column in &mut self.columns {
            match column {
                Column::Texts(cells) => cells.resize(self.rows, Text::NULL),
                Column::Numbers(cells) => cells.resize(self.rows, NO_NUMBER),
                Column::Answers(cells) => cells.resize(self.rows, UNKNOWN),
                Column::Lists(cells) => cells.resize(self.rows, (0, 0)),
            }
        }
        first
    }

    #[inline(always)]
    pub fn text(&mut self, column: usize, row: usize, text: Text) {
        if let Column::Texts(cells) = &mut self.columns[column] {
            cells[row] = text;
        }
    }

    #[inline(always)]
    pub fn number(&mut self, column: usize, row: usize, number: i64) {
        if let Column::Numbers(cells) = &mut self.columns[column] {
            cells[row] = number;
        }
    }

    #[inline(always)]
    pub fn answer(&mut self, column: usize, row: usize, answer: i8) {
        if let Column::Answers(cells) = &mut self.columns[column] {
            cells[row] = answer;
        }
    }

    #[inline(always)]
    pub fn list(&mut self, column: usize, row: usize, list: Span) {
        if let Column::Lists(cells) = &mut self.columns[column] {
            cells[row] = list;
        }
    }

    /// The list of a cell.
    pub fn list_at(&self, column: usize, row: usize) -> Option<Span> {
        match self.columns.get(column)? {
            Column::Lists(cells) => cells.get(row).copied(),
            _ => None,
        }
    }

    /// The number of a cell; None where it is null.
    pub fn number_at(&self, column: usize, row: usize) -> Option<i64> {
        match self.columns.get(column)? {
            Column::Numbers(cells) => cells.get(row).copied().filter(|&one| one != NO_NUMBER),
            _ => None,
        }
    }

    /// The text of a cell; None where it is null.
    pub fn text_at(&self, column: usize, row: usize) -> Option<Text> {
        match &self.columns[column] {
            Column::Texts(cells) => Some(cells[row]).filter(|&text| text != Text::NULL),
            _ => None,
        }
    }
}

/// A column as Arrow lays it out; `texts` are the offsets of a list's texts.
#[derive(Default)]
pub struct Laid {
    pub rows: usize,
    pub validity: Vec<u8>, // empty: nothing is null
    pub offsets: Vec<i32>,
    pub texts: Vec<i32>,
    pub data: Vec<u8>,
}

/// Lays a column out, its rows in the order of `rows`; None where it is longer than its
/// offsets can tell.
pub fn laid(column: &Column, rows: &[u32], store: &Store) -> Option<Laid> {
    let mut out = Laid {
        rows: rows.len(),
        ..Laid::default()
    };
    match column {
        Column::Texts(cells) => {
            out.offsets.reserve_exact(rows.len() + 1);
            out.offsets.push(0);
            for &row in rows {
                let text = cells[row as usize];
                if text != Text::NULL {
                    out.data.extend_from_slice(store.get(text));
                }
                out.offsets.push(i32::try_from(out.data.len()).ok()?);
            }
            out.validity = validity(rows, |row| cells[row] != Text::NULL);
        }
        Column::Numbers(cells) => {
            out.data.reserve_exact(rows.len() * 8);
            for &row in rows {
                let number = cells[row as usize];
                let told = if number == NO_NUMBER { 0 } else { number };
                out.data.extend_from_slice(&told.to_ne_bytes());
            }
            out.validity = validity(rows, |row| cells[row] != NO_NUMBER);
        }
        Column::Answers(cells) => {
            out.data = bits(rows, |row| cells[row] == 1);
            out.validity = validity(rows, |row| cells[row] != UNKNOWN);
        }
        Column::Lists(cells) => {
            out.offsets.push(0);
            out.texts.push(0);
            for &row in rows {
                let (start, count) = cells[row as usize];
                for &text in &store.lists[start as usize..(start + count) as usize] {
                    out.data.extend_from_slice(store.get(text));
                    out.texts.push(i32::try_from(out.data.len()).ok()?);
                }
                out.offsets.push(i32::try_from(out.texts.len() - 1).ok()?);
            }
        }
    }
    Some(out)
}

fn validity(rows: &[u32], holds: impl Fn(usize) -> bool) -> Vec<u8> {
    if rows.iter().all(|&row| holds(row as usize)) {
        return Vec::new();
    }
    bits(rows, holds)
}

fn bits(rows: &[u32], holds: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut out = vec![0; rows.len().div_ceil(8)];
    for (place, &row) in rows.iter().enumerate() {
        out[place / 8] |= u8::from(holds(row as usize)) << (place % 8);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_texts() {
        let mut store = Store::default();
        let mut table = Table::new(&[("a", b't'), ("b", b'l')]);
        table.grow(3);
        let text = store.add(b"abc");
        table.text(0, 0, text);
        table.text(0, 2, text.part(1, 3));
        store.lists.extend([text, text.part(0, 0)]);
        table.list(1, 1, (0, 2));
        let out = laid(&table.columns[0], &[2, 1, 0], &store).unwrap();
        assert_eq!(
            (out.offsets, out.data, out.validity),
            (vec![0, 2, 2, 5], b"bcabc".to_vec(), vec![5])
        );
        let out = laid(&table.columns[1], &[0, 1, 2], &store).unwrap();
        assert_eq!((out.offsets, out.texts), (vec![0, 0, 2, 2], vec![0, 3, 3]));
    }
}
