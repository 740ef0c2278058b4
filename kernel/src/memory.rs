//! Memory that is lent over the boundary to Python (ffi.rs), and the search of the C
//! library. The only unsafe code beside that.

use std::cell::RefCell;
use std::ffi::{c_int, c_void};

extern "C" {
    fn memchr(text: *const c_void, byte: c_int, size: usize) -> *const c_void;
}

/// The first place of a byte, by the C library's search, which looks at many at once.
#[inline]
pub fn find(data: &[u8], byte: u8) -> Option<usize> {
    // SAFETY: `data` is as long as it says
    let found = unsafe { memchr(data.as_ptr().cast(), c_int::from(byte), data.len()) };
    (!found.is_null()).then(|| found as usize - data.as_ptr() as usize)
}

/// Bytes that belong to the kernel.
#[repr(C)]
pub struct View {
    pub data: *const u8,
    pub size: u64,
}

/// A column: its buffers belong to the batch.
#[repr(C)]
pub struct ColumnView {
    pub rows: u64,
    pub validity: View,
    pub offsets: View,
    pub texts: View,
    pub data: View,
}

/// A view of values.
pub fn view<T>(values: &[T]) -> View {
    View {
        data: values.as_ptr().cast(),
        size: std::mem::size_of_val(values) as u64,
    }
}

const KEPT: usize = 1 << 20; // bytes of an answer's memory that stay for the next one

thread_local! {
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Lends what some work writes: it stays there until the thread asks for something else.
pub fn answered(out: &mut View, work: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    ANSWER.with(|answer| {
        let mut answer = answer.try_borrow_mut().ok()?;
        answer.clear();
        answer.shrink_to(KEPT);
        work(&mut answer)?;
        *out = view(&answer);
        Some(())
    })
}

/// # Safety
/// `data` is null or points to `size` bytes that stay as they are while they are read.
pub unsafe fn bytes<'a>(data: *const u8, size: u64) -> Option<&'a [u8]> {
    if data.is_null() {
        return (size == 0).then_some(&[]);
    }
    // SAFETY: by the contract above
    Some(unsafe { std::slice::from_raw_parts(data, usize::try_from(size).ok()?) })
}

/// # Safety
/// `all` and `sizes` are null or point to `count` places and their sizes, each as in `bytes`.
pub unsafe fn several<'a>(
    all: *const *const u8,
    sizes: *const u64,
    count: u64,
) -> Option<Vec<&'a [u8]>> {
    let count = usize::try_from(count).ok()?;
    if count > 0 && (all.is_null() || sizes.is_null()) {
        return None;
    }
    (0..count)
        // SAFETY: by the contract above
        .map(|number| unsafe { bytes(*all.add(number), *sizes.add(number)) })
        .collect()
}
