//! What is handed over: questions for Python, and its answers.

use crate::answers::fill;
use crate::batch::Batch;
use crate::columns::MESSAGE_OF_HOP;
use crate::table::Text;
use crate::wire::Wire;

/// What is handed over.
pub const MESSAGE: u32 = 0;
pub const LINE: u32 = 1;
pub const FROM: u32 = 2;
pub const DATE: u32 = 3;
pub const SUBJECT: u32 = 4;
/// A line that was read after all, when it had taught its form.
pub const FORM: u32 = 5;
/// A line of an unknown form, which shall teach it.
pub const TEACH: u32 = 6;
/// One that waits for what another one teaches.
pub const WAIT: u32 = 7;

/// A question for Python: the text that it has to read, and the row that waits for it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Question {
    pub kind: u32,
    pub why: u32,
    pub message: u32,
    pub row: u32,
    pub start: u64,
    pub size: u32,
    pub clauses: u32, // that a line shall teach, as bits
}

impl Batch {
    pub(crate) fn ask(&mut self, kind: u32, why: u32, message: usize, row: usize, text: Text) {
        self.questions.push(Question {
            kind,
            why,
            message: message as u32,
            row: row as u32,
            start: text.start() as u64,
            size: text.len() as u32,
            clauses: self.room.spare.clauses,
        });
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
