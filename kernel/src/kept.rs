//! The fields of headers that a case keeps (evidence/kept_fields.py), laid out as columns.

use crate::answers::fill;
use crate::batch::{all_laid, in_order, Batch};
use crate::columns::{FIELD_NAMES, KEPT_LINE, KEPT_NAME, KEPT_RAW, KEPT_START, MESSAGE_OF_KEPT};
use crate::memory::find;
use crate::schema::HEADER_FIELDS;
use crate::table::{Store, Table, Text};
use crate::wire::Wire;

/// Which fields are kept, and how much of them.
pub struct Rule {
    /// Their names in lower case.
    names: Vec<Vec<u8>>,
    /// How other names begin that are kept, and of these those that are not.
    front: Vec<u8>,
    but: Vec<Vec<u8>>,
    /// The most fields of a message, and the most bytes of a field.
    fields: usize,
    bytes: usize,
}

impl Rule {
    pub fn read(wire: &mut Wire) -> Option<Rule> {
        let text = |wire: &mut Wire| Some(wire.bytes()?.to_vec());
        Some(Rule {
            names: wire.many(text)?,
            front: text(wire)?,
            but: wire.many(text)?,
            fields: wire.u32()? as usize,
            bytes: wire.u32()? as usize,
        })
    }

    fn keeps(&self, name: &[u8]) -> bool {
        if begins(name, &self.front) {
            return !self.but.iter().any(|front| begins(name, front));
        }
        self.names.iter().any(|one| name.eq_ignore_ascii_case(one))
    }
}

fn begins(name: &[u8], front: &[u8]) -> bool {
    name.get(..front.len())
        .is_some_and(|part| part.eq_ignore_ascii_case(front))
}

impl Batch {
    /// Lays the kept fields of all messages out, which are the same as were read. `wire` has
    /// those of messages that were handed over: of how many messages, each with its number
    /// and how many it has; and the values of the columns.
    pub fn keep(&mut self, mails: &[&[u8]], rule: &Rule, wire: &mut Wire) -> Option<()> {
        if !self.laid[2].is_empty() {
            return Some(()); // they are lent already, and stay where they are
        }
        let mut table = Table::new(HEADER_FIELDS);
        let mut spans = vec![(0, 0); mails.len()];
        let mut at = 0; // among the bounds
        for (message, data) in mails.iter().enumerate() {
            if *self.answered.get(message)? {
                continue;
            }
            let (first, count) = self.messages.list_at(FIELD_NAMES, message)?;
            let bounds = self.bounds.get(at..=at + count as usize)?;
            at += bounds.len();
            let names = (first, count);
            spans[message] = add(
                &mut table,
                message,
                data,
                bounds,
                names,
                rule,
                &mut self.store,
            )?;
        }
        let told = table.rows as u32;
        for _ in 0..wire.u32()? {
            let (message, count) = (wire.u32()? as usize, wire.u32()?);
            let first = table.grow(count as usize);
            *spans.get_mut(message)? = (first as u32, count);
            for row in first..table.rows {
                table.number(MESSAGE_OF_KEPT, row, message as i64);
            }
        }
        let rows: Vec<u32> = (told..table.rows as u32).collect();
        for _ in 0..wire.u32()? {
            let column = wire.u32()? as usize;
            fill(&mut table, column, &rows, &mut self.store, wire)?;
        }
        self.laid[2] = all_laid(&table, &in_order(&spans), &self.store)?;
        Some(())
    }
}

/// Adds the kept fields of a message that was read; where they stand in the table.
fn add(
    table: &mut Table,
    message: usize,
    data: &[u8],
    bounds: &[u32],
    (first, count): (u32, u32),
    rule: &Rule,
    store: &mut Store,
) -> Option<(u32, u32)> {
    let start = table.rows;
    let mut line = 1;
    for (place, field) in bounds.windows(2).enumerate().take(count as usize) {
        let raw = data.get(field[0] as usize..field[1] as usize)?;
        let name = *store.lists.get(first as usize + place)?;
        if rule.keeps(store.get(name)) {
            let row = table.grow(1);
            table.number(MESSAGE_OF_KEPT, row, message as i64);
            table.text(KEPT_NAME, row, name);
            table.text(
                KEPT_RAW,
                row,
                as_text(&raw[..raw.len().min(rule.bytes)], store),
            );
            table.number(KEPT_START, row, i64::from(field[0]));
            table.number(KEPT_START + 1, row, i64::from(field[1]));
            table.number(KEPT_LINE, row, line);
            if table.rows - start == rule.fields {
                break;
            }
        }
        line += lines(raw);
    }
    Some((start as u32, (table.rows - start) as u32))
}

/// Bytes as a text, each as the character of that number (ISO 8859-1).
fn as_text(raw: &[u8], store: &mut Store) -> Text {
    if raw.is_ascii() {
        return store.add(raw);
    }
    let text: String = raw.iter().map(|&byte| char::from(byte)).collect();
    store.add(text.as_bytes())
}

/// How many lines end in it.
fn lines(mut raw: &[u8]) -> i64 {
    let mut count = 0;
    while let Some(place) = find(raw, b'\n') {
        count += 1;
        raw = &raw[place + 1..];
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Rule {
        Rule {
            names: vec![b"from".to_vec()],
            front: b"x-".to_vec(),
            but: vec![b"x-spam".to_vec()],
            fields: 2,
            bytes: 9,
        }
    }

    #[test]
    fn names_that_are_kept() {
        let kept = |name: &[u8]| rule().keeps(name);
        assert!(kept(b"FROM") && kept(b"X-Mailer") && kept(b"x-"));
        assert!(!kept(b"fro") && !kept(b"") && !kept(b"X-Spam-Flag") && !kept(b"x"));
    }

    #[test]
    fn lines_that_end() {
        assert_eq!((lines(b""), lines(b"a"), lines(b"a\n\nb\n")), (0, 0, 3));
    }

    #[test]
    fn nothing_of_messages_that_are_not_there() {
        let (mut batch, data) = (Batch::new(1), &b""[..]);
        let answers = [0, 0, 0, 0, 0, 0, 0, 0];
        let mut kept = |mails: &[&[u8]]| batch.keep(mails, &rule(), &mut Wire::new(&answers));
        assert_eq!(kept(&[data, data]), None);
        assert_eq!(kept(&[data]), None); // it was not read
    }
}
