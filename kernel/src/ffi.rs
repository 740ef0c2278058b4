//! The boundary to Python: with memory.rs the one place with unsafe code. Every function
//! checks its pointers, catches panics, and gives 0 for done or the number of an error.

use std::panic::{catch_unwind, AssertUnwindSafe};

use crate::batch::Batch;
use crate::content::Reader;
use crate::errors::caught;
use crate::forms::{Forms, MAX_FORMS};
use crate::machine::{Gave, Machine};
use crate::memory::{answered, bytes, several, view, ColumnView, View};
use crate::passages::{passages, Limits};
use crate::questions::Question;
use crate::setup::{setup, Kernel};
use crate::sources::{Limits as Nesting, Look};
use crate::table::Laid;
use crate::wire::Wire;

/// To be raised whenever a function, a layout or a meaning changes.
pub const ABI: u32 = 8;

#[no_mangle]
pub extern "C" fn fh_abi() -> u32 {
    ABI
}

/// The names and kinds of the columns, for Python to compare.
///
/// # Safety
/// `out` is null or points to a `View`, whose bytes are never freed.
#[no_mangle]
pub unsafe extern "C" fn fh_schema(out: *mut View) -> i32 {
    static TOLD: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    caught(|| {
        let told = TOLD.get_or_init(crate::schema::told);
        // SAFETY: by the contract above
        *unsafe { out.as_mut() }? = view(told.as_bytes());
        Some(())
    })
}

/// # Safety
/// As `bytes`. What is given has to be freed by `fh_free`.
#[no_mangle]
pub unsafe extern "C" fn fh_new(data: *const u8, size: u64) -> *mut Kernel {
    let made = catch_unwind(|| {
        // SAFETY: by the contract above
        setup(&mut Wire::new(unsafe { bytes(data, size) }?)).map(Box::new)
    });
    made.ok()
        .flatten()
        .map_or(std::ptr::null_mut(), Box::into_raw)
}

/// # Safety
/// `kernel` is null or what `fh_new` gave, and is used no more.
#[no_mangle]
pub unsafe extern "C" fn fh_free(kernel: *mut Kernel) {
    if !kernel.is_null() {
        // SAFETY: by the contract above
        drop(unsafe { Box::from_raw(kernel) });
    }
}

/// Teaches forms of lines.
///
/// # Safety
/// `kernel` is null or what `fh_new` gave; `data` as in `bytes`.
#[no_mangle]
pub unsafe extern "C" fn fh_teach(kernel: *const Kernel, data: *const u8, size: u64) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (kernel, taught) = unsafe { (kernel.as_ref()?, bytes(data, size)?) };
        let mut forms = kernel.forms();
        let done = forms.teach(&mut Wire::new(taught), MAX_FORMS);
        if done.is_none() {
            *forms = Forms::default();
        }
        done
    })
}

/// Reads `count` messages; null where that went wrong.
///
/// # Safety
/// `kernel` is null or what `fh_new` gave; `mails` and `sizes` point to `count` messages
/// and their sizes, `skip` to `count` bytes. What is given has to be freed by
/// `fh_free_batch`.
#[no_mangle]
pub unsafe extern "C" fn fh_read(
    kernel: *const Kernel,
    mails: *const *const u8,
    sizes: *const u64,
    skip: *const u8,
    count: u64,
) -> *mut Batch {
    let read = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: by the contract above
        let (kernel, all) = unsafe { (kernel.as_ref()?, several(mails, sizes, count)?) };
        // SAFETY: by the contract above
        let skip = unsafe { bytes(skip, count) }?;
        let mut batch = Box::new(Batch::new(all.len()));
        batch.read(&all, skip, &kernel.tables, &mut kernel.forms());
        Some(batch)
    }));
    read.ok()
        .flatten()
        .map_or(std::ptr::null_mut(), Box::into_raw)
}

/// Reads the lines again whose forms were not known.
///
/// # Safety
/// `kernel` is null or what `fh_new` gave, `batch` null or what `fh_read` gave.
#[no_mangle]
pub unsafe extern "C" fn fh_again(kernel: *const Kernel, batch: *mut Batch) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (kernel, batch) = unsafe { (kernel.as_ref()?, batch.as_mut()?) };
        batch.again(&kernel.tables, &mut kernel.forms());
        Some(())
    })
}

/// What is handed over, the texts it stands in, and how many hops there are.
///
/// # Safety
/// `batch` is null or what `fh_read` gave; `questions` and `texts` point to a `View`, which
/// holds until the batch is answered or freed, and `hops` to a number.
#[no_mangle]
pub unsafe extern "C" fn fh_questions(
    batch: *const Batch,
    questions: *mut View,
    texts: *mut View,
    hops: *mut u64,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let batch = unsafe { batch.as_ref()? };
        // SAFETY: by the contract above
        *unsafe { questions.as_mut()? } = view::<Question>(&batch.questions);
        // SAFETY: by the contract above
        *unsafe { texts.as_mut()? } = view(&batch.store.bytes);
        // SAFETY: by the contract above
        *unsafe { hops.as_mut()? } = batch.hops.rows as u64;
        Some(())
    })
}

/// Takes answers in; may be called several times.
///
/// # Safety
/// `batch` is null or what `fh_read` gave; `data` as in `bytes`.
#[no_mangle]
pub unsafe extern "C" fn fh_answer(batch: *mut Batch, data: *const u8, size: u64) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (batch, answers) = unsafe { (batch.as_mut()?, bytes(data, size)?) };
        batch.answer(&mut Wire::new(answers))
    })
}

/// Lays the columns out; `unknown`: nothing is known of who received the messages.
///
/// # Safety
/// `kernel` is null or what `fh_new` gave, `batch` null or what `fh_read` gave.
#[no_mangle]
pub unsafe extern "C" fn fh_finish(kernel: *const Kernel, batch: *mut Batch, unknown: u8) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (kernel, batch) = unsafe { (kernel.as_ref()?, batch.as_mut()?) };
        batch.finish((unknown != 0).then_some(&kernel.tables.unknown))
    })
}

/// Lays the kept fields of the messages out; `data` as in `bytes`: of those that were handed
/// over.
///
/// # Safety
/// `kernel` is null or what `fh_new` gave, `batch` null or what `fh_read` gave; `mails` and
/// `sizes` as there.
#[no_mangle]
pub unsafe extern "C" fn fh_keep(
    kernel: *const Kernel,
    batch: *mut Batch,
    mails: *const *const u8,
    sizes: *const u64,
    count: u64,
    data: *const u8,
    size: u64,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (kernel, batch) = unsafe { (kernel.as_ref()?, batch.as_mut()?) };
        // SAFETY: by the contract above
        let (all, told) = unsafe { (several(mails, sizes, count)?, bytes(data, size)?) };
        batch.keep(&all, &kernel.tables.kept, &mut Wire::new(told))
    })
}

/// The columns of a table: 0 messages, 1 hops, 2 kept fields.
///
/// # Safety
/// `batch` is null or what `fh_read` gave and `fh_finish` finished; `out` points to as many
/// `ColumnView`s as the table has columns, which hold until the batch is freed.
#[no_mangle]
pub unsafe extern "C" fn fh_columns(
    batch: *const Batch,
    table: u32,
    out: *mut ColumnView,
    count: u64,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let columns: &[Laid] = unsafe { batch.as_ref()? }.laid.get(table as usize)?;
        if out.is_null() || columns.len() as u64 != count {
            return None;
        }
        for (place, laid) in columns.iter().enumerate() {
            let column = ColumnView {
                rows: laid.rows as u64,
                validity: view(&laid.validity),
                offsets: view(&laid.offsets),
                texts: view(&laid.texts),
                data: view(&laid.data),
            };
            // SAFETY: by the contract above
            unsafe { out.add(place).write(column) };
        }
        Some(())
    })
}

/// The messages as objects of Python's (views.rs); `data` as in `bytes`: which columns.
///
/// # Safety
/// `batch` is null or what `fh_read` gave; `out` is null or points to a `View`, which holds
/// until the thread asks for something else.
#[no_mangle]
pub unsafe extern "C" fn fh_views(
    batch: *const Batch,
    data: *const u8,
    size: u64,
    out: *mut View,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (batch, wanted, out) = unsafe { (batch.as_ref()?, bytes(data, size)?, out.as_mut()?) };
        answered(out, |answer| batch.views(&mut Wire::new(wanted), answer))
    })
}

/// # Safety
/// `batch` is null or what `fh_read` gave, and is used no more.
#[no_mangle]
pub unsafe extern "C" fn fh_free_batch(batch: *mut Batch) {
    if !batch.is_null() {
        // SAFETY: by the contract above
        drop(unsafe { Box::from_raw(batch) });
    }
}

/// A reader of content; null where what it is told makes no sense.
///
/// # Safety
/// As `bytes`. It is never freed.
#[no_mangle]
pub unsafe extern "C" fn fh_content_reader(data: *const u8, size: u64) -> *const Reader {
    let made = catch_unwind(|| {
        // SAFETY: by the contract above
        Reader::read(&mut Wire::new(unsafe { bytes(data, size) }?)).map(Box::new)
    });
    made.ok()
        .flatten()
        .map_or(std::ptr::null(), |reader| Box::into_raw(reader))
}

/// The content of a message whose header ends at `end`, as content/mod.rs writes it; refused
/// where it is left to Python.
///
/// # Safety
/// `reader` is null or what `fh_content_reader` gave; `data` as in `bytes`; `out` is null or
/// points to a `View`, which holds until the thread asks for something else.
#[no_mangle]
pub unsafe extern "C" fn fh_content(
    reader: *const Reader,
    data: *const u8,
    size: u64,
    end: u64,
    listed: u8,
    out: *mut View,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (reader, data, out) = unsafe { (reader.as_ref()?, bytes(data, size)?, out.as_mut()?) };
        let end = usize::try_from(end).ok()?;
        answered(out, |answer| reader.content(data, end, listed != 0, answer))
    })
}

/// The passages of a text; refused where it is not sure of them.
///
/// # Safety
/// `text` as in `bytes`; `limits` is null or points to four numbers; `out` is null or points
/// to a `View`, which holds until the thread asks for something else.
#[no_mangle]
pub unsafe extern "C" fn fh_passages(
    text: *const u8,
    size: u64,
    limits: *const [u32; 4],
    out: *mut View,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (text, limits, out) = unsafe { (bytes(text, size)?, limits.as_ref()?, out.as_mut()?) };
        let text = std::str::from_utf8(text).ok()?;
        let [words, fewest, run, kept] = limits.map(|number| number as usize);
        let limits = Limits {
            words,
            fewest,
            run,
            kept,
        };
        answered(out, |answer| passages(text, &limits, answer))
    })
}

/// What looks at sources; null where what it is told makes no sense.
///
/// # Safety
/// As `bytes`. It is never freed.
#[no_mangle]
pub unsafe extern "C" fn fh_look(data: *const u8, size: u64) -> *const Look {
    let made = catch_unwind(|| {
        // SAFETY: by the contract above
        Look::read(unsafe { bytes(data, size) }?).map(Box::new)
    });
    made.ok()
        .flatten()
        .map_or(std::ptr::null(), |look| Box::into_raw(look))
}

/// Done for a file that is one message beyond doubt; `named` as one.
///
/// # Safety
/// `look` is null or what `fh_look` gave; `data` as in `bytes`.
#[no_mangle]
pub unsafe extern "C" fn fh_is_message(
    look: *const Look,
    data: *const u8,
    size: u64,
    named: u8,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (look, data) = unsafe { (look.as_ref()?, bytes(data, size)?) };
        look.is_message(data, named != 0)
    })
}

/// Done for a message that carries no other beyond doubt, within so many parts and depths.
///
/// # Safety
/// As `fh_is_message`.
#[no_mangle]
pub unsafe extern "C" fn fh_carries_none(
    look: *const Look,
    data: *const u8,
    size: u64,
    parts: u64,
    depth: u64,
) -> i32 {
    caught(|| {
        // SAFETY: by the contract above
        let (look, data) = unsafe { (look.as_ref()?, bytes(data, size)?) };
        let (parts, depth) = (usize::try_from(parts).ok()?, usize::try_from(depth).ok()?);
        look.carries_none(data, &Nesting { parts, depth })
    })
}

/// Runs one program on a text, as Python's `fullmatch` or `search`: for tests. Gives 0 for a
/// match, whose groups go to `slots`, and -1 for none.
///
/// # Safety
/// `program` and `text` as in `bytes`; `slots` points to `count` numbers.
#[no_mangle]
pub unsafe extern "C" fn fh_match(
    program: View,
    text: View,
    search: u8,
    slots: *mut u32,
    count: u64,
) -> i32 {
    let mut gave = Gave::Up;
    let done = caught(|| {
        // SAFETY: by the contract above
        let (program, text) = unsafe {
            (
                bytes(program.data, program.size)?,
                bytes(text.data, text.size)?,
            )
        };
        let program = Wire::new(program).program()??;
        let mut machine = Machine::default();
        gave = match search {
            0 => machine.full_match(&program, text),
            _ => machine.search(&program, text),
        };
        for (place, slot) in machine
            .slots
            .iter()
            .enumerate()
            .take(usize::try_from(count).ok()?)
        {
            // SAFETY: by the contract above
            unsafe { slots.add(place).write(*slot) };
        }
        (gave != Gave::Up).then_some(())
    });
    if gave == Gave::Nothing {
        -1
    } else {
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::REFUSED;

    #[test]
    fn null_is_no_crash() {
        // SAFETY: null is allowed everywhere
        unsafe {
            assert!(fh_new(std::ptr::null(), 0).is_null());
            assert_eq!(
                fh_answer(std::ptr::null_mut(), std::ptr::null(), 0),
                REFUSED
            );
            assert_eq!(fh_schema(std::ptr::null_mut()), REFUSED);
            fh_free(std::ptr::null_mut());
            fh_free_batch(std::ptr::null_mut());
        }
    }
}
