//! Takes in what Python answers: the values of columns, for some rows.

use crate::table::{Column, Store, Table, Text};
use crate::wire::Wire;

/// Takes the values of one column in, for some rows.
pub fn fill(
    table: &mut Table,
    column: usize,
    rows: &[u32],
    store: &mut Store,
    wire: &mut Wire,
) -> Option<()> {
    let count = table.rows;
    if rows.iter().any(|&row| row as usize >= count) {
        return None;
    }
    match table.columns.get_mut(column)? {
        Column::Texts(cells) => {
            for (&row, text) in rows.iter().zip(texts(rows.len(), store, wire)?) {
                cells[row as usize] = text;
            }
        }
        Column::Numbers(cells) => {
            for (&row, number) in rows.iter().zip(wire.i64s(rows.len())?) {
                cells[row as usize] = number;
            }
        }
        Column::Answers(cells) => {
            for (&row, &answer) in rows.iter().zip(wire.take(rows.len())?) {
                cells[row as usize] = answer as i8;
            }
        }
        Column::Lists(cells) => {
            let counts = wire.i64s(rows.len())?;
            let total = counts
                .iter()
                .try_fold(0i64, |sum, &one| sum.checked_add(one.max(0)))?;
            let all = texts(total as usize, store, wire)?;
            let mut start = store.lists.len() as u32;
            store.lists.extend(all);
            for (&row, &size) in rows.iter().zip(&counts) {
                cells[row as usize] = (start, size.max(0) as u32);
                start += size.max(0) as u32;
            }
        }
    }
    Some(())
}

/// Texts: their sizes, -1 for null, and all their bytes.
fn texts(count: usize, store: &mut Store, wire: &mut Wire) -> Option<Vec<Text>> {
    let sizes = wire.i64s(count)?;
    let mut bytes = wire.bytes()?;
    std::str::from_utf8(bytes).ok()?;
    sizes
        .into_iter()
        .map(|size| {
            if size < 0 {
                return Some(Text::NULL);
            }
            let text = bytes.get(..size as usize)?;
            bytes = &bytes[size as usize..];
            (text.len() <= crate::table::MAX_TEXT).then(|| store.add(text))
        })
        .collect()
}
