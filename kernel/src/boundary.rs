//! What is told of the boundary where nothing is known of who received the messages.

use crate::batch::Batch;
use crate::columns::{BOUNDARY_REASON, BY_HOST, TRUST};
use crate::table::Text;

/// The sentences of a boundary where nothing is known of the receiver.
pub struct Unknown {
    pub no_lines: Vec<u8>,
    pub no_writer: Vec<u8>,
    pub front: Vec<u8>,
    pub middle: Vec<u8>,
    pub back: Vec<u8>,
    pub trust: Vec<u8>,
}

impl Batch {
    pub(crate) fn add_boundaries(&mut self, unknown: &Unknown) {
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

    pub(crate) fn writer(&self, row: usize) -> Option<Text> {
        let told = |column| self.hops.text_at(column, row).filter(|text| text.len() > 0);
        told(BY_HOST).or_else(|| told(BY_HOST + 1))
    }

    pub(crate) fn reason(&mut self, unknown: &Unknown, writer: Text) -> Text {
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
