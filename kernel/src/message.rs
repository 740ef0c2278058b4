//! The columns of a message: its fields' names, Message-ID, mailer, Subject, Date, From.

use std::borrow::Cow;

use crate::batch::{Batch, Tables};
use crate::columns::*;
use crate::header::{Field, Header};
use crate::message_id::bare_id;
use crate::places::Places;
use crate::questions::{DATE, FROM, SUBJECT};
use crate::stamp;
use crate::table::Text;
use crate::times::{Times, Unsure};
use crate::{mailbox, text, words};

impl Batch {
    pub(crate) fn add_message(
        &mut self,
        row: usize,
        data: &[u8],
        header: &Header,
        places: &Places,
        tables: &Tables,
    ) {
        self.add_names(row, data, header);
        self.add_message_id(row, data, places.message_id);
        self.add_mailer(row, data, places.x_mailer.or(places.user_agent));
        self.add_subject(row, data, places.subject);
        self.add_date(row, data, places.date, &tables.times);
        self.add_from(row, data, places);
        self.messages
            .number(HOPS_COUNT, row, places.received.len() as i64);
    }

    fn add_names(&mut self, row: usize, data: &[u8], header: &Header) {
        let start = self.store.lists.len() as u32;
        for field in &header.fields {
            let from = field.start as usize;
            let name = self.store.add(&data[from..from + field.name as usize]);
            self.store.lists.push(name);
            self.bounds.push(field.start);
        }
        self.bounds
            .extend(header.fields.last().map(|last| last.stop));
        self.messages
            .list(FIELD_NAMES, row, (start, header.fields.len() as u32));
        if header.separator {
            let start = self.store.lists.len() as u32;
            self.store.lists.push(self.words.separator);
            self.messages.list(DEFECTS_OF_MESSAGE, row, (start, 1));
        }
    }

    /// A claim: its value, its state and its place, in four columns from `column` on.
    fn claim(&mut self, column: usize, row: usize, field: Option<Field>, value: Option<Text>) {
        let words = &self.words;
        let state = match (field, value) {
            (None, _) => words.absent,
            (_, None) => words.empty,
            _ => words.present,
        };
        self.messages.text(column, row, value.unwrap_or(Text::NULL));
        self.messages.text(column + 1, row, state);
        self.span(column + 2, row, field);
    }

    fn span(&mut self, column: usize, row: usize, field: Option<Field>) {
        if let Some(field) = field {
            self.messages.number(column, row, i64::from(field.start));
            self.messages.number(column + 1, row, i64::from(field.stop));
        }
    }

    fn add_message_id(&mut self, row: usize, data: &[u8], field: Option<Field>) {
        let value = field.and_then(|field| {
            let (value, _) = self.unfold(data, field);
            let (start, stop) = bare_id(self.store.get(value));
            (start < stop).then(|| value.part(start, stop))
        });
        self.claim(MESSAGE_ID, row, field, value);
    }

    fn add_mailer(&mut self, row: usize, data: &[u8], field: Option<Field>) {
        let value = field
            .map(|field| self.unfold(data, field).0)
            .filter(|text| text.len() > 0);
        self.claim(MAILER, row, field, value);
    }

    fn add_subject(&mut self, row: usize, data: &[u8], field: Option<Field>) {
        let written = field
            .map(|field| self.unfold(data, field).0)
            .filter(|text| text.len() > 0);
        let value = written.map(|written| match self.decoded(written) {
            Some(text) => text,
            None => {
                self.ask(SUBJECT, 0, row, row, written);
                written
            }
        });
        self.claim(SUBJECT_OF, row, field, value);
    }

    /// A text with its encoded words decoded; None where Python has to.
    fn decoded(&mut self, written: Text) -> Option<Text> {
        let text = std::str::from_utf8(self.store.get(written)).ok()?;
        let decoded = match words::decode(text)? {
            Cow::Borrowed(_) => return Some(written),
            Cow::Owned(decoded) => decoded,
        };
        (decoded.len() <= crate::table::MAX_TEXT).then(|| self.store.add(decoded.as_bytes()))
    }

    fn add_date(&mut self, row: usize, data: &[u8], field: Option<Field>, times: &Times) {
        self.span(DATE_START, row, field);
        let Some(field) = field else { return };
        let (value, ascii) = self.unfold(data, field);
        if value.len() == 0 {
            return;
        }
        let found = match ascii {
            true => times.find(self.store.get(value), &mut self.room.asking),
            false => Err(Unsure),
        };
        match found {
            Ok(Some((stamp, start, stop))) => {
                let defects = self.defects(&stamp);
                let table = &mut self.messages;
                let written = value.part(start, stop);
                table.text(DATE_RAW, row, written);
                stamp::fill(table, DATE_COLUMNS, row, written, &stamp, defects);
            }
            Ok(None) => {}
            Err(Unsure) => self.ask(DATE, 0, row, row, value),
        }
    }

    fn add_from(&mut self, row: usize, data: &[u8], places: &Places) {
        self.span(FROM_START, row, places.from);
        let Some(field) = places.from else { return };
        let (value, _) = self.unfold(data, field);
        let usual = if places.second_from {
            None
        } else {
            mailbox::usual(self.store.get(value))
        };
        if usual.is_none_or(|usual| self.add_mailbox(row, value, usual).is_none()) {
            self.ask(FROM, u32::from(places.second_from), row, row, value);
        }
    }

    /// The columns of a mailbox; None where its name needs Python.
    fn add_mailbox(&mut self, row: usize, value: Text, usual: mailbox::Usual) -> Option<()> {
        let name = self.decoded(value.part(usual.name.0, usual.name.1))?;
        let written = self.store.get(name);
        let shown = text::stripped(std::str::from_utf8(written).ok()?);
        let start = shown.as_ptr() as usize - written.as_ptr() as usize;
        let name = name.part(start, start + shown.len());
        self.scratch.clear();
        let domain = &self.store.get(value)[usual.domain.0..usual.domain.1];
        self.scratch
            .extend(domain.iter().map(u8::to_ascii_lowercase));
        let bare = self
            .scratch
            .iter()
            .rposition(|&byte| byte != b'.')
            .map_or(0, |last| last + 1);
        let domain = self.store.add(&self.scratch[..bare]);
        let table = &mut self.messages;
        table.text(
            FROM_NAME,
            row,
            if name.len() > 0 { name } else { Text::NULL },
        );
        table.text(
            FROM_NAME + 1,
            row,
            value.part(usual.local.0, usual.domain.1),
        );
        table.text(FROM_NAME + 2, row, value.part(usual.local.0, usual.local.1));
        table.text(FROM_NAME + 3, row, domain);
        Some(())
    }
}
