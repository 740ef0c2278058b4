//! Reads messages into two tables, and keeps what it hands over as questions. Python
//! answers them, row by row; then the columns are laid out.

use std::borrow::Cow;

use crate::answers::fill;
use crate::dialect::Dialects;
use crate::header::{Field, Header, Names};
use crate::line::{Cutter, Forms, Room, Why};
use crate::places::Places;
use crate::prepared::Prepared;
use crate::schema::{place, HOPS, MESSAGES};
use crate::stamp::{self, Stamp, Zones, DEFECTS};
use crate::table::{laid, Laid, Span, Store, Table, Text, NO_NUMBER};
use crate::wire::Wire;
use crate::{mailbox, queue_id, text, words};

/// 9999-12-31T23:59:59Z: no column holds a later instant.
const LAST_INSTANT: i64 = 253_402_300_799;

/// What is handed over.
pub const MESSAGE: u32 = 0;
pub const LINE: u32 = 1;
pub const FROM: u32 = 2;
pub const DATE: u32 = 3;
pub const SUBJECT: u32 = 4;

/// A question for Python: the text that it has to read, and the row that waits for it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Question {
    pub kind: u32,
    pub why: u32,
    pub message: u32,
    pub row: u32,
    pub start: u64,
    pub size: u64,
}

/// The sentences of a boundary where nothing is known of the receiver.
pub struct Unknown {
    pub no_lines: Vec<u8>,
    pub no_writer: Vec<u8>,
    pub front: Vec<u8>,
    pub middle: Vec<u8>,
    pub back: Vec<u8>,
    pub trust: Vec<u8>,
}

/// All that was handed over once, when the kernel was loaded.
pub struct Tables {
    pub cutter: Cutter,
    pub dialects: Dialects,
    pub names: Names,
    pub unknown: Unknown,
    pub zones: Zones,
}

/// Texts that many rows share.
struct Words {
    present: Text,
    absent: Text,
    empty: Text,
    separator: Text,
    defects: [Text; DEFECTS.len()],
}

pub struct Batch {
    pub store: Store,
    pub messages: Table,
    pub hops: Table,
    pub questions: Vec<Question>,
    /// The first row and the number of the hops of each message.
    spans: Vec<(u32, u32)>,
    answered: Vec<bool>, // messages that were handed over
    prepared: Vec<Option<Prepared>>,
    words: Words,
    room: Room,
    scratch: Vec<u8>,
    pub laid: [Vec<Laid>; 2],
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
            answered: vec![false; count],
            prepared: Vec::new(),
            words,
            room: Room::default(),
            scratch: Vec::new(),
            laid: [Vec::new(), Vec::new()],
        }
    }

    /// Reads all messages; those with a `skip` are handed over unread.
    pub fn read(&mut self, mails: &[&[u8]], skip: &[u8], tables: &Tables, forms: &Forms) {
        self.prepared.clear();
        self.prepared.resize_with(forms.recipes.len(), || None);
        let (mut header, mut places) = (Header::default(), Places::default());
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
    }

    fn ask(&mut self, kind: u32, why: u32, message: usize, row: usize, text: Text) {
        self.questions.push(Question {
            kind,
            why,
            message: message as u32,
            row: row as u32,
            start: text.start() as u64,
            size: text.len() as u64,
        });
    }

    /// The unfolded value of a field, in the store; whether it is ASCII.
    fn unfold(&mut self, data: &[u8], field: Field) -> (Text, bool) {
        let start = self.store.bytes.len();
        let raw = &data[field.start as usize..field.stop as usize];
        let ascii = text::unfold(raw, &mut self.store.bytes);
        (Text::new(start, self.store.bytes.len()), ascii)
    }

    fn add_message(
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
        self.add_date(row, data, places.date, &tables.zones);
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
        }
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

    fn add_date(&mut self, row: usize, data: &[u8], field: Option<Field>, zones: &Zones) {
        self.span(DATE_START, row, field);
        let Some(field) = field else { return };
        let (value, ascii) = self.unfold(data, field);
        if value.len() == 0 {
            return;
        }
        match stamp::read(self.store.get(value), zones) {
            Some(stamp) if ascii && stamp.plain => {
                let defects = self.defects(&stamp);
                let table = &mut self.messages;
                table.text(DATE_RAW, row, value);
                add_stamp(table, DATE_COLUMNS, row, value, &stamp, defects);
            }
            _ => self.ask(DATE, 0, row, row, value),
        }
    }

    fn defects(&mut self, stamp: &Stamp) -> Span {
        let start = self.store.lists.len();
        for (bit, word) in self.words.defects.iter().enumerate() {
            if stamp.defects >> bit & 1 != 0 {
                self.store.lists.push(*word);
            }
        }
        (start as u32, (self.store.lists.len() - start) as u32)
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

    fn add_hops(
        &mut self,
        message: usize,
        data: &[u8],
        lines: &[Field],
        tables: &Tables,
        forms: &Forms,
    ) {
        let first = self.hops.grow(lines.len());
        self.spans[message] = (first as u32, lines.len() as u32);
        for (index, &field) in lines.iter().enumerate() {
            let row = first + index;
            let (value, ascii) = self.unfold(data, field);
            self.hops.number(MESSAGE_OF_HOP, row, message as i64);
            self.hops
                .number(MESSAGE_OF_HOP + 1, row, (lines.len() - index) as i64);
            self.hops.number(SPAN_START, row, i64::from(field.start));
            self.hops.number(SPAN_START + 1, row, i64::from(field.stop));
            self.hops.text(RAW, row, value);
            if let Err(why) = self.add_line(row, value, ascii, tables, forms) {
                self.ask(LINE, why as u32, message, row, value);
            }
        }
    }

    fn add_line(
        &mut self,
        row: usize,
        value: Text,
        ascii: bool,
        tables: &Tables,
        forms: &Forms,
    ) -> Result<(), Why> {
        if !ascii {
            return Err(Why::NotPlain);
        }
        let line = self.store.get(value);
        let found = tables.cutter.read_line(
            line,
            forms,
            &tables.dialects,
            &tables.zones,
            &mut self.room,
        )?;
        let number = found.recipe as usize;
        if self.prepared[number].is_none() {
            self.prepared[number] = Some(Prepared::new(&forms.recipes[number], &mut self.store));
        }
        let Some(prepared) = &self.prepared[number] else {
            return Err(Why::Refused);
        };
        prepared.fill(row, value, &self.room, &mut self.store, &mut self.hops);
        let time = value.part(found.time, value.len());
        let defects = self.defects(&found.stamp);
        self.hops.text(STAMP_RAW, row, time);
        add_stamp(
            &mut self.hops,
            STAMP_COLUMNS,
            row,
            time,
            &found.stamp,
            defects,
        );
        self.add_queue_id(row, &found.stamp);
        Ok(())
    }

    fn add_queue_id(&mut self, row: usize, stamp: &Stamp) {
        let id = self
            .hops
            .text_at(QUEUE_ID, row)
            .map(|text| self.store.get(text));
        let mta = self.hops.text_at(MTA, row).map(|text| self.store.get(text));
        let (Some(id), Some(mta)) = (id, mta) else {
            return;
        };
        let year = stamp
            .instant
            .map(|instant| stamp::year_of(instant.div_euclid(86_400)));
        let Some(decoded) = queue_id::decode(id, mta, year) else {
            return;
        };
        let scheme = self.store.add(decoded.scheme.as_bytes());
        let table = &mut self.hops;
        table.text(QUEUE_ID + 1, row, scheme);
        let parts = [
            decoded.instant,
            decoded.microseconds,
            decoded.inode,
            decoded.pid,
        ];
        for (place, part) in parts.into_iter().enumerate() {
            table.number(QUEUE_ID + 2 + place, row, part.unwrap_or(NO_NUMBER));
        }
        table.answer(QUEUE_ID + 6, row, i8::from(decoded.possible));
    }

    /// Takes answers in; None where they make no sense.
    pub fn answer(&mut self, wire: &mut Wire) -> Option<()> {
        for _ in 0..wire.u32()? {
            let (message, count) = (wire.u32()? as usize, wire.u32()?);
            let first = self.hops.grow(count as usize) as u32;
            *self.spans.get_mut(message)? = (first, count);
            for row in first..first + count {
                self.hops
                    .number(MESSAGE_OF_HOP, row as usize, message as i64);
            }
        }
        for _ in 0..wire.u32()? {
            let of_hops = wire.u32()? != 0;
            let rows = wire.u32s()?;
            for _ in 0..wire.u32()? {
                let column = wire.u32()? as usize;
                let table = if of_hops {
                    &mut self.hops
                } else {
                    &mut self.messages
                };
                fill(table, column, &rows, &mut self.store, wire)?;
            }
        }
        Some(())
    }

    /// Lays the columns out. `told`: nothing is known of the receiver, and this is what is
    /// told of the boundary then.
    pub fn finish(&mut self, told: Option<&Unknown>) {
        if let Some(unknown) = told {
            self.add_boundaries(unknown);
        }
        let messages: Vec<u32> = (0..self.messages.rows as u32).collect();
        let spans = self.spans.iter();
        let hops: Vec<u32> = spans
            .flat_map(|&(first, count)| first..first + count)
            .collect();
        let all = |table: &Table, rows: &[u32]| -> Vec<Laid> {
            table
                .columns
                .iter()
                .map(|column| laid(column, rows, &self.store))
                .collect()
        };
        self.laid = [all(&self.messages, &messages), all(&self.hops, &hops)];
    }

    fn add_boundaries(&mut self, unknown: &Unknown) {
        let trust = self.store.add(&unknown.trust);
        let no_lines = self.store.add(&unknown.no_lines);
        let no_writer = self.store.add(&unknown.no_writer);
        for message in 0..self.messages.rows {
            if self.answered[message] {
                continue;
            }
            let (first, count) = self.spans[message];
            for row in first..first + count {
                self.hops.text(TRUST, row as usize, trust);
            }
            let writer = (count > 0).then(|| self.writer(first as usize)).flatten();
            let reason = match writer {
                _ if count == 0 => no_lines,
                None => no_writer,
                Some(writer) => self.reason(unknown, writer),
            };
            self.messages.text(BOUNDARY_REASON, message, reason);
        }
    }

    fn writer(&self, row: usize) -> Option<Text> {
        let told = |column| self.hops.text_at(column, row).filter(|text| text.len() > 0);
        told(BY_HOST).or_else(|| told(BY_HOST + 1))
    }

    fn reason(&mut self, unknown: &Unknown, writer: Text) -> Text {
        let start = self.store.bytes.len();
        let name = writer.start()..writer.start() + writer.len();
        self.store.bytes.extend_from_slice(&unknown.front);
        self.store.bytes.extend_from_within(name.clone());
        self.store.bytes.extend_from_slice(&unknown.middle);
        self.store.bytes.extend_from_within(name);
        self.store.bytes.extend_from_slice(&unknown.back);
        Text::new(start, self.store.bytes.len())
    }
}

/// The columns of a time: instant, offset, zone's name, defects.
type StampColumns = [usize; 4];

fn add_stamp(
    table: &mut Table,
    columns: StampColumns,
    row: usize,
    text: Text,
    stamp: &Stamp,
    defects: Span,
) {
    let instant = stamp
        .instant
        .filter(|instant| (0..=LAST_INSTANT).contains(instant));
    table.number(columns[0], row, instant.unwrap_or(NO_NUMBER));
    table.number(columns[1], row, stamp.offset.unwrap_or(NO_NUMBER));
    if let Some((start, stop)) = stamp.zone_name {
        table.text(columns[2], row, text.part(start, stop));
    }
    table.list(columns[3], row, defects);
}

/// Where a Message-ID stands in its field's value: without angle brackets and the white
/// space inside of them.
fn bare_id(value: &[u8]) -> (usize, usize) {
    let (mut open, mut inner) = (None, (0, value.len()));
    for (place, byte) in value.iter().enumerate() {
        match (byte, open) {
            (b'<', _) => open = Some(place + 1),
            (b'>', Some(start)) => {
                inner = (start, place);
                break;
            }
            _ => {}
        }
    }
    let blank = |byte: &u8| *byte == b' ';
    let front = value[inner.0..inner.1]
        .iter()
        .take_while(|byte| blank(byte))
        .count();
    let start = inner.0 + front;
    let back = value[start..inner.1]
        .iter()
        .rev()
        .take_while(|byte| blank(byte))
        .count();
    (start, inner.1 - back)
}

const MESSAGE_ID: usize = place(MESSAGES, "message_id");
const FROM_NAME: usize = place(MESSAGES, "from_display_name");
const FROM_START: usize = place(MESSAGES, "from_start");
const SUBJECT_OF: usize = place(MESSAGES, "subject");
const DATE_RAW: usize = place(MESSAGES, "date_raw");
const DATE_START: usize = place(MESSAGES, "date_start");
const DATE_COLUMNS: StampColumns = [
    place(MESSAGES, "date"),
    place(MESSAGES, "date_offset_minutes"),
    place(MESSAGES, "date_zone_name"),
    place(MESSAGES, "date_defects"),
];
const MAILER: usize = place(MESSAGES, "mailer");
const HOPS_COUNT: usize = place(MESSAGES, "hops");
const BOUNDARY_REASON: usize = place(MESSAGES, "boundary_reason");
const FIELD_NAMES: usize = place(MESSAGES, "field_names");
const DEFECTS_OF_MESSAGE: usize = place(MESSAGES, "defects");
const MESSAGE_OF_HOP: usize = place(HOPS, "message");
const TRUST: usize = place(HOPS, "trust");
const SPAN_START: usize = place(HOPS, "span_start");
const RAW: usize = place(HOPS, "raw");
const BY_HOST: usize = place(HOPS, "by_host");
const MTA: usize = place(HOPS, "mta");
const QUEUE_ID: usize = place(HOPS, "queue_id");
const STAMP_RAW: usize = place(HOPS, "stamp_raw");
const STAMP_COLUMNS: StampColumns = [
    place(HOPS, "stamp"),
    place(HOPS, "stamp_offset_minutes"),
    place(HOPS, "stamp_zone_name"),
    place(HOPS, "stamp_defects"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bare() {
        let id = |value: &'static str| {
            let (start, stop) = bare_id(value.as_bytes());
            &value[start..stop]
        };
        assert_eq!(id("<a@b>"), "a@b");
        assert_eq!(id("x <a <b > c>"), "b");
        assert_eq!(id(" a@b "), "a@b");
        assert_eq!(id("<>"), "");
        assert_eq!(id("a > b"), "a > b");
    }

    #[test]
    fn answers_that_make_no_sense_are_refused() {
        let mut batch = Batch::new(1);
        assert_eq!(
            batch.answer(&mut Wire::new(&[1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0])),
            None
        );
        assert_eq!(batch.answer(&mut Wire::new(&[])), None);
    }
}
