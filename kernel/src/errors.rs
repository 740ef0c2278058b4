//! What a function of the boundary gives: 0 for done, or the number of an error. A panic
//! is one.

use std::panic::{catch_unwind, AssertUnwindSafe};

pub const DONE: i32 = 0;
pub const PANICKED: i32 = 1;
pub const REFUSED: i32 = 2;

/// What came of some work.
pub fn caught(work: impl FnOnce() -> Option<()>) -> i32 {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Some(())) => DONE,
        Ok(None) => REFUSED,
        Err(_) => PANICKED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_value() {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        assert_eq!(caught(|| panic!("as in a mistake")), PANICKED);
        std::panic::set_hook(hook);
    }
}
