//! The kernel as it is made when it is loaded, of what Python tells it.

use std::sync::{Mutex, MutexGuard};

use crate::batch::Tables;
use crate::boundary::Unknown;
use crate::dialect::Dialects;
use crate::forms::Forms;
use crate::header::Names;
use crate::kept::Rule;
use crate::line::Cutter;
use crate::notes::Book;
use crate::times::Times;
use crate::wire::Wire;

/// What is kept between batches.
pub struct Kernel {
    pub tables: Tables,
    forms: Mutex<Forms>,
}

impl Kernel {
    pub fn forms(&self) -> MutexGuard<'_, Forms> {
        self.forms
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// A kernel that was told its tables; None where they make no sense.
pub fn setup(wire: &mut Wire) -> Option<Kernel> {
    let text = |wire: &mut Wire| Some(wire.bytes()?.to_vec());
    let mut tables = Tables {
        cutter: Cutter::read(wire)?,
        dialects: Dialects::read(wire)?,
        names: Names {
            once: wire.many(|wire| Some(wire.bytes()?.to_vec()))?,
        },
        unknown: Unknown {
            no_lines: text(wire)?,
            no_writer: text(wire)?,
            front: text(wire)?,
            middle: text(wire)?,
            back: text(wire)?,
            trust: text(wire)?,
        },
        times: Times::read(wire)?,
        kept: Rule::read(wire)?,
    };
    tables.dialects.books = wire.many(Book::read)?;
    Some(Kernel {
        tables,
        forms: Mutex::default(),
    })
}
