//! The columns of a message's hops, by the forms of their lines.

use crate::batch::{Batch, Tables};
use crate::columns::*;
use crate::forms::Forms;
use crate::header::Field;
use crate::line::Why;
use crate::prepared::Place;
use crate::queue_id;
use crate::stamp::{self, Stamp};
use crate::table::{Text, NO_NUMBER};

impl Batch {
    pub(crate) fn add_hops(
        &mut self,
        message: usize,
        data: &[u8],
        lines: &[Field],
        tables: &Tables,
        forms: &mut Forms,
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
                let kind = self.kind_of(why, forms);
                self.ask(kind, why as u32, message, row, value);
            }
        }
    }

    pub(crate) fn add_line(
        &mut self,
        row: usize,
        value: Text,
        ascii: bool,
        tables: &Tables,
        forms: &mut Forms,
    ) -> Result<(), Why> {
        if !ascii {
            return Err(Why::NotPlain);
        }
        let line = self.store.get(value);
        let found = tables.cutter.read_line(
            line,
            forms,
            &tables.dialects,
            &tables.times,
            &mut self.room,
        )?;
        let text = if self.room.joined.is_empty() {
            value
        } else {
            self.store.add(&self.room.joined)
        };
        let place = self.place(found.recipe as usize, forms);
        let prepared = &forms.recipes[found.recipe as usize].1;
        prepared.fill(
            place,
            row,
            text,
            &self.room,
            &mut self.store,
            &mut self.hops,
        );
        let time = value.part(found.time.0, found.time.1);
        self.hops.text(STAMP_RAW, row, time);
        self.add_stamp(row, time, &found.stamp);
        self.add_queue_id(row, &found.stamp);
        Ok(())
    }

    /// Where the constant texts of a recipe stand in the store; puts them there, where they
    /// are not there yet.
    fn place(&mut self, number: usize, forms: &Forms) -> Place {
        if self.age != forms.age {
            self.placed.clear();
            self.age = forms.age;
        }
        if self.placed.len() <= number {
            self.placed.resize(forms.recipes.len(), None);
        }
        if let Some(place) = self.placed[number] {
            return place;
        }
        let place = forms.recipes[number].1.put(&mut self.store);
        self.placed[number] = Some(place);
        place
    }

    fn add_stamp(&mut self, row: usize, time: Text, stamp: &Stamp) {
        let defects = self.defects(stamp);
        stamp::fill(&mut self.hops, STAMP_COLUMNS, row, time, stamp, defects);
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
}
